// @ts-check
// A screen that could not be shown: what happened, and what to do. What lies on the phone is untouched.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { gettext } from "../words.js";
import { errorBox } from "./parts.js";

/** @type {import("./contract.js").Screen} */
export const broken = {
  needs: "waiting",
  title: () => gettext("This could not be shown"),
  load: async () => null,
  view: (app, error) => html`
    ${errorBox(whatHappened(error), gettext("Nothing that you wrote is gone. Try again, or send and fetch: then the phone asks for it anew."))}
    <div class="ff-actions">
      <button class="ds-button" type="button" @click=${() => app.reload()}>${gettext("Try again")}</button>
      <button class="ds-button" data-variant="secondary" type="button" @click=${() => app.sendNow().then(() => app.reload())}>${gettext("Send and fetch")}</button>
      <a class="ds-button" data-variant="tertiary" href="#/today">${gettext("To today")}</a>
    </div>`,
};

/** @param {unknown} error @returns {string} by the error's name; its message might hold what it was about */
function whatHappened(error) {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "CannotOpen") return gettext("A record on the phone is damaged and cannot be read.");
  if (name === "StoreFull" || name === "QuotaExceededError") return gettext("The phone is full.");
  if (name === "NotFound") return gettext("This is not on the phone. You may not follow the family any more.");
  return gettext("Something went wrong in the app (%(code)s).", { code: name || "?" });
}
