// Welcome.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { gettext as _ } from "../words.js";

/** @type {import("./contract.js").Screen} */
export const start = {
  needs: "nothing",

  title: () => _("Welcome"),
  load: async () => null,
  view: () => html``,
};
