// Find a family.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { gettext as _ } from "../words.js";

/** @type {import("./contract.js").Screen} */
export const search = {

  tab: "search",
  title: () => _("Find a family"),
  load: async () => null,
  view: () => html``,
};
