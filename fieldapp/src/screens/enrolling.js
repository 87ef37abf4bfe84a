// @ts-check
// Making the phone hers: sign in, a way of unlocking, and then the server is told.

import { newSecret, wayByCode, wayByPasskey } from "../vault/unlocking.js";
import { newId } from "../wire/ids.js";
import { gettext } from "../words.js";
import { codeFlaw } from "./code.js";
import { signInFlaw } from "./passwords.js";
import { turn } from "./steps.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./steps.js").Model} Model */
/** @typedef {{ deviceId: string, secret: import("../wire/bytes.js").Bytes, ways: any[] }} Fresh */
/** @typedef {Fresh & { name: string }} Told */

/** @param {App} app @param {Model} model @param {string} username @param {string} password */
export async function signedIn(app, model, username, password) {
  await attempt(app, model, async () => {
    await app.client.signIn(username.trim(), password);
    model.username = username.trim();
    turn(app, model, "way");
  });
}

/** A code is drawn and shown; nothing is kept before she has typed it. @param {App} app @param {Model} model */
export async function takeCode(app, model) {
  await attempt(app, model, async () => {
    const [deviceId, secret] = [newId(), newSecret()];
    const { way, code } = await wayByCode(deviceId, secret);
    model.fresh = { deviceId, secret, ways: [{ ...way, deviceId }] };
    model.code = code;
    turn(app, model, "code");
  });
}

/** The phone's own finger or face. @param {App} app @param {Model} model */
export async function takePasskey(app, model) {
  await attempt(app, model, async () => {
    const [deviceId, secret] = [newId(), newSecret()];
    const { way } = await wayByPasskey(deviceId, secret, { name: model.username });
    model.fresh = { deviceId, secret, ways: [{ ...way, deviceId }] };
    await finish(app, model);
  });
}

/** She typed the code. @param {App} app @param {Model} model @param {string} typed */
export async function enrolled(app, model, typed) {
  model.flaw = codeFlaw(model.code, typed);
  if (model.flaw !== null) {
    app.redraw();
    app.focusOn("error");
    return;
  }
  await attempt(app, model, () => finish(app, model));
}

/** @param {App} app @param {Model} model */
async function finish(app, model) {
  const told = { .../** @type {Fresh} */ (model.fresh), name: model.name.trim() || gettext("Work phone") };
  await (model.finish ? model.finish(told) : app.client.enrol(told));
  model.fresh = null;
  model.code = "";
  app.account = await app.client.account();
  app.watch.touched = app.watch.clock();
  turn(app, model, "keep");
}

/** @param {App} app @param {Model} model @param {() => Promise<void>} act */
async function attempt(app, model, act) {
  if (model.busy) return;
  model.busy = true;
  model.flaw = null;
  app.redraw();
  try {
    await act();
  } catch (error) {
    model.flaw = flawOf(app, error);
  }
  model.busy = false;
  app.redraw();
  if (model.flaw) app.focusOn("error");
}

/** @param {App} app @param {unknown} error */
function flawOf(app, error) {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (app.storage(error)) return { what: gettext("The phone is full."), todo: gettext("Free some space on the phone, then try again.") };
  if (name === "NoPasskey") {
    return { what: gettext("Finger or face did not work here."), todo: gettext("Try once more, or take the code.") };
  }
  return signInFlaw(error);
}
