// @ts-check
// A second way of opening the app: added while it is open, by showing the first; and one of two taken away.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { wayByCode, wayByPasskey } from "../vault/unlocking.js";
import { gettext } from "../words.js";
import { codeFlaw, shownCode, typedCode } from "./code.js";
import { errorBox } from "./parts.js";
import { patience } from "./patience.js";
import { proving } from "./proving.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../wire/bytes.js").Bytes} Bytes */
/**
 * What is under way; nothing of a new way is kept before it is known to work.
 * @typedef {import("./proving.js").Model & { kind: "code" | "passkey", step: "prove" | "code" | "again", way: any, code: string, isThere: boolean }} Model
 */

/** @type {import("./contract.js").Screen} */
export const addWay = {
  needs: "waiting",
  steady: true,
  back: () => "#/settings",
  title: (_app, _params, model) => (model?.kind === "code" ? gettext("Add a code") : gettext("Add finger or face")),
  load: async (app, { kind }) => {
    const ways = await app.client.ways();
    return { kind: kind === "code" ? "code" : "passkey", step: "prove", ways, isThere: ways.some((way) => way.kind === kind), busy: null, flaw: null, way: null, code: "" };
  },
  view: (app, /** @type {Model} */ model) => {
    if (model.isThere) return html`<p class="ff-lede">${gettext("The app opens that way already.")}</p>`;
    return html`${model.step !== "prove" && model.flaw ? errorBox(model.flaw.what, model.flaw.todo) : nothing}${steps[model.step](app, model)}`;
  },
};

/** @type {Record<Model["step"], (app: App, model: Model) => unknown>} */
const steps = {
  prove: (app, model) => html`
    <p class="ff-lede">${model.kind === "code" ? gettext("First open with finger or face, so that nobody who borrows the phone adds a code of their own.") : gettext("First type your code, so that nobody who borrows the phone adds a finger of their own.")}</p>
    ${proving(app, model, (secret) => proved(app, model, secret), gettext("Go on"))}`,
  code: (app, model) => shownCode(model.code, () => turn(app, model, "again")),
  again: (app, model) => typedCode({ busy: model.busy !== null, typed: (code) => typed(app, model, code), again: () => turn(app, model, "code") }),
};

/** @param {App} app @param {Model} model @param {Model["step"]} step */
function turn(app, model, step) {
  Object.assign(model, { step, busy: null, flaw: null });
  app.redraw();
  app.focusOn("heading");
}

/** She has shown the other way. @param {App} app @param {Model} model @param {Bytes} secret Overwritten. */
async function proved(app, model, secret) {
  patience.forget();
  const { deviceId } = model.ways[0];
  try {
    if (model.kind === "passkey") await addPasskey(app, model, deviceId, secret);
    else {
      const { way, code } = await wayByCode(deviceId, secret);
      Object.assign(model, { way: { ...way, deviceId }, code });
      turn(app, model, "code");
    }
  } finally {
    secret.fill(0);
  }
}

/** @param {App} app @param {Model} model @param {string} deviceId @param {Bytes} secret */
async function addPasskey(app, model, deviceId, secret) {
  try {
    const { way } = await wayByPasskey(deviceId, secret, { name: app.account?.username ?? "Nye familier" });
    await keep(app, [...model.ways, { ...way, deviceId }]);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "NoPasskey") throw error;
    Object.assign(model, { busy: null, flaw: { what: gettext("Finger or face did not work here."), todo: gettext("Try once more, or go on with the code alone.") } });
    app.redraw();
    app.focusOn("error");
  }
}

/** @param {App} app @param {Model} model @param {string} code */
async function typed(app, model, code) {
  model.flaw = codeFlaw(model.code, code);
  if (model.flaw === null) {
    model.busy = "code";
    await attempt(app, model, [...model.ways, model.way]);
  }
  app.redraw();
  if (model.flaw) app.focusOn("error");
}

/** @type {import("./contract.js").Screen} */
export const removeWay = {
  needs: "waiting",
  steady: true,
  back: () => "#/settings",
  title: (_app, { kind }) => removeWords(kind),
  load: async (app) => ({ ways: await app.client.ways(), busy: null, flaw: null }),
  view: (app, model, { kind }) => {
    const left = model.ways.filter((/** @type {any} */ way) => way.kind !== kind);
    if (left.length === 0 || left.length === model.ways.length) return html`<p class="ff-lede">${gettext("There is only one way of opening the app, and it stays.")}</p>`;
    return html`
      ${model.flaw ? errorBox(model.flaw.what, model.flaw.todo) : nothing}
      <p class="ff-lede">${kind === "code" ? gettext("The code opens nothing any more. You open the app with finger or face alone.") : gettext("Finger and face open nothing any more. You open the app with the code alone: have it at hand.")}</p>
      <div class="ff-actions">
        <button class="ds-button" data-color="danger" type="button" aria-disabled=${model.busy !== null} @click=${() => model.busy === null && attempt(app, Object.assign(model, { busy: kind }), left)}>${removeWords(kind)}</button>
        <a class="ds-button" data-variant="tertiary" href="#/settings">${gettext("No, keep it")}</a>
      </div>`;
  },
};

/** @param {string} kind */
export function removeWords(kind) {
  return kind === "code" ? gettext("Remove the code") : gettext("Remove finger or face");
}

/** @param {App} app @param {{ busy: string | null, flaw: { what: string, todo: string } | null }} model @param {any[]} ways */
async function attempt(app, model, ways) {
  try {
    await keep(app, ways);
  } catch (error) {
    const name = error instanceof Error ? error.name : "?";
    Object.assign(model, { busy: null, flaw: { what: gettext("It could not be kept (%(code)s).", { code: name }), todo: gettext("Nothing is changed. Try once more.") } });
    app.redraw();
    app.focusOn("error");
  }
}

/** @param {App} app @param {any[]} ways */
async function keep(app, ways) {
  await app.client.keepWays(ways);
  app.go("#/settings");
  app.say(gettext("The ways of opening the app are changed."));
}
