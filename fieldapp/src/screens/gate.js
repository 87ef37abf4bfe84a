// @ts-check
// Which screen stands in for another, as far as the phone is not open.

import { closed } from "./closed.js";
import { elsewhere } from "./elsewhere.js";
import { lock } from "./lock.js";
import { lostCode } from "./lost_code.js";
import { start } from "./start.js";
import { stopped } from "./stopped.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./contract.js").Screen} Screen */

/**
 * The screen that is shown where *wanted* was asked for. The address stays: after unlocking she is back there.
 * @param {App} app
 * @param {Screen} wanted
 * @returns {Screen}
 */
export function gate(app, wanted) {
  if (app.elsewhere) return elsewhere;
  const needs = wanted.needs ?? "store";
  switch (app.client.state()) {
    case "new":
      return start;
    case "locked":
      return wanted === lostCode ? lostCode : lock;
    case "stopped":
    case "wiped":
      return stopped;
    case "lease-over":
      return needs === "store" ? closed : wanted;
    default:
      return wanted;
  }
}
