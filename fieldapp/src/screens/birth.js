// @ts-check
// A birth, of one or several; and a loss, told gently.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { MOST_CHILDREN, beginBirth, beginLoss, birthFlaws, birthOps, expected, lossFlaws, lossOps, losses, newChild } from "../shown/telling.js";
import { newId } from "../wire/ids.js";
import { gettext, longDay, number, osloDay } from "../words.js";
import { fieldsOf, formAround, ofFamily, tick } from "./bound.js";
import { changed, formOf } from "./drafting.js";
import { line } from "./inputs.js";
import { card, nothingHere } from "./parts.js";
import { theFamily } from "./the_family.js";

/** @typedef {import("./app.js").App} App */

/** @type {import("./contract.js").Screen} */
export const birth = {
  ...ofFamily,
  title: () => gettext("Record the birth"),
  load: async (app, { family: id }) => {
    const pregnancy = expected(await theFamily(app, id));
    if (!pregnancy) return {};
    return { ...(await formOf(app, `birth/${id}`, beginBirth(osloDay(app.now()), pregnancy.expected, newId))), pregnancy };
  },
  view: (app, model, { family }) => {
    if (!model.pregnancy) return nothingHere(gettext("No child is expected in this family."));
    const { draft, pregnancy } = model;
    const today = osloDay(app.now());
    const fields = fieldsOf(app, model);
    const inside = html`
      ${card(gettext("When"), html`<div class="ff-pair">${fields.line("bornOn", gettext("Date of birth"), { type: "date" })}${fields.line("homeOn", gettext("Came home"), { type: "date", hint: gettext("May be left open.") })}</div>`)}
      ${draft.children.map((/** @type {unknown} */ _one, /** @type {number} */ place) => child(app, model, place))}
      <div class="ff-actions">
        ${draft.children.length < MOST_CHILDREN ? html`<button class="ds-button ff-half" data-variant="secondary" type="button" @click=${() => changed(app, model, (to) => void to.children.push(newChild()))}>${gettext("One more child")}</button>` : nothing}
        ${draft.children.length > 1 ? html`<button class="ds-button ff-half" data-variant="tertiary" type="button" @click=${() => changed(app, model, (to) => void to.children.pop())}>${gettext("One child fewer")}</button>` : nothing}
      </div>`;
    return html`
      ${pregnancy.term ? html`<p class="ff-lede">${gettext("Due %(day)s. The newborn visit is planned from the birth, or from coming home if that is late.", { day: longDay(pregnancy.term, today) })}</p>` : nothing}
      ${formAround(app, model, inside, { submit: gettext("Save"), flaws: () => birthFlaws(draft, today), told: () => ({ type: "birth.record", family, ops: birthOps(draft, pregnancy.id), to: `#/family/${family}` }) })}`;
  },
};

/** @type {import("./contract.js").Screen} */
export const loss = {
  ...ofFamily,
  title: () => gettext("The family has lost the child"),
  load: async (app, { family: id }) => {
    const pregnancy = expected(await theFamily(app, id));
    return pregnancy ? { ...(await formOf(app, `loss/${id}`, beginLoss())), pregnancy } : {};
  },
  view: (app, model, { family }) => {
    if (!model.pregnancy) return nothingHere(gettext("No child is expected in this family."));
    const fields = fieldsOf(app, model);
    const inside = card(gettext("What happened?"), html`
      ${fields.one("outcome", gettext("It was"), losses(), { takesBack: true })}
      <p class="ff-hint">${gettext("If one of several children lives, record the birth instead.")}</p>
      ${fields.line("on", gettext("Date"), { type: "date" })}`);
    return html`
      <p class="ff-lede">${gettext("When this is sent, planned visits and the offer are closed, and nothing cheerful is sent to the family. You are still their nurse, and come if they wish it.")}</p>
      ${formAround(app, model, inside, { submit: gettext("Save"), flaws: () => lossFlaws(model.draft, osloDay(app.now())), told: () => ({ type: "loss.record", family, ops: lossOps(model.draft, model.pregnancy.id), to: `#/family/${family}` }) })}`;
  },
};

/** @param {App} app @param {any} model @param {number} place */
function child(app, model, place) {
  const { name, nationalId, stillborn } = model.draft.children[place];
  const put = (/** @type {string} */ field) => (/** @type {unknown} */ value) => changed(app, model, (to) => void (to.children[place][field] = value));
  const id = (/** @type {string} */ field) => `child${place}-${field}`;
  return card(model.draft.children.length > 1 ? gettext("Child %(number)s", { number: number(place + 1) }) : gettext("The child"), html`
    ${line({ id: id("name"), label: gettext("Name"), hint: gettext("May be left open."), value: name, flaw: model.flaws[id("name")], typed: put("name") })}
    ${line({ id: id("number"), label: gettext("National identity number"), hint: gettext("It usually comes within a day of the birth."), mode: "numeric", value: nationalId, flaw: model.flaws[id("number")], typed: put("nationalId") })}
    ${tick(id("stillborn"), gettext("The child was stillborn"), stillborn, put("stillborn"))}
    ${stillborn ? html`<p class="ff-hint">${gettext("Nothing is planned for this child. The name is kept if the parents have given one.")}</p>` : nothing}`);
}
