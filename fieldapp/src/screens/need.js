// @ts-check
// A need, in the parents' own words.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { themes } from "../shown/choices.js";
import { familyName, memberName } from "../shown/naming.js";
import { adultsOf } from "../shown/visiting.js";
import { newId } from "../wire/ids.js";
import { NEED_CHARS } from "../wire/limits.js";
import { gettext, number } from "../words.js";
import { changed, formOf, keepDraft, refuse, saveForm } from "./drafting.js";
import { failure, oneOf, select, text } from "./inputs.js";
import { notice } from "./parts.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {{ id: string, words: string, wish: string, by: string, theme: string }} Draft */
/** @typedef {import("./drafting.js").Form & { draft: Draft, family: string, name: string, people: import("../shown/choices.js").Choices }} Model */

/** @type {import("./contract.js").Screen} */
export const need = {
  steady: true,
  title: (_app, _params, model) => gettext("A need: %(name)s", { name: model.name }),
  back: (_app, params) => `#/family/${params.family}`,
  keep: (app, model) => keepDraft(app, model),
  load: async (app, { family: id }) => {
    const family = await app.client.family(id);
    const adults = adultsOf(family);
    const form = await formOf(app, `need/${id}`, { id: newId(app.now().getTime()), words: "", wish: "", by: adults[0]?.id ?? "", theme: "" });
    return { ...form, family: id, name: familyName(family.ofKind("member"), id), people: adults.map((one) => [one.id, memberName(one.body)]) };
  },
  view: (app, /** @type {Model} */ model) => html`
    ${model.restored ? notice(html`<p>${gettext("This is what you had begun to write. It is not saved yet.")}</p>`) : nothing}
    ${failure(model)}
    <form class="ff-form" novalidate @submit=${(/** @type {SubmitEvent} */ event) => save(app, model, event)}>
      ${text({ id: "words", label: gettext("What do they say?"), hint: gettext("As they say it. Do not put it into other words."), value: model.draft.words, flaw: model.flaws.words, typed: (words) => changed(app, model, (to) => void (to.words = words)) })}
      ${text({ id: "wish", label: gettext("What they hope for"), rows: 2, value: model.draft.wish, flaw: model.flaws.wish, typed: (wish) => changed(app, model, (to) => void (to.wish = wish)) })}
      ${model.people.length > 1 ? oneOf({ id: "by", legend: gettext("Who said it?"), choices: model.people, value: model.draft.by, chosen: (by) => changed(app, model, (to) => void (to.by = by)) }) : nothing}
      ${select({ id: "theme", label: gettext("Theme"), choices: themes(), empty: gettext("None"), value: model.draft.theme, chosen: (theme) => changed(app, model, (to) => void (to.theme = theme)) })}
      <div class="ff-actions"><button class="ds-button ff-wide" type="submit" aria-disabled=${model.busy}>${model.busy ? gettext("Saving …") : gettext("Save")}</button></div>
    </form>`,
};

/** @param {App} app @param {Model} model @param {SubmitEvent} event */
async function save(app, model, event) {
  event.preventDefault();
  const { id, words, wish, by, theme } = model.draft;
  /** @type {Record<string, string>} */
  const flaws = {};
  if (words.trim() === "") flaws.words = gettext("Write what the parents said.");
  for (const [name, told] of Object.entries({ words, wish })) {
    if (told.length > NEED_CHARS) flaws[name] = gettext("It has %(length)s characters, and there is room for %(most)s. Divide it into two.", { length: number(told.length), most: number(NEED_CHARS) });
  }
  if (Object.keys(flaws).length > 0) return refuse(app, model, flaws);
  model.flaws = {};
  const more = { ...(wish.trim() ? { wish: wish.trim() } : {}), ...(theme ? { theme } : {}) };
  const op = { op: "need.state", need_id: id, stated_by: by, words: words.trim(), ...more };
  await saveForm(app, model, { type: "need.state", family: model.family, ops: [op], to: `#/family/${model.family}` });
}
