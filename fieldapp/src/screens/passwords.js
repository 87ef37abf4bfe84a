// @ts-check
// Username and password, and what to say when they were not taken.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { gettext, ngettext } from "../words.js";
import { field } from "./parts.js";

/**
 * The two fields, such that a password manager knows them.
 * @param {string} username
 * @param {boolean} known whether the username is known and stands fast
 */
export function passwordFields(username, known = false) {
  return html`
    ${field({ id: "username", label: gettext("Username"), input: html`<input class="ds-input" id="username" name="username" .value=${username} ?readonly=${known} autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false" required>` })}
    ${field({ id: "password", label: gettext("Password"), input: html`<input class="ds-input" id="password" name="password" type="password" autocomplete="current-password" required>` })}`;
}

/**
 * Why signing in did not go, and what to do.
 * @param {unknown} error
 * @returns {{ what: string, todo: string }}
 */
export function signInFlaw(error) {
  const { name, code, after } = /** @type {{ name?: string, code?: string, after?: number | null }} */ (error);
  if (code === "sign-in-failed") return { what: gettext("The username or the password is wrong."), todo: gettext("Check both, and that capitals are not locked.") };
  if (code === "sign-in-too-often") return { what: gettext("Too many tries."), todo: waitWords(after) };
  if (name === "OtherNurse") return { what: gettext("This phone has another nurse's work on it."), todo: gettext("She must send what she wrote and hand over the phone (under Phone) before you can use it.") };
  if (name === "Unreachable") return { what: gettext("No contact with the server."), todo: gettext("You need coverage to sign in. Try again where you have it.") };
  if (code === "not-allowed" || code === "devices-nurses-only") return { what: gettext("The app is for nurses who visit families."), todo: gettext("Leads and planners find their work on the pages.") };
  return { what: gettext("The server said no (%(code)s).", { code: code ?? name ?? "?" }), todo: gettext("Try again in a while. If it goes on, tell support the code.") };
}

/** @param {number | null | undefined} seconds */
function waitWords(seconds) {
  const minutes = Math.max(1, Math.ceil((seconds ?? 60) / 60));
  return ngettext("Wait %(num)s minute, then try again.", "Wait %(num)s minutes, then try again.", minutes);
}
