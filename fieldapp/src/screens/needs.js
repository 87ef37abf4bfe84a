// @ts-check
// The needs, looked at together with the parents: one tap each.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { CLOSED, needStates } from "../shown/choices.js";
import { memberName } from "../shown/naming.js";
import { reviewFlaws, reviewOps } from "../shown/telling.js";
import { adultsOf, openNeeds } from "../shown/visiting.js";
import { newId } from "../wire/ids.js";
import { gettext } from "../words.js";
import { fieldsOf, formAround, ofFamily } from "./bound.js";
import { changed, formOf } from "./drafting.js";
import { oneOf, text } from "./inputs.js";
import { card, nothingHere } from "./parts.js";
import { theFamily } from "./the_family.js";

/** @typedef {import("./app.js").App} App */

/** @type {import("./contract.js").Screen} */
export const needs = {
  ...ofFamily,
  title: () => gettext("Look at the needs with them"),
  load: async (app, { family: id }) => {
    const family = await theFamily(app, id);
    const parents = adultsOf(family).map((one) => [one.id, memberName(one.body)]);
    const form = await formOf(app, `needs/${id}`, { looks: {}, closedBy: parents[0]?.[0] ?? "" });
    return { ...form, parents, open: openNeeds(family) };
  },
  view: (app, model, { family }) => {
    if (model.open.length === 0) return nothingHere(gettext("Nothing is open."));
    const closes = Object.values(model.draft.looks).some((look) => CLOSED.includes(look.state));
    const fields = fieldsOf(app, model);
    const inside = html`
      ${card(gettext("What the parents said"), html`${model.open.map((/** @type {any} */ one) => look(app, model, one))}`, { tone: "warm" })}
      ${closes && model.parents.length > 0 ? card(gettext("Only a parent closes a need."), fields.one("closedBy", gettext("Which parent closes it?"), model.parents)) : nothing}`;
    return formAround(app, model, inside, { submit: gettext("Save"), flaws: () => flawsOf(model), told: () => ({ type: "need.review", family, ops: reviewOps(model.draft), to: `#/family/${family}` }) });
  },
};

/** @param {any} model @returns {Record<string, string>} */
function flawsOf({ draft, open }) {
  const found = reviewFlaws(draft);
  const isEmpty = Object.keys(found).length === 0 && reviewOps(draft).length === 0;
  return isEmpty ? { [`look-${open[0].id}`]: gettext("Say how one of the needs stands.") } : found;
}

/** @param {App} app @param {any} model @param {import("../client/showing.js").Shown} need */
function look(app, model, { id, body }) {
  const told = model.draft.looks[id] ?? { id: newId(), state: "", words: "" };
  const put = (/** @type {object} */ values) => changed(app, model, (to) => void (to.looks[id] = { ...told, ...values }));
  return html`<article class="ff-need">
    <blockquote>${body.words || gettext("A need that only the family's nurses can read.")}</blockquote>
    ${oneOf({ id: `look-${id}`, legend: gettext("How does it stand, as the parents see it?"), choices: needStates(), value: told.state, takesBack: true, chosen: (state) => put({ state }), flaw: model.flaws[`look-${id}`] })}
    ${told.state ? text({ id: `words-${id}`, label: gettext("What was said"), hint: gettext("May be left open."), rows: 2, value: told.words, flaw: model.flaws[`words-${id}`], typed: (words) => put({ words }) }) : nothing}
  </article>`;
}
