// @ts-check
// What stands around every screen: the brand, the line about sending, the heading, the tabs.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { gettext } from "../words.js";
import { updateWaits } from "../installing.js";
import { outStrip } from "./out.js";
import { icon } from "./parts.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./contract.js").TemplateResult} TemplateResult */

/** Where the tabs lead, at the thumb. */
const tabs = () => [
  { tab: "today", href: "#/today", words: gettext("Today") },
  { tab: "search", href: "#/search", words: gettext("Find") },
  { tab: "inbox", href: "#/inbox", words: gettext("Inbox") },
  { tab: "settings", href: "#/settings", words: gettext("Phone") },
];

/**
 * The whole frame; the screen itself is drawn into `#screen`.
 * @param {App} app
 * @returns {TemplateResult}
 */
export function frame(app) {
  const isOpen = !app.elsewhere && ["open", "lease-over"].includes(app.client.state());
  const isSynthetic = document.documentElement.dataset.synthetic !== undefined;
  return html`
    <a class="ds-skip-link" href="#screen" @click=${skip}>${gettext("Skip to the content")}</a>
    <header>
      ${isSynthetic ? html`<p class="ff-synthetic">${gettext("All people are synthetic. This is a demonstration.")}</p>` : nothing}
      <div class="ff-header">
        <p class="ff-brand">${brand()}<span>Nye familier</span></p>
        ${isOpen ? lockButton(app) : nothing}
      </div>
    </header>
    ${isOpen ? stateLine(app) : nothing}
    ${isOpen ? outStrip(app) : nothing}
    <p class="ff-said" role="status" aria-live="polite" ?data-empty=${!app.said}>${app.said}</p>
    ${isOpen && updateWaits() && app.syncing.unsent === 0 ? updateReady(app) : nothing}
    <main class="ff-main" id="main">
      ${heading(app)}
      <div id="screen" class="ff-screen" tabindex="-1"></div>
    </main>
    ${isOpen && app.current?.screen.needs !== "nothing" ? menu(app) : nothing}
  `;
}

/** The address is the screen's name, so the link moves the focus and leaves the address alone. @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("screen")?.focus();
}

/** @param {App} app */
function heading(app) {
  if (!app.current) return nothing;
  const { screen, params, model } = app.current;
  const back = screen.tab || screen.needs === "nothing" ? null : (screen.back?.(app, params, model) ?? "#/today");
  return html`<div class="ff-heading">
    ${back ? html`<a class="ff-back" href=${back}>${icon("back")}<span>${gettext("Back")}</span></a>` : nothing}
    <h1 class="ds-heading" data-size="sm" id="heading" tabindex="-1">${screen.title(app, params, model)}</h1>
  </div>`;
}

/** @param {App} app */
function stateLine(app) {
  const { tone, text, more, to, action } = app.syncing.line();
  const here = location.hash || "#/today";
  return html`<section class="ff-state" data-tone=${tone} aria-label=${gettext("What is sent")}>
    <p class="ff-state-words" role="status" aria-live="polite" id="state">
      <span class="ff-state-dot" aria-hidden="true"></span>
      <span><strong>${text}</strong> <span class="ff-state-more">${more}</span></span>
    </p>
    ${to && to !== here ? html`<a class="ds-button" data-variant="secondary" href=${to}>${action}</a>` : sendButton(app)}
  </section>`;
}

/** @param {App} app */
function sendButton(app) {
  const isBusy = app.syncing.running;
  return html`<button class="ds-button" data-variant="tertiary" type="button" aria-disabled=${isBusy ? "true" : "false"} aria-describedby="state" @click=${() => isBusy || app.sendNow()}>
    ${isBusy ? gettext("Wait …") : app.syncing.unsent > 0 ? gettext("Send now") : gettext("Fetch now")}
  </button>`;
}

/** @param {App} app */
function lockButton(app) {
  return html`<button class="ff-lock" type="button" @click=${() => app.lock()}>${icon("lock")}<span>${gettext("Lock")}</span></button>`;
}

/** @param {App} app */
function updateReady(app) {
  return html`<div class="ff-update" role="status">
    <p>${gettext("A new version is ready.")}</p>
    <button class="ds-button" data-variant="secondary" type="button" @click=${() => app.update()}>${gettext("Use it now")}</button>
  </div>`;
}

/** @param {App} app */
function menu(app) {
  const tab = app.current?.screen.tab;
  return html`<nav class="ff-tabs" aria-label=${gettext("Main menu")}><ul>
    ${tabs().map(
      (one) => html`<li><a href=${one.href} aria-current=${one.tab === tab ? "page" : nothing}>
        ${icon(/** @type {"today"} */ (one.tab))}<span>${one.words}</span>
        ${one.tab === "inbox" && app.syncing.deciding > 0 ? html`<span class="ff-count">${app.syncing.deciding}<span class="ff-hidden">${gettext("waiting")}</span></span>` : nothing}
      </a></li>`,
    )}
  </ul></nav>`;
}

/** Our own mark. */
function brand() {
  return html`<svg class="ff-brand-mark" viewBox="0 0 40 40" aria-hidden="true" focusable="false"><path d="M4 18.7 18.1 5.9a2.8 2.8 0 0 1 3.8 0L36 18.7V32a4 4 0 0 1-4 4H8a4 4 0 0 1-4-4z" fill="#2a2859"/><path d="M20 30.6c-5.3-3.5-8-6.6-8-10a4.4 4.4 0 0 1 8-2.6 4.4 4.4 0 0 1 8 2.6c0 3.4-2.7 6.5-8 10z" fill="#f2b84b"/></svg>`;
}
