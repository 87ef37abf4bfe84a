// @ts-check
// The lock: a passkey or the code opens it. A wrong code waits longer each time.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { unlockByCode, unlockByPasskey } from "../vault/unlocking.js";
import { gettext, ngettext } from "../words.js";
import { icon, errorBox, field } from "./parts.js";
import { patience } from "./patience.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {{ ways: any[], unsent: { count: number }, busy: string | null, flaw: { what: string, todo: string } | null }} Model */

/** @type {import("./contract.js").Screen} */
export const lock = {
  needs: "nothing",
  steady: true,
  title: () => gettext("The app is locked"),
  load: async (app) => ({ ways: await app.client.ways(), unsent: await app.client.unsent(), busy: null, flaw: null }),
  view: (app, model) => html`
    <p class="ff-lede">${gettext("Your families are sealed until you open it. You come back to where you were.")}</p>
    ${unsentWords(model.unsent.count)}
    ${model.flaw ? errorBox(model.flaw.what, model.flaw.todo) : nothing}
    ${has(model, "passkey") ? passkeyButton(app, model) : nothing}
    ${has(model, "code") ? codeForm(app, model) : nothing}
    <p><a class="ff-link" href="#/lost-code">${gettext("I have lost the code")}</a></p>`,
};

/** @param {Model} model @param {string} kind */
function has(model, kind) {
  return model.ways.some((way) => way.kind === kind);
}

/** @param {number} count */
function unsentWords(count) {
  if (count === 0) return nothing;
  return html`<p>${ngettext("%(num)s thing waits on the phone. It is sent when you open the app with coverage.", "%(num)s things wait on the phone. They are sent when you open the app with coverage.", count)}</p>`;
}

/** @param {App} app @param {Model} model */
function passkeyButton(app, model) {
  return html`<div class="ff-actions"><button class="ds-button ff-wide" type="button" aria-disabled=${model.busy !== null} @click=${() => open(app, model, "passkey", passkeySecret)}>
    ${icon("lock")}${model.busy === "passkey" ? gettext("Waiting for your finger or face …") : gettext("Open with finger or face")}
  </button></div>`;
}

/** @param {App} app @param {Model} model */
function codeForm(app, model) {
  const hint = gettext("Twelve characters; spaces and hyphens do not matter.");
  const input = html`<input class="ds-input ff-code" id="code" name="code" type="password" autocomplete="current-password" autocapitalize="none" autocorrect="off" spellcheck="false" aria-describedby="code-hint">`;
  return html`<form class="ff-form" @submit=${(/** @type {SubmitEvent} */ event) => byCode(app, model, event)} novalidate>
    <input class="ff-hidden" name="username" autocomplete="username" .value=${gettext("The field app's code")} tabindex="-1" aria-hidden="true" readonly>
    ${field({ id: "code", label: gettext("Your code"), hint, input })}
    <div class="ff-actions"><button class="ds-button" data-variant=${has(model, "passkey") ? "secondary" : "primary"} type="submit" aria-disabled=${model.busy !== null}>${model.busy === "code" ? gettext("Opening …") : gettext("Open the app")}</button></div>
  </form>`;
}

/** @param {App} app @param {Model} model @param {SubmitEvent} event */
function byCode(app, model, event) {
  event.preventDefault();
  const code = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("code"));
  return open(app, model, "code", async (ways) => {
    const way = ways.find((one) => one.kind === "code");
    return unlockByCode(way, way.deviceId, code);
  });
}

/** @param {any[]} ways @returns {Promise<import("../wire/bytes.js").Bytes>} */
function passkeySecret(ways) {
  const own = ways.filter((one) => one.kind === "passkey");
  return unlockByPasskey(own, own[0].deviceId);
}

/** @param {App} app @param {Model} model @param {string} by @param {(ways: any[]) => Promise<import("../wire/bytes.js").Bytes>} secretOf */
async function open(app, model, by, secretOf) {
  if (model.busy !== null) return;
  if (patience.left() > 0) {
    model.flaw = waitFlaw();
    return told(app);
  }
  model.busy = by;
  model.flaw = null;
  app.redraw();
  try {
    const secret = await secretOf(model.ways);
    await app.client.unlock(secret);
    patience.forget();
    await app.unlocked();
  } catch (error) {
    model.busy = null;
    model.flaw = flawOf(error, by);
    told(app);
  }
}

/** @param {unknown} error @param {string} by */
function flawOf(error, by) {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "WrongCode") {
    patience.failed();
    return by === "code" ? waitFlaw(gettext("That is not the code.")) : { what: gettext("That was not the finger or face that the app knows."), todo: gettext("Try again, or use the code.") };
  }
  if (name === "NoPasskey") return { what: gettext("Nothing was opened: it was broken off, or took too long."), todo: gettext("Try again, or use the code.") };
  return { what: gettext("It could not be opened (%(code)s).", { code: name || "?" }), todo: gettext("Close the app wholly and try again. What you wrote is kept.") };
}

/** @param {string} [what] */
function waitFlaw(what = gettext("Too many wrong codes.")) {
  const seconds = Math.ceil(patience.left() / 1000);
  const todo = seconds > 0 ? ngettext("Wait %(num)s second, then try again.", "Wait %(num)s seconds, then try again.", seconds) : gettext("Look at it once more: there is no letter o, i or l in it.");
  return { what, todo };
}

/** @param {App} app */
function told(app) {
  app.redraw();
  app.focusOn("error");
}
