// @ts-check
// A note outside a visit, or the correction of one. What stood before stays to be read.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { noteKinds } from "../shown/choices.js";
import { tooLong } from "../shown/lengths.js";
import { familyName, memberName } from "../shown/naming.js";
import { adultsOf, childrenOf } from "../shown/visiting.js";
import { newId } from "../wire/ids.js";
import { NOTE_CHARS } from "../wire/limits.js";
import { gettext } from "../words.js";
import { fieldsOf, formAround, ofFamily } from "./bound.js";
import { changed, formOf } from "./drafting.js";
import { select } from "./inputs.js";
import { theFamily } from "./the_family.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {{ id: string, text: string, about: string, kind: string }} Draft */
/** @typedef {import("./drafting.js").Form & { draft: Draft, name: string, before: { id: string, text: string } | null, people: import("../shown/choices.js").Choices }} Model */

/** @type {import("./contract.js").Screen} */
export const note = {
  ...ofFamily,
  title: (_app, _params, model) => (model.before ? gettext("Correct a note") : gettext("Note: %(name)s", { name: model.name })),
  load: async (app, { family: id, note: noteId }) => {
    const family = await theFamily(app, id);
    const old = noteId ? family.records.get(`note:${noteId}`) : undefined;
    const people = [...childrenOf(family), ...adultsOf(family)];
    const begins = { id: newId(app.now().getTime()), text: old?.body.text ?? "", about: people[0]?.id ?? "", kind: "ordinary" };
    const form = await formOf(app, `note/${id}/${noteId ?? "new"}`, begins);
    return {
      ...form,
      name: familyName(family.ofKind("member"), id),
      before: old ? { id: old.id, text: old.body.text ?? "" } : null,
      people: people.map((one) => [one.id, memberName(one.body)]),
    };
  },
  view: (app, /** @type {Model} */ model, { family }) => {
    const fields = fieldsOf(app, model);
    const inside = html`
      ${model.before ? html`<div class="ff-note"><h2 class="ds-heading" data-size="2xs">${gettext("The version before")}</h2><p class="ff-said-words ff-quiet">${model.before.text}</p></div>` : nothing}
      ${!model.before && model.people.length > 1 ? fields.one("about", gettext("Whom is the note about?"), model.people) : nothing}
      ${fields.text("text", gettext("Note"), { rows: 10, hint: hintOf(model) })}
      ${model.before ? nothing : kindOf(app, model)}`;
    return formAround(app, model, inside, { submit: gettext("Sign and save"), flaws: () => flawsOf(model), told: () => toldOf(model, family) });
  },
};

/** @param {App} app @param {Model} model */
function kindOf(app, model) {
  const { kind } = model.draft;
  return select({ id: "kind", label: gettext("Kind"), choices: noteKinds().slice(1), empty: gettext("Ordinary note"), value: kind === "ordinary" ? "" : kind, chosen: (chosen) => changed(app, model, (to) => void (to.kind = chosen || "ordinary")) });
}

/** @param {Model} model */
function hintOf({ before, draft }) {
  if (before) return gettext("Both versions can be read afterwards.");
  return draft.kind === "ordinary" ? gettext("The parents can read it.") : gettext("Only those who need it can read it; the parents cannot.");
}

/** @param {Model} model @returns {Record<string, string>} */
function flawsOf({ before, draft }) {
  const words = draft.text.trim();
  if (words === "") return { text: gettext("There is no text yet.") };
  if (before && words === before.text.trim()) return { text: gettext("Nothing was changed.") };
  return words.length > NOTE_CHARS ? { text: tooLong(words.length, NOTE_CHARS) } : {};
}

/** @param {Model} model @param {string} family */
function toldOf(model, family) {
  const words = model.draft.text.trim();
  const op = model.before ? correction(model, words) : written(model, words);
  return { type: String(op.op), family, ops: [op], to: `#/family/${family}` };
}

/** @param {Model} model @param {string} words @returns {Record<string, unknown>} */
function written({ draft }, words) {
  const restricted = draft.kind === "ordinary" ? {} : { kind: draft.kind, visible_to_parents: false };
  return { op: "note.write", note_id: draft.id, member_id: draft.about, text: words, ...restricted };
}

/** @param {Model} model @param {string} words @returns {Record<string, unknown>} */
function correction({ draft, before }, words) {
  return { op: "note.correct", note_id: draft.id, corrects: before?.id, text: words };
}
