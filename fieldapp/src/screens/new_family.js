// @ts-check
// A new family: the parents, the child they expect, where they can be visited.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { parentRoles } from "../shown/choices.js";
import { sentence } from "../shown/days.js";
import { languageName } from "../shown/naming.js";
import { bases, beginRegister, delbydeler, registerFlaws, registerOps } from "../shown/telling.js";
import { newId } from "../wire/ids.js";
import { gettext, osloDay } from "../words.js";
import { fieldsOf, formAround } from "./bound.js";
import { formOf, keepDraft } from "./drafting.js";
import { card } from "./parts.js";

/** Languages to choose from, as on the pages; Norwegian and English first. */
const LANGUAGES = "nb en am ar prs ckb zh es et fr hr hi kmr lv lt so my ne fa pl pt ps pa ro ru sq sr sw ta th ti cs tr uk hu ur vi".split(" ");

/** @type {import("./contract.js").Screen} */
export const newFamily = {
  steady: true,
  title: () => gettext("New family"),
  keep: (app, model) => keepDraft(app, model),
  load: (app) => formOf(app, "register", beginRegister(newId)),
  view: (app, model) => {
    const { draft } = model;
    const today = osloDay(app.now());
    const inside = html`${parents(app, model)}${expects(app, model)}${lives(app, model)}`;
    return html`
      <p class="ff-lede">${gettext("The couple and the child they expect. Only what is needed to offer the programme and find the door.")}</p>
      ${formAround(app, model, inside, { submit: gettext("Register the family"), flaws: () => registerFlaws(draft, today), told: () => ({ type: "family.register", family: draft.ids.family, ops: registerOps(draft, today), to: `#/family/${draft.ids.family}` }) })}`;
  },
};

/** @typedef {import("./app.js").App} App */

/** @param {App} app @param {any} model */
function parents(app, model) {
  const fields = fieldsOf(app, model);
  return html`
    ${card(gettext("First parent"), html`
      ${fields.line("oneName", gettext("Name"))}
      ${fields.one("oneRole", gettext("Who is it?"), parentRoles())}
      ${fields.line("onePhone", gettext("Telephone"), { type: "tel", mode: "tel" })}
      ${fields.select("oneLanguage", gettext("Language"), languages(), gettext("Not chosen"))}
      ${fields.tick("oneInterpreter", gettext("Needs an interpreter"))}`)}
    ${card(gettext("Second parent"), html`
      ${fields.line("twoName", gettext("Name"), { hint: gettext("Leave this empty if there is none, or if nobody knows yet.") })}
      ${model.draft.twoName ? html`${fields.one("twoRole", gettext("Who is it?"), parentRoles())}${fields.line("twoPhone", gettext("Telephone"), { type: "tel", mode: "tel" })}` : nothing}`)}`;
}

/** @param {App} app @param {any} model */
function expects(app, model) {
  const fields = fieldsOf(app, model);
  return card(gettext("The child they expect"), html`
    <div class="ff-pair">${fields.line("term", gettext("Due date"), { type: "date" })}${fields.line("expected", gettext("Number of children"), { mode: "numeric" })}</div>
    ${fields.select("basis", gettext("Why is the family offered the programme?"), bases(), gettext("Not chosen"), { hint: gettext("Leave it open if nobody has asked them yet.") })}`);
}

/** @param {App} app @param {any} model */
function lives(app, model) {
  const fields = fieldsOf(app, model);
  return card(gettext("Where they can be visited"), html`
    ${fields.line("lines", gettext("Street and number"))}
    ${fields.line("postalCode", gettext("Postal code"), { mode: "numeric" })}
    ${fields.select("delbydel", gettext("Delbydel"), delbydeler(), gettext("Choose"))}
    ${fields.text("directions", gettext("How to find the door"), { rows: 2 })}
    <p class="ff-hint">${gettext("A protected address is never kept on a phone. Register such a family on the pages.")}</p>`);
}

/** @returns {import("../shown/choices.js").Choices} */
function languages() {
  const named = LANGUAGES.map((code) => /** @type {const} */ ([code, sentence(languageName(code))]));
  return [...named.slice(0, 2), ...named.slice(2).sort((first, second) => first[1].localeCompare(second[1], "nb"))];
}
