// @ts-check
// The pieces that screens are put together from.

import { html, nothing, svg } from "/static/vendor/lit-html/lit-html.js";
import { gettext } from "../words.js";

/** @typedef {import("./contract.js").TemplateResult} TemplateResult */
/** @typedef {TemplateResult | string | typeof nothing} Content */

/**
 * A card with a heading of its own.
 * @param {Content} heading
 * @param {unknown} inside
 * @param {{ tone?: "plain" | "warm" | "alert", id?: string }} [look]
 * @returns {TemplateResult}
 */
export function card(heading, inside, { tone = "plain", id } = {}) {
  const name = id ?? nothing;
  return html`<section class="ds-card ff-card" data-tone=${tone} aria-labelledby=${name}>
    ${heading === nothing ? nothing : html`<h2 class="ds-heading" data-size="xs" id=${name}>${heading}</h2>`}
    ${inside}
  </section>`;
}

/**
 * A field with its label, a hint and what is wrong with it.
 * @param {object} told
 * @param {string} told.id
 * @param {string} told.label
 * @param {TemplateResult} told.input with `id` and, if there is a hint or flaw, `aria-describedby="${id}-hint ${id}-error"`
 * @param {string} [told.hint]
 * @param {string} [told.flaw]
 * @returns {TemplateResult}
 */
export function field({ id, label, input, hint, flaw }) {
  return html`<div class="ds-field ff-field">
    <label class="ds-label" data-weight="medium" for=${id}>${label}</label>
    ${hint ? html`<p class="ds-paragraph ff-hint" data-field="description" id="${id}-hint">${hint}</p>` : nothing}
    ${input}
    ${flaw ? html`<p class="ds-validation-message" id="${id}-error">${flaw}</p>` : nothing}
  </div>`;
}

/**
 * What happened and what to do. It is read aloud, and takes the focus when it comes (`app.focusOn`).
 * @param {string} what
 * @param {string} [todo]
 * @returns {TemplateResult}
 */
export function errorBox(what, todo) {
  return html`<div class="ds-alert ff-alert" data-color="danger" role="alert" id="error" tabindex="-1">
    <p><strong>${what}</strong></p>
    ${todo ? html`<p>${todo}</p>` : nothing}
  </div>`;
}

/**
 * Something to know that is no failure.
 * @param {unknown} inside
 * @param {"info" | "warning" | "success"} [color]
 * @returns {TemplateResult}
 */
export function notice(inside, color = "info") {
  return html`<div class="ds-alert ff-alert" data-color=${color}>${inside}</div>`;
}

/**
 * The mark on a record that is not, or not wholly, with the server. Nothing on what is sent.
 * @param {"unsent" | "escrow-only" | "sent" | "waiting" | null | undefined} standing
 * @returns {TemplateResult | typeof nothing}
 */
export function mark(standing) {
  switch (standing) {
    case "unsent":
    case "escrow-only":
      return html`<span class="ds-tag ff-mark" data-color="neutral" data-size="sm">${icon("phone")}${gettext("Waits to be sent")}</span>`;
    case "sent":
      return html`<span class="ds-tag ff-mark" data-color="neutral" data-size="sm">${icon("check")}${gettext("Sent")}</span>`;
    case "waiting":
      return html`<span class="ds-tag ff-mark" data-color="warning" data-size="sm">${icon("question")}${gettext("To be decided")}</span>`;
    default:
      return nothing;
  }
}

/** What was looked for is not here. @param {string} words @returns {TemplateResult} */
export function nothingHere(words) {
  return html`<div class="ff-empty">${icon("question")}<p>${words}</p></div>`;
}

/** @type {Record<string, TemplateResult>} Drawn by us, 24 by 24, one stroke. */
const SHAPES = {
  today: svg`<path d="M4 6.5h16v13H4zM4 10.5h16M8.5 4v4M15.5 4v4"/>`,
  search: svg`<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>`,
  inbox: svg`<path d="M4 13.5 6.5 5h11l2.5 8.5V19H4zM4 13.5h5c0 2 1 3 3 3s3-1 3-3h5"/>`,
  settings: svg`<path d="M5 7h8M17 7h2M5 12h2M11 12h8M5 17h8M17 17h2"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="12" r="2"/><circle cx="15" cy="17" r="2"/>`,
  back: svg`<path d="M14.5 5.5 8 12l6.5 6.5"/>`,
  on: svg`<path d="M9.5 5.5 16 12l-6.5 6.5"/>`,
  check: svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
  phone: svg`<path d="M8 3.5h8v17H8zM11 17.5h2"/>`,
  question: svg`<path d="M9 9.3a3 3 0 1 1 4.2 2.7c-.8.4-1.2.9-1.2 2M12 17.2v.3"/>`,
  alert: svg`<path d="M12 4 21 19.5H3zM12 10v4M12 16.8v.3"/>`,
  place: svg`<path d="M12 20.5c4-4.6 6-8 6-10.5a6 6 0 0 0-12 0c0 2.5 2 5.9 6 10.5z"/><circle cx="12" cy="10" r="2"/>`,
  people: svg`<circle cx="9" cy="8.5" r="3"/><path d="M3.5 19c0-3.5 2.2-5.5 5.5-5.5s5.5 2 5.5 5.5"/><path d="M15.5 6a3 3 0 0 1 0 5.5M17 14c2.2.6 3.5 2.4 3.5 5"/>`,
  speech: svg`<path d="M4 5.5h16v10h-8l-4.5 4v-4H4z"/>`,
  lock: svg`<path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>`,
  shield: svg`<path d="M12 3.5 19 6v5.5c0 4.2-2.7 7.3-7 9-4.3-1.7-7-4.8-7-9V6z"/>`,
  calendar: svg`<path d="M4 6.5h16v13H4zM4 10.5h16"/>`,
  add: svg`<path d="M12 5v14M5 12h14"/>`,
};

/**
 * A drawing beside words; it says nothing by itself.
 * @param {keyof typeof SHAPES} name
 * @returns {TemplateResult}
 */
export function icon(name) {
  return html`<svg class="ff-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${SHAPES[name]}</svg>`;
}
