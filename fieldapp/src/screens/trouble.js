// @ts-check
// The app cannot begin in this browser: what is missing, and what to do.

import { html, render } from "/static/vendor/lit-html/lit-html.js";
import { gettext } from "../words.js";
import { errorBox } from "./parts.js";

/** What the browser lacks that the app cannot do without; null if nothing. @returns {string | null} */
export function missing() {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) return "insecure";
  if (!globalThis.indexedDB) return "NoStore";
  if (!navigator.locks) return "old";
  return null;
}

/**
 * Say it, in place of the app.
 * @param {HTMLElement} root
 * @param {string} code what is missing, or the name of what went wrong
 */
export function showTrouble(root, code) {
  const { what, todo } = words(code);
  const page = html`<main class="ff-main" id="main">
    <h1 class="ds-heading" data-size="sm" id="heading" tabindex="-1">Nye familier</h1>
    ${errorBox(what, todo)}
    <div class="ff-actions"><button class="ds-button" type="button" @click=${() => location.reload()}>${gettext("Try again")}</button></div>
  </main>`;
  render(page, root);
}

/** @param {string} code */
function words(code) {
  switch (code) {
    case "insecure":
      return { what: gettext("The connection is not secure."), todo: gettext("Open the app by an address that begins with https.") };
    case "NoStore":
      return { what: gettext("The browser keeps nothing here."), todo: gettext("You may be in a private window, or storage is switched off. Open the app in an ordinary window.") };
    case "old":
      return { what: gettext("This browser is too old for the app."), todo: gettext("Update the phone or the browser, then try again.") };
    default:
      return { what: gettext("The app could not start (%(code)s).", { code }), todo: gettext("What you wrote is kept on the phone. Close the app wholly and try again; tell support the code if it goes on.") };
  }
}
