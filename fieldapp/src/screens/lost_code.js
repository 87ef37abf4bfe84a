// @ts-check
// She has lost the code, and the finger does not open it: she begins anew, and nothing that she wrote is lost.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { gettext, ngettext } from "../words.js";
import { errorBox, notice } from "./parts.js";
import { passwordFields, signInFlaw } from "./passwords.js";
import { anew } from "./start.js";

/** @typedef {import("./app.js").App} App */

/** @type {import("./contract.js").Screen} */
export const lostCode = {
  needs: "nothing",
  steady: true,
  title: (app, params, model) => (model.next ? anew.title(app, params, model.next) : gettext("I have lost the code")),
  load: async (app) => ({ unsent: (await app.client.unsent()).count, username: "", next: null, busy: false, flaw: null }),
  view: (app, model, params) => (model.next ? anew.view(app, model.next, params) : explained(app, model)),
};

/** @param {App} app @param {any} model */
function explained(app, model) {
  return html`
    <p class="ff-lede">${gettext("Nobody can open what is sealed without the code. You can begin anew on this phone:")}</p>
    <ul class="ff-list">
      <li>${gettext("The families on the phone are deleted, and fetched again.")}</li>
      <li>${gettext("You get a new way of opening the app.")}</li>
      <li>${gettext("Texts that you began and did not save are gone.")}</li>
    </ul>
    ${model.unsent > 0
      ? notice(html`<p>${ngettext("%(num)s thing that you saved is not sent. It is not lost: a sealed copy goes to the server, and you find it in the inbox, to say yes to.", "%(num)s things that you saved are not sent. They are not lost: sealed copies go to the server, and you find them in the inbox, to say yes to.", model.unsent)}</p>`)
      : notice(html`<p>${gettext("All that you saved is sent.")}</p>`, "success")}
    ${model.flaw ? errorBox(model.flaw.what, model.flaw.todo) : nothing}
    <form class="ff-form" autocomplete="off" @submit=${(/** @type {SubmitEvent} */ event) => signedIn(app, model, event)} novalidate>
      ${passwordFields(model.username)}
      <div class="ff-actions"><button class="ds-button" type="submit" aria-disabled=${model.busy}>${model.busy ? gettext("Signing in …") : gettext("Begin anew")}</button><a class="ds-button" data-variant="tertiary" href="#/today">${gettext("I have found it")}</a></div>
    </form>`;
}

/** The password is tried before a new code is drawn. @param {App} app @param {any} model @param {SubmitEvent} event */
async function signedIn(app, model, event) {
  event.preventDefault();
  if (model.busy) return;
  const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
  const [username, password] = [String(data.get("username")).trim(), String(data.get("password"))];
  Object.assign(model, { username, busy: true, flaw: null });
  app.redraw();
  try {
    await app.client.signIn(username, password);
    model.next = anew.begin((fresh) => app.client.beginAnew(username, password, fresh));
  } catch (error) {
    model.flaw = signInFlaw(error);
  }
  model.busy = false;
  app.redraw();
  app.focusOn(model.flaw ? "error" : "heading");
}
