// @ts-check
// She shows that it is she: by a passkey, or by the code. What she opens with it is for the screen to say.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { unlockByCode, unlockByPasskey } from "../vault/unlocking.js";
import { gettext, ngettext } from "../words.js";
import { errorBox, field, icon } from "./parts.js";
import { patience } from "./patience.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../wire/bytes.js").Bytes} Bytes */
/** What a screen needs for it; `busy` is the way that is tried. @typedef {{ ways: any[], busy: string | null, flaw: { what: string, todo: string } | null }} Model */
/** What becomes of the phone's own half of the key: whoever takes it overwrites it. @typedef {(secret: Bytes) => Promise<void>} Then */

/** What was wrong with the last try, then a button and a field for the ways that there are. @param {App} app @param {Model} model @param {Then} then @param {string} submit the words on the code's button */
export function proving(app, model, then, submit) {
  return html`
    ${model.flaw ? errorBox(model.flaw.what, model.flaw.todo) : nothing}
    ${has(model, "passkey") ? passkeyButton(app, model, then) : nothing}
    ${has(model, "code") ? codeForm(app, model, then, submit) : nothing}`;
}

/** @param {Model} model @param {string} kind */
function has(model, kind) {
  return model.ways.some((way) => way.kind === kind);
}

/** @param {App} app @param {Model} model @param {Then} then */
function passkeyButton(app, model, then) {
  return html`<div class="ff-actions"><button class="ds-button ff-wide" type="button" aria-disabled=${model.busy !== null} @click=${() => prove(app, model, "passkey", passkeySecret, then)}>
    ${icon("lock")}${model.busy === "passkey" ? gettext("Waiting for your finger or face …") : gettext("Open with finger or face")}
  </button></div>`;
}

/** @param {App} app @param {Model} model @param {Then} then @param {string} submit */
function codeForm(app, model, then, submit) {
  const hint = gettext("Twelve characters; spaces and hyphens do not matter.");
  const input = html`<input class="ds-input ff-code" id="code" name="code" type="password" autocomplete="current-password" autocapitalize="none" autocorrect="off" spellcheck="false" aria-describedby="code-hint">`;
  return html`<form class="ff-form" autocomplete="off" @submit=${(/** @type {SubmitEvent} */ event) => byCode(app, model, event, then)} novalidate>
    <input class="ff-hidden" name="username" autocomplete="username" .value=${gettext("The field app's code")} tabindex="-1" aria-hidden="true" readonly>
    ${field({ id: "code", label: gettext("Your code"), hint, input })}
    <div class="ff-actions"><button class="ds-button" data-variant=${has(model, "passkey") ? "secondary" : "primary"} type="submit" aria-disabled=${model.busy !== null}>${model.busy === "code" ? gettext("Opening …") : submit}</button></div>
  </form>`;
}

/** @param {App} app @param {Model} model @param {SubmitEvent} event @param {Then} then */
function byCode(app, model, event, then) {
  event.preventDefault();
  const code = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("code"));
  const secretOf = async (/** @type {any[]} */ ways) => {
    const way = ways.find((one) => one.kind === "code");
    return unlockByCode(way, way.deviceId, code);
  };
  return prove(app, model, "code", secretOf, then);
}

/** @param {any[]} ways @returns {Promise<Bytes>} */
function passkeySecret(ways) {
  const own = ways.filter((one) => one.kind === "passkey");
  return unlockByPasskey(own, own[0].deviceId);
}

/** @param {App} app @param {Model} model @param {string} by @param {(ways: any[]) => Promise<Bytes>} secretOf @param {Then} then */
async function prove(app, model, by, secretOf, then) {
  if (model.busy !== null) return;
  if (patience.left() > 0) {
    model.flaw = waitFlaw();
    return told(app);
  }
  model.busy = by;
  model.flaw = null;
  app.redraw();
  try {
    await then(await secretOf(model.ways));
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
