// The phone.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { gettext as _ } from "../words.js";

/** @type {import("./contract.js").Screen} */
export const settings = {
  needs: "waiting",
  tab: "settings",
  title: () => _("The phone"),
  load: async () => null,
  view: () => html``,
};
