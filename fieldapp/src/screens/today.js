// Today.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { gettext as _ } from "../words.js";

/** @type {import("./contract.js").Screen} */
export const today = {

  tab: "today",
  title: () => _("Today"),
  load: async () => null,
  view: () => html``,
};
