// @ts-check
// A note while the families are closed: she says in words whose it is, and puts it with the family when she has signed in.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { entries, matching } from "../shown/search.js";
import { newId } from "../wire/ids.js";
import { gettext, osloDay } from "../words.js";
import { changed, formOf, keepDraft } from "./drafting.js";
import { line, text } from "./inputs.js";
import { icon, notice } from "./parts.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {{ id: string, who: string, text: string }} Draft */
/** @typedef {import("./drafting.js").Form & { draft: Draft, all: import("../shown/search.js").Entry[] }} Model */

/** What the keys of these drafts begin with. */
const LOOSE = "loose-note/";

/** @type {import("./contract.js").Screen} */
export const looseNote = {
  needs: "waiting",
  steady: true,
  title: () => gettext("A note for later"),
  keep: (app, model) => keepDraft(app, model),
  load: async (app, params) => {
    const id = params.note ?? newId(app.now().getTime());
    const form = await formOf(app, LOOSE + id, { id, who: "", text: "" });
    const isOpen = app.client.state() === "open";
    const [members, addresses] = isOpen ? await Promise.all([app.client.ofKind("member"), app.client.ofKind("address")]) : [[], []];
    return { ...form, all: entries({ members, addresses }, osloDay(app.now())) };
  },
  view: (app, /** @type {Model} */ model) => html`
    ${notice(html`<p>${gettext("It is sealed on this phone as you type, and it is not sent. When you have signed in, you find it under Today and say whose it is.")}</p>`)}
    <form class="ff-form" autocomplete="off" novalidate @submit=${(/** @type {SubmitEvent} */ event) => done(app, model, event)}>
      ${line({ id: "who", label: gettext("Which family?"), hint: gettext("As you know them: names or address."), value: model.draft.who, typed: (words) => changed(app, model, (to) => void (to.who = words)) })}
      ${text({ id: "text", label: gettext("Note"), rows: 8, value: model.draft.text, typed: (words) => changed(app, model, (to) => void (to.text = words)) })}
      ${model.all.length > 0 ? families(app, model) : html`<div class="ff-actions"><button class="ds-button ff-wide" type="submit">${gettext("Keep it on the phone")}</button></div>`}
    </form>`,
};

/** @param {App} app @param {Model} model */
function families(app, model) {
  const fitting = matching(model.all, model.draft.who);
  return html`<h2 class="ds-heading" data-size="2xs">${gettext("Whose note is it?")}</h2>
    <ul class="ff-rows">${(fitting.length > 0 ? fitting : model.all).map((one) => html`<li class="ff-row ff-row-due ff-target">
      <div><button class="ff-cover ff-link" type="button" @click=${() => place(app, model, one.family)}>${one.name}</button>
      ${one.area ? html`<p class="ff-quiet">${one.area}</p>` : nothing}</div>${icon("on")}</li>`)}</ul>`;
}

/** @param {App} app @param {Model} model @param {SubmitEvent} event */
async function done(app, model, event) {
  event.preventDefault();
  await keepDraft(app, model);
  app.say(gettext("Kept on the phone. You find it under Today when you have signed in."));
  app.go("#/today");
}

/** It becomes the draft of an ordinary note of that family, to be read through and signed. @param {App} app @param {Model} model @param {string} family */
async function place(app, model, family) {
  const members = await app.client.ofKind("member", [family]);
  const about = members.find((one) => one.body.role === "barn" && !one.body.died_on) ?? members[0];
  await app.drafts.write(`note/${family}/new`, { id: model.draft.id, text: model.draft.text, about: about?.id ?? "", kind: "ordinary" });
  await app.drafts.forget(model.key);
  model.timer = undefined;
  app.go(`#/family/${family}/note`);
}

/** The notes that are not with a family yet. @param {App} app @returns {Promise<Draft[]>} */
export async function looseNotes(app) {
  const drafts = await app.drafts.all();
  return drafts.filter((one) => one.key.startsWith(LOOSE) && one.value?.text).map((one) => one.value);
}

/** They stand first, where there are any. @param {Draft[]} notes */
export function looseSection(notes) {
  if (notes.length === 0) return nothing;
  return html`<section class="ff-section"><h2 class="ds-heading" data-size="2xs">${gettext("Notes that wait for a family")}</h2>
    <ul class="ff-rows">${notes.map((one) => html`<li class="ff-row ff-row-due ff-target"><div><h3><a class="ff-cover" href="#/note/${one.id}">${one.who || gettext("No family named")}</a></h3><p class="ff-quiet">${gettext("Say whose it is, then sign it.")}</p></div>${icon("on")}</li>`)}</ul></section>`;
}
