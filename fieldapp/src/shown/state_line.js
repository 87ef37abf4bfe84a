// @ts-check
// What the line about sending says, and how it looks. Never red for having no coverage: that is a normal day.

import { gettext, ngettext } from "../words.js";
import { sentence } from "./days.js";

/**
 * What is known about sending at one moment.
 * @typedef {object} Standing
 * @property {boolean} running a round goes on
 * @property {string | null} step what the round is at
 * @property {number} here families that are whole on the phone, while they are fetched
 * @property {number} of families that are to come, 0 if that is not known
 * @property {number} unsent how much waits on the phone
 * @property {number} deciding what was sent and needs a decision of hers
 * @property {string | null} stopped why the last round ended early, as the report has it
 * @property {boolean} puzzled whether it ended by a refusal that this version of the app does not know
 * @property {boolean} upgrade the server speaks of what this version of the app does not know
 * @property {string | null} stuck why what waits could not be taken in
 * @property {boolean} online whether the browser believes that there is a network
 * @property {boolean} full the phone's storage is full
 * @property {boolean} closed the lease has run out
 * @property {string | null} lastAt the clock of the last time that all went well, in words
 */

/**
 * The line: `tone` is "sent", "waiting", "working" or "failed"; `more` says what becomes of it, or what to do; `to` leads there.
 * @typedef {{ tone: "sent" | "waiting" | "working" | "failed", text: string, more: string, to: string | null, action: string | null }} Line
 */

/** Reports' reasons after which only signing in again helps. */
const SIGNED_OUT = new Set(["not-signed-in"]);

/** Reports' reasons that mean that the server was not reached; nothing is wrong with the phone. */
const AWAY = new Set(["no-connection", "timeout", "answer-not-ours", "answer-damaged", "quiet"]);

/**
 * What the line says.
 * @param {Standing} now
 * @returns {Line}
 */
export function stateLine(now) {
  return failed(now) ?? (now.running ? working(now) : now.unsent > 0 ? waiting(now) : sent(now));
}

/** @param {Standing} now @returns {Line | null} */
function failed(now) {
  if (now.full) {
    return line("failed", gettext("The phone is full"), gettext("What you write now is not kept. Free some space on the phone, then try again."), "#/settings", gettext("See what is kept"));
  }
  if (now.closed) {
    return line("failed", waitingWords(now.unsent), gettext("Your families are closed until you sign in."), "#/sign-in", gettext("Sign in"));
  }
  if (now.stopped && SIGNED_OUT.has(now.stopped)) {
    return line("failed", waitingWords(now.unsent), gettext("Sign in again to send and fetch."), "#/sign-in", gettext("Sign in"));
  }
  if (now.deciding > 0) {
    const text = ngettext("%(num)s thing needs you to decide", "%(num)s things need you to decide", now.deciding);
    return line("failed", text, now.unsent > 0 ? waitingWords(now.unsent) : lastWords(now), "#/inbox", gettext("Open the inbox"));
  }
  if (now.upgrade) {
    return line("failed", waitingWords(now.unsent), gettext("A newer version of the app is needed to fetch. Close the app, and open it where you have coverage."), null, null);
  }
  if (now.stopped && now.puzzled) {
    const why = gettext("The server said no (%(code)s). What you wrote stays on the phone, and the app tries again. Tell support the code.", { code: now.stopped });
    return line("failed", waitingWords(now.unsent), why, null, null);
  }
  if (now.stuck && now.unsent > 0) {
    const why = gettext("The server could not take it (%(code)s). It stays on the phone. Tell support the code.", { code: now.stuck });
    return line("failed", waitingWords(now.unsent), why, "#/settings", gettext("See the log"));
  }
  return null;
}

/** @param {Standing} now @returns {Line} */
function working(now) {
  if (now.step === "pulling" && now.of > now.here) {
    const text = gettext("Fetching families: %(here)s of %(of)s", { here: now.here, of: now.of });
    return line("working", text, gettext("You can lock the phone: it goes on where it was."), null, null);
  }
  if (now.step === "pushing" && now.unsent > 0) {
    return line("working", gettext("Sending %(num)s …", { num: now.unsent }), "", null, null);
  }
  return line("working", gettext("Asking for news …"), now.unsent > 0 ? waitingWords(now.unsent) : lastWords(now), null, null);
}

/** @param {Standing} now @returns {Line} */
function waiting(now) {
  const away = !now.online || now.stopped === null || AWAY.has(now.stopped);
  const more = away ? gettext("Saved on the phone. Sent when you have coverage.") : gettext("Saved on the phone. The server is busy; the app tries again by itself.");
  return line("waiting", waitingWords(now.unsent), more, null, null);
}

/** @param {Standing} now @returns {Line} */
function sent(now) {
  if (!now.lastAt) return line("waiting", gettext("Nothing is fetched yet"), gettext("Your families come when you have coverage."), null, null);
  return line("sent", gettext("All is sent"), now.online ? lastWords(now) : gettext("No coverage now. Last in contact %(time)s.", { time: now.lastAt }), null, null);
}

/** @param {number} unsent @returns {string} */
function waitingWords(unsent) {
  return unsent === 0 ? gettext("All is sent") : ngettext("%(num)s waits to be sent", "%(num)s wait to be sent", unsent);
}

/** @param {Standing} now @returns {string} */
function lastWords(now) {
  return now.lastAt ? sentence(now.lastAt) : "";
}

/**
 * @param {Line["tone"]} tone @param {string} text @param {string} more @param {string | null} to @param {string | null} action
 * @returns {Line}
 */
function line(tone, text, more, to, action) {
  return { tone, text, more, to, action };
}
