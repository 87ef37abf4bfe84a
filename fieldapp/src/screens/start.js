// @ts-check
// The first day: who she is, how she opens the app, how the phone keeps it, and her families on their way.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { hasPasskeys } from "../vault/unlocking.js";
import { DEVICE_NAME_CHARS } from "../wire/limits.js";
import { gettext } from "../words.js";
import { shownCode, typedCode } from "./code.js";
import { enrolled, signedIn, takeCode, takePasskey } from "./enrolling.js";
import { fetching, keeping } from "./keeping.js";
import { readMemory } from "./memory.js";
import { errorBox, field, notice } from "./parts.js";
import { passwordFields } from "./passwords.js";
import { titleOf, turn } from "./steps.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./steps.js").Step} Step */
/** @typedef {import("./steps.js").Model} Model */

const ORDER = ["sign-in", "way", "code", "keep", "fetch"];

/** @type {import("./contract.js").Screen} */
export const start = {
  needs: "nothing",
  steady: true,
  title: (_app, _params, model) => titleOf(model?.step ?? "sign-in"),
  load: async (app) => {
    const isNew = app.client.state() === "new";
    if (!isNew && readMemory().oriented) app.go("#/today");
    return { step: isNew ? "sign-in" : "keep", busy: false, flaw: null, username: "", name: phoneName(), code: "", fresh: null, finish: null };
  },
  view: (app, model) => html`
    <p class="ff-step">${gettext("Step %(here)s of %(of)s", { here: ORDER.indexOf(model.step === "again" ? "code" : model.step) + 1, of: ORDER.length })}</p>
    ${model.flaw ? errorBox(model.flaw.what, model.flaw.todo) : nothing}
    ${views[/** @type {Step} */ (model.step)](app, model)}`,
};

/** @type {Record<Step, (app: App, model: Model) => import("./contract.js").TemplateResult>} */
const views = {
  "sign-in": (app, model) => html`
    <p class="ff-lede">${gettext("Your families in your pocket, also where there is no coverage. What you write is sealed on the phone and sent when it can be.")}</p>
    ${notice(html`<p>${gettext("For nurses in Nye familier, on a phone that your employer looks after. Not on your own phone, unless your lead has said so.")}</p>`)}
    ${form(app, model, gettext("Sign in"), (data) => signedIn(app, model, String(data.get("username")), String(data.get("password"))), passwordFields(model.username))}`,
  way: (app, model) => html`
    <p class="ff-lede">${gettext("Choose how you open the app on this phone. It locks by itself after five minutes.")}</p>
    ${form(app, model, "", async () => {}, field({ id: "phone-name", label: gettext("What do you call this phone?"), hint: gettext("Your lead sees it if the phone is lost."), input: html`<input class="ds-input" id="phone-name" name="phone-name" maxlength=${DEVICE_NAME_CHARS} .value=${model.name} aria-describedby="phone-name-hint" autocomplete="off" @input=${(/** @type {InputEvent} */ event) => { model.name = /** @type {HTMLInputElement} */ (event.target).value; }}>` }))}
    <div class="ff-actions ff-actions-stacked">
      ${hasPasskeys() ? html`<button class="ds-button" type="button" aria-disabled=${model.busy} @click=${() => takePasskey(app, model)}>${model.busy ? gettext("Waiting for the phone …") : gettext("Finger or face")}</button>` : nothing}
      <button class="ds-button" data-variant=${hasPasskeys() ? "secondary" : "primary"} type="button" aria-disabled=${model.busy} @click=${() => takeCode(app, model)}>${gettext("A code of twelve characters")}</button>
    </div>
    <p class="ff-hint">${gettext("Finger or face is quickest and safest. The code is for phones that cannot do it. We draw it for you, because codes that people choose can be guessed.")}</p>`,
  code: (app, model) => shownCode(model.code, () => turn(app, model, "again")),
  again: (app, model) => typedCode({ busy: model.busy, typed: (code) => enrolled(app, model, code), again: () => turn(app, model, "code") }),
  keep: (app, model) => keeping(app, () => turn(app, model, "fetch")),
  fetch: (app) => fetching(app),
};

/** The same steps for one who has lost the code: from the way of unlocking on. */
export const anew = {
  title: start.title,
  view: start.view,
  /** @param {(fresh: import("./enrolling.js").Told) => Promise<unknown>} finish @returns {Model} */
  begin: (finish) => ({ step: "way", busy: false, flaw: null, username: "", name: phoneName(), code: "", fresh: null, finish }),
};

/**
 * @param {App} app @param {Model} model @param {string} submit the button's words; none without a button
 * @param {(data: FormData) => Promise<unknown>} act @param {unknown} inside
 */
function form(app, model, submit, act, inside) {
  /** @param {SubmitEvent} event */
  const onSubmit = (event) => {
    event.preventDefault();
    if (!model.busy) void act(new FormData(/** @type {HTMLFormElement} */ (event.target)));
  };
  return html`<form class="ff-form" autocomplete="off" @submit=${onSubmit} novalidate>${inside}
    ${submit ? html`<div class="ff-actions"><button class="ds-button" type="submit" aria-disabled=${model.busy}>${model.busy ? gettext("Wait …") : submit}</button></div>` : nothing}
  </form>`;
}

/** What such a phone is usually called. */
function phoneName() {
  if (/iPad/.test(navigator.userAgent)) return "iPad";
  if (/iPhone/.test(navigator.userAgent)) return "iPhone";
  return gettext("Work phone");
}
