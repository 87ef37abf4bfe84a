// @ts-check
// Fields that keep what is typed: a text, a line, choices to touch.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { gettext } from "../words.js";
import { errorBox, field } from "./parts.js";

/** @typedef {import("../shown/choices.js").Choices} Choices */
/** @typedef {(value: string) => void} Typed */

/** @param {InputEvent} event */
function valueOf(event) {
  return /** @type {HTMLInputElement} */ (event.target).value;
}

/**
 * A text of several lines.
 * @param {{ id: string, label: string, value: string, typed: Typed, hint?: string, flaw?: string, rows?: number }} told
 */
export function text({ id, label, value, typed, hint, flaw, rows = 4 }) {
  const input = html`<textarea class="ds-input ff-text" autocomplete="off" id=${id} rows=${rows} aria-invalid=${flaw ? "true" : "false"} aria-describedby="${id}-hint ${id}-error" .value=${value} @input=${(/** @type {InputEvent} */ event) => typed(valueOf(event))}></textarea>`;
  return field({ id, label, hint, flaw, input });
}

/**
 * A field of one line: a day, a time, a number, a name.
 * @param {{ id: string, label: string, value: string, typed: Typed, type?: string, hint?: string, flaw?: string, mode?: string }} told
 */
export function line({ id, label, value, typed, type = "text", hint, flaw, mode }) {
  const input = html`<input class="ds-input" id=${id} type=${type} inputmode=${mode ?? nothing} autocomplete="off" aria-invalid=${flaw ? "true" : "false"} aria-describedby="${id}-hint ${id}-error" .value=${value} @input=${(/** @type {InputEvent} */ event) => typed(valueOf(event))}>`;
  return field({ id, label, hint, flaw, input });
}

/**
 * One of several, each a button of its own to touch. What can be left open again has a button that takes the choice back.
 * @param {{ id: string, legend: string, choices: Choices, value: string, chosen: Typed, flaw?: string, hides?: boolean, takesBack?: boolean }} told
 */
export function oneOf({ id, legend, choices, value, chosen, flaw, hides = false, takesBack = false }) {
  return html`<fieldset class="ff-pick" id=${id} tabindex="-1"><legend class=${hides ? "ff-hidden" : "ds-label"}>${legend}</legend>
    <div class="ff-chips">${choices.map(([code, words]) => html`<label class="ff-chip"><input type="radio" name=${id} value=${code} .checked=${value === code} @change=${() => chosen(code)}><span>${words}</span></label>`)}</div>
    ${takesBack && value !== "" ? back(id, legend, chosen) : nothing}
    ${flaw ? html`<p class="ds-validation-message">${flaw}</p>` : nothing}</fieldset>`;
}

/** @param {string} id @param {string} legend @param {Typed} chosen */
function back(id, legend, chosen) {
  const take = () => {
    chosen("");
    // The button is gone by now.
    document.getElementById(id)?.focus();
  };
  return html`<button class="ff-link" type="button" @click=${take}>${gettext("Take the choice back")}<span class="ff-hidden">: ${legend}</span></button>`;
}

/**
 * Any of several.
 * @param {{ id: string, legend: string, choices: Choices, values: readonly string[], chosen: (values: string[]) => void }} told
 */
export function anyOf({ id, legend, choices, values, chosen }) {
  /** @param {string} code */
  const toggled = (code) => (values.includes(code) ? values.filter((one) => one !== code) : [...values, code]);
  return html`<fieldset class="ff-pick" id=${id} tabindex="-1"><legend class="ds-label">${legend}</legend>
    <div class="ff-chips">${choices.map(([code, words]) => html`<label class="ff-chip"><input type="checkbox" name=${id} value=${code} .checked=${values.includes(code)} @change=${() => chosen(toggled(code))}><span>${words}</span></label>`)}</div></fieldset>`;
}

/** One of many that are not all shown. @param {{ id: string, label: string, choices: Choices, value: string, chosen: Typed, empty: string, flaw?: string, hint?: string }} told */
export function select({ id, label, choices, value, chosen, empty, flaw, hint }) {
  const input = html`<select class="ds-input" id=${id} aria-invalid=${flaw ? "true" : "false"} aria-describedby="${id}-hint ${id}-error" @change=${(/** @type {InputEvent} */ event) => chosen(valueOf(event))}>
    <option value="" .selected=${value === ""}>${empty}</option>${choices.map(([code, words]) => html`<option value=${code} .selected=${value === code}>${words}</option>`)}</select>`;
  return field({ id, label, input, flaw, hint });
}

/** What went wrong when it was saved, if anything did. @param {{ failed: string }} form */
export function failure({ failed }) {
  switch (failed) {
    case "":
      return nothing;
    case "full":
      return errorBox(gettext("The phone is full: this is not saved yet."), gettext("Free some space on the phone, then save again. The text stays here as long as the app is open."));
    case "CannotKeep":
      return errorBox(gettext("This is too much for one visit: it is not saved yet."), gettext("Make the note shorter, or divide it into two."));
    default:
      return errorBox(gettext("This is not saved yet (%(code)s).", { code: failed }), gettext("Try once more. What you wrote is kept as a draft."));
  }
}
