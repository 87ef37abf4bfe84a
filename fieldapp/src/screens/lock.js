// @ts-check
// The lock: a passkey or the code opens it. A wrong code waits longer each time.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { gettext, ngettext } from "../words.js";
import { patience } from "./patience.js";
import { proving } from "./proving.js";

/** @typedef {import("./app.js").App} App */

/** @type {import("./contract.js").Screen} */
export const lock = {
  needs: "nothing",
  steady: true,
  title: () => gettext("The app is locked"),
  load: async (app) => ({ ways: await app.client.ways(), unsent: await app.client.unsent(), busy: null, flaw: null }),
  view: (app, model) => html`
    <p class="ff-lede">${gettext("Your families are sealed until you open it. You come back to where you were.")}</p>
    ${unsentWords(model.unsent.count)}
    ${proving(app, model, (secret) => opened(app, secret), gettext("Open the app"))}
    <p><a class="ff-link" href="#/lost-code">${gettext("I have lost the code")}</a></p>`,
};

/** @param {number} count */
function unsentWords(count) {
  if (count === 0) return nothing;
  return html`<p>${ngettext("%(num)s thing waits on the phone. It is sent when you open the app with coverage.", "%(num)s things wait on the phone. They are sent when you open the app with coverage.", count)}</p>`;
}

/** @param {App} app @param {import("../wire/bytes.js").Bytes} secret */
async function opened(app, secret) {
  await app.client.unlock(secret);
  patience.forget();
  await app.unlocked();
}
