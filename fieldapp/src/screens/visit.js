// @ts-check
// A visit in one scroll: what the parents said first, then what was done, what it was about, the note, the next one.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { CLOSED, WITHOUT_QUALIFIED, interpreters, needStates, outcomes, places, presences, themes } from "../shown/choices.js";
import { familyName, languageName, memberName, visitName } from "../shown/naming.js";
import { adultsOf, begun, childrenOf, flawsOf, momentOf, nextInPlan, openNeeds, operationsOf } from "../shown/visiting.js";
import { newId } from "../wire/ids.js";
import { gettext, longDay, osloDay } from "../words.js";
import { tick } from "./bound.js";
import { ofFamily } from "./bound.js";
import { changed, formOf, refuse, saveForm } from "./drafting.js";
import { anyOf, failure, line, oneOf, select, text } from "./inputs.js";
import { card, notice } from "./parts.js";
import { theFamily } from "./the_family.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../client/showing.js").Shown} Shown */
/** @typedef {import("../shown/visiting.js").Draft} Draft */
/**
 * @typedef {object} More
 * @property {string} family
 * @property {string} name
 * @property {string} what
 * @property {string} agreed
 * @property {Shown[]} open
 * @property {Shown[]} adults
 * @property {Shown[]} about whom a note can be about
 * @property {boolean} interprets
 * @property {string} planned the plan's day for the next visit, or empty
 */
/** @typedef {import("./drafting.js").Form & { draft: Draft } & More} Model */

/** @type {import("./contract.js").Screen} */
export const visit = {
  ...ofFamily,
  title: (_app, _params, model) => gettext("Visit: %(name)s", { name: model.name }),
  load: async (app, { family: id, visit: visitId }) => {
    const family = await theFamily(app, id);
    const planned = family.records.get(`visit:${visitId}`) ?? null;
    const form = await formOf(app, `visit/${id}/${visitId}`, begun(family, planned, app.now()));
    const adults = adultsOf(family);
    return {
      ...form,
      family: id,
      name: familyName(family.ofKind("member"), id),
      what: visitName(planned?.body.kind ?? "avtalt"),
      agreed: planned?.body.agreed ?? "",
      open: openNeeds(family),
      adults,
      about: [...childrenOf(family), ...adults],
      planned: nextInPlan(family, visitId, osloDay(app.now())),
      interprets: form.draft.language !== "" || adults.some((one) => one.body.interpreter),
    };
  },
  view: (app, /** @type {Model} */ model) => html`
    ${model.restored ? notice(html`<p>${gettext("This is what you had begun to write. It is not saved as a visit yet.")}</p>`) : nothing}
    ${failure(model)}
    <form class="ff-form" autocomplete="off" novalidate @submit=${(/** @type {SubmitEvent} */ event) => save(app, model, event)}>
      ${theirs(app, model)}
      ${happened(app, model)}
      ${model.draft.outcome === "done" ? about(app, model) : nothing}
      ${following(app, model)}
      <div class="ff-actions ff-save"><button class="ds-button ff-wide" type="submit" aria-disabled=${model.busy}>${model.busy ? gettext("Saving …") : gettext("Save the visit")}</button></div>
    </form>`,
};

/** What the parents said: open needs to be looked at, and what is new. @param {App} app @param {Model} model */
function theirs(app, model) {
  const { draft, flaws } = model;
  return card(
    gettext("What the parents want to talk about"),
    html`${model.agreed ? html`<p class="ff-said-words">${model.agreed}</p>` : nothing}
      ${model.open.map((need) => look(app, model, need))}
      ${text({ id: "need", label: gettext("New, in their own words"), value: draft.need.words, rows: 2, flaw: flaws.need, typed: (words) => changed(app, model, (to) => void (to.need.words = words)) })}
      ${draft.need.words.trim() ? said(app, model) : nothing}`,
    { tone: "warm", id: "theirs" },
  );
}

/** @param {App} app @param {Model} model */
function said(app, model) {
  const { draft, adults, flaws } = model;
  return html`
    ${adults.length > 1 ? oneOf({ id: "need-by", legend: gettext("Who said it?"), choices: named(adults), value: draft.need.by, flaw: flaws["need-by"], takesBack: true, chosen: (by) => changed(app, model, (to) => void (to.need.by = by)) }) : nothing}
    ${text({ id: "wish", label: gettext("What they hope for"), value: draft.need.wish, rows: 2, typed: (wish) => changed(app, model, (to) => void (to.need.wish = wish)) })}`;
}

/** @param {App} app @param {Model} model @param {Shown} need */
function look(app, model, need) {
  const told = model.draft.needs[need.id] ?? { state: "", words: "", by: "" };
  const by = model.adults.find((one) => one.id === need.body.stated_by)?.id ?? model.adults[0]?.id ?? "";
  /** @param {Partial<{ state: string, words: string, by: string }>} change */
  const set = (change) =>
    changed(app, model, (to) => {
      to.needs[need.id] = { by, ...told, ...(told.by ? {} : { by }), ...change };
      to.ids[need.id] ??= newId(app.now().getTime());
    });
  return html`<div class="ff-need"><blockquote>${need.body.words || gettext("A need that only the family's nurses can read.")}</blockquote>
    ${oneOf({ id: `look-${need.id}`, legend: gettext("How does it stand, as the parents see it?"), hides: true, choices: needStates(), value: told.state, takesBack: true, chosen: (state) => set({ state }) })}
    ${CLOSED.includes(told.state) && model.adults.length > 1 ? oneOf({ id: `by-${need.id}`, legend: gettext("Which parent closes it?"), choices: named(model.adults), value: told.by, chosen: (chosen) => set({ by: chosen }) }) : nothing}
    ${told.state ? text({ id: `words-${need.id}`, label: gettext("What was said"), rows: 2, value: told.words, typed: (words) => set({ words }) }) : nothing}</div>`;
}

