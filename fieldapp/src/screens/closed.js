// @ts-check
// The lease has run out: families are closed until she signs in, and a note can still be written.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { gettext, ngettext } from "../words.js";
import { icon } from "./parts.js";

/** @type {import("./contract.js").Screen} */
export const closed = {
  needs: "waiting",
  title: () => gettext("Your families are closed"),
  load: (app) => app.client.unsent(),
  view: (_app, unsent) => html`
    <p class="ff-lede">${gettext("It is long since the phone was in contact, so it has put your families away. They come back when you sign in with coverage.")}</p>
    ${unsent.count > 0 ? html`<p>${ngettext("%(num)s thing that you wrote waits on the phone, sealed. It is not lost.", "%(num)s things that you wrote wait on the phone, sealed. They are not lost.", unsent.count)}</p>` : nothing}
    <div class="ff-actions ff-actions-stacked">
      <a class="ds-button" href="#/sign-in">${gettext("Sign in")}</a>
      <a class="ds-button" data-variant="secondary" href="#/note">${icon("add")}${gettext("Write a note")}</a>
    </div>
    <p class="ff-hint">${gettext("A note that you write now is sealed on the phone. When you have signed in, you say whose it is, and it is sent.")}</p>`,
};
