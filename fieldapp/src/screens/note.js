// @ts-check
// A note outside a visit, or the correction of one. What stood before stays to be read.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { noteKinds } from "../shown/choices.js";
import { familyName, memberName } from "../shown/naming.js";
import { adultsOf, childrenOf } from "../shown/visiting.js";
import { newId } from "../wire/ids.js";
import { NOTE_CHARS } from "../wire/limits.js";
import { gettext, number } from "../words.js";
import { changed, formOf, keepDraft, refuse, saveForm } from "./drafting.js";
import { failure, oneOf, select, text } from "./inputs.js";
import { notice } from "./parts.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {{ id: string, text: string, about: string, kind: string }} Draft */
/** @typedef {import("./drafting.js").Form & { draft: Draft, family: string, name: string, before: { id: string, text: string } | null, people: import("../shown/choices.js").Choices }} Model */

/** @type {import("./contract.js").Screen} */
export const note = {
  steady: true,
  title: (_app, _params, model) => (model.before ? gettext("Correct a note") : gettext("Note: %(name)s", { name: model.name })),
  back: (_app, params) => `#/family/${params.family}`,
  keep: (app, model) => keepDraft(app, model),
  load: async (app, { family: id, note: noteId }) => {
    const family = await app.client.family(id);
    const old = noteId ? family.records.get(`note:${noteId}`) : undefined;
    const people = [...childrenOf(family), ...adultsOf(family)];
    const begins = { id: newId(app.now().getTime()), text: old?.body.text ?? "", about: people[0]?.id ?? "", kind: "ordinary" };
    const form = await formOf(app, `note/${id}/${noteId ?? "new"}`, begins);
    return {
      ...form,
      family: id,
      name: familyName(family.ofKind("member"), id),
      before: old ? { id: old.id, text: old.body.text ?? "" } : null,
      people: people.map((one) => [one.id, memberName(one.body)]),
    };
  },
  view: (app, /** @type {Model} */ model) => html`
    ${model.restored ? notice(html`<p>${gettext("This is what you had begun to write. It is not saved yet.")}</p>`) : nothing}
    ${failure(model)}
    <form class="ff-form" novalidate @submit=${(/** @type {SubmitEvent} */ event) => save(app, model, event)}>
      ${model.before ? html`<div class="ff-note"><h2 class="ds-heading" data-size="2xs">${gettext("The version before")}</h2><p class="ff-said-words ff-quiet">${model.before.text}</p></div>` : nothing}
      ${!model.before && model.people.length > 1 ? oneOf({ id: "about", legend: gettext("Whom is the note about?"), choices: model.people, value: model.draft.about, chosen: (about) => changed(app, model, (to) => void (to.about = about)) }) : nothing}
      ${text({ id: "text", label: gettext("Note"), rows: 10, value: model.draft.text, flaw: model.flaws.text, hint: hintOf(model), typed: (words) => changed(app, model, (to) => void (to.text = words)) })}
      ${model.before ? nothing : select({ id: "kind", label: gettext("Kind"), choices: noteKinds().slice(1), empty: gettext("Ordinary note"), value: model.draft.kind === "ordinary" ? "" : model.draft.kind, chosen: (kind) => changed(app, model, (to) => void (to.kind = kind || "ordinary")) })}
      <div class="ff-actions"><button class="ds-button ff-wide" type="submit" aria-disabled=${model.busy}>${model.busy ? gettext("Saving …") : gettext("Sign and save")}</button></div>
    </form>`,
};

/** @param {Model} model */
function hintOf({ before, draft }) {
  if (before) return gettext("Both versions can be read afterwards.");
  return draft.kind === "ordinary" ? gettext("The parents can read it.") : gettext("Only those who need it can read it; the parents cannot.");
}

/** @param {App} app @param {Model} model @param {SubmitEvent} event */
async function save(app, model, event) {
  event.preventDefault();
  const words = model.draft.text.trim();
  const flaw = flawOf(words, model);
  if (flaw) return refuse(app, model, { text: flaw });
  model.flaws = {};
  const op = model.before ? correction(model, words) : written(model, words);
  await saveForm(app, model, { type: String(op.op), family: model.family, ops: [op], to: `#/family/${model.family}` });
}

/** @param {string} words @param {Model} model */
function flawOf(words, { before }) {
  if (words === "") return gettext("There is no text yet.");
  if (before && words === before.text.trim()) return gettext("Nothing was changed.");
  const told = { length: number(words.length), most: number(NOTE_CHARS) };
  return words.length > NOTE_CHARS ? gettext("It has %(length)s characters, and there is room for %(most)s. Divide it into two.", told) : "";
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
