// @ts-check
// Another tab has the app. Two would write over each other.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { gettext } from "../words.js";

/** @type {import("./contract.js").Screen} */
export const elsewhere = {
  needs: "nothing",
  title: () => gettext("The app is open in another tab"),
  load: async () => null,
  view: (app) => html`
    <p class="ff-lede">${gettext("Only one tab at a time can have your families. What you have written there is kept.")}</p>
    <div class="ff-actions"><button class="ds-button" type="button" @click=${() => app.useHere()}>${gettext("Use it here instead")}</button></div>
    <p class="ff-hint">${gettext("The other tab is locked then.")}</p>`,
};