/** @param {App} app @param {Model} model */
function happened(app, model) {
  const { draft, flaws } = model;
  const isDone = draft.outcome === "done";
  return card(
    model.what,
    html`${oneOf({ id: "outcome", legend: gettext("What became of it"), hides: true, choices: outcomes(), value: draft.outcome, chosen: (outcome) => changed(app, model, (to) => void (to.outcome = outcome)) })}
      <div class="ff-pair">
        ${line({ id: "day", label: gettext("Day"), type: "date", value: draft.day, flaw: flaws.day, typed: (day) => changed(app, model, (to) => void (to.day = day)) })}
        ${line({ id: "time", label: gettext("From"), type: "time", value: draft.time, typed: (time) => changed(app, model, (to) => void (to.time = time)) })}
        ${isDone ? line({ id: "minutes", label: gettext("Minutes"), mode: "numeric", value: draft.minutes, flaw: flaws.minutes, typed: (minutes) => changed(app, model, (to) => void (to.minutes = minutes)) }) : nothing}
      </div>
      ${oneOf({ id: "place", legend: gettext("Where"), choices: places(), value: draft.place, chosen: (place) => changed(app, model, (to) => void (to.place = place)) })}
      ${isDone ? anyOf({ id: "present", legend: gettext("Who was there"), choices: presences(), values: draft.present, chosen: (present) => changed(app, model, (to) => void (to.present = present)) }) : nothing}
      ${isDone && model.interprets ? interpreted(app, model) : nothing}`,
    { id: "happened" },
  );
}

/** @param {App} app @param {Model} model */
function interpreted(app, model) {
  const { draft, flaws } = model;
  return html`
    ${select({ id: "interpreter", label: gettext("Who interpreted (%(language)s)", { language: languageName(draft.language) }), choices: interpreters(), empty: gettext("Nobody, it was not needed"), value: draft.interpreter, flaw: flaws.interpreter, chosen: (category) => changed(app, model, (to) => void (to.interpreter = category)) })}
    ${WITHOUT_QUALIFIED.includes(draft.interpreter) ? text({ id: "why", label: gettext("Why was no qualified interpreter there?"), rows: 2, value: draft.why, flaw: flaws.why, typed: (why) => changed(app, model, (to) => void (to.why = why)) }) : nothing}`;
}

/** @param {App} app @param {Model} model */
function about(app, model) {
  const { draft, flaws } = model;
  return card(
    gettext("What it was about"),
    html`${anyOf({ id: "themes", legend: gettext("Themes"), choices: themes(), values: draft.themes, chosen: (chosen) => changed(app, model, (to) => void (to.themes = chosen)) })}
      ${text({ id: "note", label: gettext("Note"), rows: 5, value: draft.note, flaw: flaws.note, hint: gettext("The parents can read it."), typed: (note) => changed(app, model, (to) => void (to.note = note)) })}
      ${draft.note.trim() && model.about.length > 1 ? oneOf({ id: "about", legend: gettext("Whom is the note about?"), choices: named(model.about), value: draft.about, chosen: (one) => changed(app, model, (to) => void (to.about = one)) }) : nothing}`,
    { id: "subject" },
  );
}

/** @param {App} app @param {Model} model */
function following(app, model) {
  const { draft, flaws } = model;
  return card(
    gettext("The next visit, as you agreed on it"),
    html`${model.planned ? tick("next-planned", gettext("As in the plan: %(day)s", { day: longDay(model.planned, osloDay(app.now())) }), draft.next.day === model.planned, (yes) => changed(app, model, (to) => void (to.next.day = yes ? model.planned : ""))) : nothing}
      <div class="ff-pair">
        ${line({ id: "next", label: gettext("Day"), type: "date", value: draft.next.day, flaw: flaws.next, typed: (day) => changed(app, model, (to) => void (to.next.day = day)) })}
        ${line({ id: "next-time", label: gettext("Time, if you agreed on one"), type: "time", value: draft.next.time, typed: (time) => changed(app, model, (to) => void (to.next.time = time)) })}
      </div>
      ${draft.next.day ? oneOf({ id: "next-place", legend: gettext("Where"), choices: places(), value: draft.next.place, chosen: (place) => changed(app, model, (to) => void (to.next.place = place)) }) : nothing}`,
    { id: "following" },
  );
}

/** @param {readonly Shown[]} members @returns {import("../shown/choices.js").Choices} */
function named(members) {
  return members.map((one) => [one.id, memberName(one.body)]);
}

/** @param {App} app @param {Model} model @param {SubmitEvent} event */
async function save(app, model, event) {
  event.preventDefault();
  const flaws = flawsOf(model.draft, app.now());
  if (Object.keys(flaws).length > 0) return refuse(app, model, flaws);
  model.flaws = {};
  await saveForm(app, model, { type: "visit.record", family: model.family, ops: operationsOf(model.draft), at: momentOf(model.draft), to: "#/today" });
}
