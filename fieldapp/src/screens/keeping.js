// @ts-check
// The last two steps of the first day: asking the phone to keep what is on it, and the first download.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { gettext } from "../words.js";
import { readMemory, remember } from "./memory.js";
import { errorBox, icon, notice } from "./parts.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {Event & { prompt: () => Promise<unknown> }} InstallEvent */

let install = /** @type {InstallEvent | null} */ (null);
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  install = /** @type {InstallEvent} */ (event);
});

/** @param {App} app @param {() => void} next */
export function keeping(app, next) {
  const { persisted } = readMemory();
  return html`
    <p class="ff-lede">${gettext("A browser may clear what it keeps when the phone is short of space. Two things hold it back.")}</p>
    <section class="ds-card ff-card"><h2 class="ds-heading" data-size="2xs">${gettext("1. Ask the phone to keep it")}</h2>
      ${persisted === null ? html`<div class="ff-actions"><button class="ds-button" data-variant="secondary" type="button" @click=${() => askToKeep(app)}>${gettext("Ask")}</button></div>` : html`<div id="promised" tabindex="-1">${persistedWords(persisted)}</div>`}
    </section>
    <section class="ds-card ff-card"><h2 class="ds-heading" data-size="2xs">${gettext("2. Put the app on the home screen")}</h2>${installWords(app)}</section>
    <div class="ff-actions"><button class="ds-button" type="button" @click=${next}>${gettext("Go on")}</button></div>`;
}

/** @param {boolean} persisted */
export function persistedWords(persisted) {
  return persisted
    ? notice(html`<p>${gettext("The phone has promised to keep it.")}</p>`, "success")
    : notice(html`<p>${gettext("The phone has not promised it. The app works, and sends as soon as it can. Put it on the home screen and use it at least once a week: then it is usually kept.")}</p>`, "warning");
}

/** @param {App} app */
export async function askToKeep(app) {
  remember({ persisted: (await navigator.storage?.persist?.()) ?? false });
  app.redraw();
  app.focusOn("promised");
}

/** @param {App} app */
export function installWords(app) {
  if (matchMedia("(display-mode: standalone)").matches) return html`<p>${icon("check")} ${gettext("It is there already.")}</p>`;
  if (install) {
    return html`<div class="ff-actions"><button class="ds-button" data-variant="secondary" type="button" @click=${() => askToInstall(app)}>${gettext("Put it there")}</button></div>`;
  }
  return html`<dl class="ff-terms">
    <dt>${gettext("iPhone and iPad")}</dt><dd>${gettext("In Safari: the share button, then “Add to Home Screen”. Safari clears what was not used for a week, except for apps on the home screen.")}</dd>
    <dt>${gettext("Android")}</dt><dd>${gettext("In Chrome: the menu with three dots, then “Add to Home screen” or “Install app”.")}</dd>
  </dl>`;
}

/** @param {App} app */
async function askToInstall(app) {
  await install?.prompt();
  install = null;
  app.redraw();
}

/** @param {App} app */
export function fetching(app) {
  const { running, here, of, report } = app.syncing;
  const isDone = !running && report !== null && !report.stopped;
  return html`
    <p class="ff-lede">${isDone ? gettext("Your families are on the phone.") : gettext("Your families are fetched to the phone, those whom you visit soonest first.")}</p>
    ${running && of > 0 ? html`<label class="ff-progress">${gettext("%(here)s of %(of)s families", { here, of })}<progress max=${of} value=${here}></progress></label>` : nothing}
    ${running && of === 0 ? html`<p role="status">${gettext("Asking the server …")}</p>` : nothing}
    ${!running && report?.stopped ? errorBox(gettext("It stopped before all was here."), gettext("What is here stays. It goes on where it was when you try again.")) : nothing}
    <div class="ff-actions">
      ${!running && !isDone ? html`<button class="ds-button" type="button" @click=${() => app.sendNow()}>${gettext("Try again")}</button>` : nothing}
      <button class="ds-button" data-variant=${isDone ? "primary" : "secondary"} type="button" @click=${() => done(app)}>${isDone ? gettext("To today's visits") : gettext("Begin; the rest comes meanwhile")}</button>
    </div>`;
}

/** @param {App} app */
function done(app) {
  remember({ oriented: true });
  app.go("#/today");
}
