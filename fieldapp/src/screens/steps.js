// @ts-check
// The steps of the first day, and going from one to another.

import { gettext } from "../words.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {"sign-in" | "way" | "code" | "again" | "keep" | "fetch"} Step */
/**
 * Where she is in it. Until she is enrolled nothing of it is kept: a reload begins anew.
 * @typedef {object} Model
 * @property {Step} step
 * @property {boolean} busy
 * @property {{ what: string, todo: string } | null} flaw
 * @property {string} username
 * @property {string} name what she calls the phone
 * @property {string} code shown once
 * @property {import("./enrolling.js").Fresh | null} fresh
 * @property {((told: import("./enrolling.js").Told) => Promise<unknown>) | null} finish what makes the phone hers, once its way of unlocking is known
 */

/** What a step is called. @param {Step} step @returns {string} */
export function titleOf(step) {
  switch (step) {
    case "sign-in":
      return gettext("Welcome");
    case "way":
      return gettext("How you open the app");
    case "code":
      return gettext("Your code");
    case "again":
      return gettext("The code once more");
    case "keep":
      return gettext("Keep it on the phone");
    case "fetch":
      return gettext("Your families");
  }
}

/**
 * To another step; the heading is read aloud.
 * @param {App} app @param {Model} model @param {Step} step
 */
export function turn(app, model, step) {
  model.step = step;
  model.flaw = null;
  model.busy = false;
  app.redraw();
  document.title = `${titleOf(step)} – Nye familier`;
  app.focusOn("heading");
  if (step === "fetch") void app.sendNow();
}
