// @ts-check
// A need, in the parents' own words.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { themes } from "../shown/choices.js";
import { familyName, memberName } from "../shown/naming.js";
import { needFlaws } from "../shown/telling.js";
import { adultsOf } from "../shown/visiting.js";
import { newId } from "../wire/ids.js";
import { gettext } from "../words.js";
import { fieldsOf, formAround, ofFamily } from "./bound.js";
import { formOf } from "./drafting.js";
import { theFamily } from "./the_family.js";

/** @typedef {{ id: string, words: string, wish: string, by: string, theme: string }} Draft */
/** @typedef {import("./drafting.js").Form & { draft: Draft, name: string, people: import("../shown/choices.js").Choices }} Model */

/** @type {import("./contract.js").Screen} */
export const need = {
  ...ofFamily,
  title: (_app, _params, model) => gettext("A need: %(name)s", { name: model.name }),
  load: async (app, { family: id }) => {
    const family = await theFamily(app, id);
    const adults = adultsOf(family);
    const form = await formOf(app, `need/${id}`, { id: newId(app.now().getTime()), words: "", wish: "", by: adults[0]?.id ?? "", theme: "" });
    return { ...form, name: familyName(family.ofKind("member"), id), people: adults.map((one) => [one.id, memberName(one.body)]) };
  },
  view: (app, /** @type {Model} */ model, { family }) => {
    const fields = fieldsOf(app, model);
    const inside = html`
      ${fields.text("words", gettext("What do they say?"), { hint: gettext("As they say it. Do not put it into other words.") })}
      ${fields.text("wish", gettext("What they hope for"), { rows: 2 })}
      ${model.people.length > 1 ? fields.one("by", gettext("Who said it?"), model.people, { takesBack: true }) : nothing}
      ${fields.select("theme", gettext("Theme"), themes(), gettext("None"))}`;
    return formAround(app, model, inside, { submit: gettext("Save"), flaws: () => needFlaws(model.draft), told: () => ({ type: "need.state", family, ops: [stated(model.draft)], to: `#/family/${family}` }) });
  },
};

/** @param {Draft} draft @returns {Record<string, unknown>} */
function stated({ id, words, wish, by, theme }) {
  const more = { ...(wish.trim() ? { wish: wish.trim() } : {}), ...(theme ? { theme } : {}) };
  return { op: "need.state", need_id: id, stated_by: by, words: words.trim(), ...more };
}
