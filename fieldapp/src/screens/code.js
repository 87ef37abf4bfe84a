// @ts-check
// A code that we drew: shown once, then typed, so that both know that she has it.

import { html } from "/static/vendor/lit-html/lit-html.js";
import { asDrawn } from "../vault/unlocking.js";
import { gettext } from "../words.js";
import { field } from "./parts.js";

/** The code, and that she has written it down. @param {string} code @param {() => void} next */
export function shownCode(code, next) {
  return html`
    <p class="ff-lede">${gettext("This is your code. It is shown only now.")}</p>
    <p class="ff-code-shown"><span class="ff-hidden">${gettext("Your code: %(code)s", { code: spelled(code) })}</span>${code.split("-").map((group) => html`<span aria-hidden="true">${group}</span>`)}</p>
    <p>${gettext("Write it on paper and keep it apart from the phone, or let the phone's password manager keep it. Nobody else has it: not your lead, not support.")}</p>
    <div class="ff-actions"><button class="ds-button" type="button" @click=${next}>${gettext("I have written it down")}</button></div>`;
}

/** The field for it, and a way back to see it again. @param {{ busy: boolean, typed: (code: string) => unknown, again: () => void }} told */
export function typedCode({ busy, typed, again }) {
  const input = html`<input class="ds-input ff-code" id="code" name="code" type="password" autocomplete="new-password" autocapitalize="none" autocorrect="off" spellcheck="false" aria-describedby="code-hint">`;
  /** @param {SubmitEvent} event */
  const onSubmit = (event) => {
    event.preventDefault();
    if (!busy) void typed(String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("code")));
  };
  return html`
    <p class="ff-lede">${gettext("Type the code, so that we both know that you have it.")}</p>
    <form class="ff-form" autocomplete="off" @submit=${onSubmit} novalidate>
      <input class="ff-hidden" name="username" autocomplete="username" .value=${gettext("The field app's code")} tabindex="-1" aria-hidden="true" readonly>
      ${field({ id: "code", label: gettext("Your code"), hint: gettext("Twelve characters; spaces and hyphens do not matter."), input })}
      <div class="ff-actions"><button class="ds-button" type="submit" aria-disabled=${busy}>${busy ? gettext("Wait …") : gettext("That is my code")}</button></div>
    </form>
    <p><button class="ff-link" type="button" @click=${again}>${gettext("Show me the code again")}</button></p>`;
}

/** What to say when another code was typed than the one that was shown; null if it is that one. @param {string} shown @param {string} typed */
export function codeFlaw(shown, typed) {
  if (asDrawn(typed) === asDrawn(shown)) return null;
  return { what: gettext("That is not the code that was shown."), todo: gettext("Look at it once more.") };
}

/** A code letter by letter, for a voice. @param {string} code */
function spelled(code) {
  return [...code.replaceAll("-", "")].join(" ");
}
