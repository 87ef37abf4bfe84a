// @ts-check
// Handing a family over is decided online. What can be done here: write to the next nurse, as a note that goes along.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { inOrder, memberName } from "../shown/naming.js";
import { handoverFlaws, handoverOps } from "../shown/telling.js";
import { newId } from "../wire/ids.js";
import { gettext } from "../words.js";
import { fieldsOf, formAround, ofFamily } from "./bound.js";
import { formOf } from "./drafting.js";
import { card, notice } from "./parts.js";
import { theFamily } from "./the_family.js";

/** @type {import("./contract.js").Screen} */
export const handover = {
  ...ofFamily,
  title: () => gettext("Hand the family over"),
  load: async (app, { family: id }) => {
    const people = inOrder((await theFamily(app, id)).ofKind("member"));
    const form = await formOf(app, `handover/${id}`, { id: newId(), text: "", about: people[0]?.id ?? "" });
    return { ...form, people: people.map((one) => [one.id, memberName(one.body)]) };
  },
  view: (app, model, { family }) => {
    const fields = fieldsOf(app, model);
    const inside = card(gettext("Words to the next nurse"), html`
      ${fields.text("text", gettext("What she should know, as the family has agreed to"), { rows: 7, hint: gettext("It is signed as a note, which the next nurse reads with the others.") })}
      ${fields.one("about", gettext("Whom is it about?"), model.people)}`);
    return html`
      ${notice(html`<p>${gettext("Which nurse takes the family is decided on the pages, with a network. Nothing is handed over from here.")}</p>
        <p><a class="ff-link" href="/families/${family}" target="_blank" rel="noopener">${gettext("Open the family's page")}</a></p>`)}
      ${formAround(app, model, inside, { submit: gettext("Sign the note"), flaws: () => handoverFlaws(model.draft), told: () => ({ type: "note.write", family, ops: handoverOps(model.draft), to: `#/family/${family}` }) })}
      <p class="ff-hint">${gettext("When another nurse has the family, what you wrote is sent first. Then the family is gone from this phone.")}</p>`;
  },
};
