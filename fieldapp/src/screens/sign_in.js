// @ts-check
// Signing in again: the token or the lease is over. She comes back to where she was.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { gettext } from "../words.js";
import { errorBox } from "./parts.js";
import { passwordFields, signInFlaw } from "./passwords.js";

/** @type {import("./contract.js").Screen} */
export const signIn = {
  needs: "waiting",
  steady: true,
  title: () => gettext("Sign in again"),
  load: async (app) => ({ busy: false, flaw: null, username: app.account?.username ?? "", from: app.before === "#/sign-in" ? "#/today" : app.before }),
  view: (app, model) => html`
    <p class="ff-lede">${gettext("It is some time since you signed in. What you wrote lies on the phone, and is sent when you have signed in.")}</p>
    ${model.flaw ? errorBox(model.flaw.what, model.flaw.todo) : nothing}
    <form class="ff-form" autocomplete="off" @submit=${(/** @type {SubmitEvent} */ event) => submit(app, model, event)} novalidate>
      ${passwordFields(model.username, model.username !== "")}
      <div class="ff-actions"><button class="ds-button" type="submit" aria-disabled=${model.busy}>${model.busy ? gettext("Signing in …") : gettext("Sign in")}</button></div>
    </form>`,
};

/** @param {import("./app.js").App} app @param {any} model @param {SubmitEvent} event */
async function submit(app, model, event) {
  event.preventDefault();
  if (model.busy) return;
  const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
  model.busy = true;
  model.flaw = null;
  app.redraw();
  try {
    await app.client.signIn(String(form.get("username")).trim(), String(form.get("password")));
    await app.sendNow();
    app.go(model.from);
  } catch (error) {
    model.flaw = signInFlaw(error);
  } finally {
    model.busy = false;
    app.redraw();
    if (model.flaw) app.focusOn("error");
  }
}
