// @ts-check
// A form's fields by the names that they have in its draft: each shows what is kept, and keeps what is typed.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { gettext } from "../words.js";
import { changed, keepDraft, refuse, saveForm } from "./drafting.js";
import { failure, line, oneOf, select, text } from "./inputs.js";
import { notice } from "./parts.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./drafting.js").Form} Form */
/** @typedef {import("../shown/choices.js").Choices} Choices */
/** @typedef {{ type?: string, hint?: string, mode?: string, rows?: number }} More */

/** The fields of one form. @param {App} app @param {Form} form */
export function fieldsOf(app, form) {
  /** @param {string} name */
  const own = (name) => ({ id: name, value: String(form.draft[name] ?? ""), flaw: form.flaws[name] });
  /** @param {string} name */
  const put = (name) => (/** @type {unknown} */ value) => changed(app, form, (to) => void (to[name] = value));
  return {
    /** @param {string} name @param {string} label @param {More} [more] */
    line: (name, label, more) => line({ ...own(name), label, typed: put(name), ...more }),
    /** @param {string} name @param {string} label @param {More} [more] */
    text: (name, label, more) => text({ ...own(name), label, typed: put(name), ...more }),
    /** @param {string} name @param {string} legend @param {Choices} choices @param {{ takesBack?: boolean }} [more] */
    one: (name, legend, choices, more) => oneOf({ ...own(name), legend, choices, chosen: put(name), ...more }),
    /** @param {string} name @param {string} label @param {Choices} choices @param {string} empty @param {More} [more] */
    select: (name, label, choices, empty, more) => select({ ...own(name), label, choices, empty, chosen: put(name), ...more }),
    /** @param {string} name @param {string} words */
    tick: (name, words) => tick(name, words, Boolean(form.draft[name]), put(name)),
  };
}

/** Yes or not. @param {string} id @param {string} words @param {boolean} value @param {(value: boolean) => void} chosen */
export function tick(id, words, value, chosen) {
  return html`<div class="ff-chips"><label class="ff-chip"><input type="checkbox" id=${id} .checked=${value} @change=${() => chosen(!value)}><span>${words}</span></label></div>`;
}

/**
 * The form around its fields: what was begun before, what failed, and the button that saves.
 * @param {App} app @param {Form} form @param {unknown} inside
 * @param {{ submit: string, flaws: () => Record<string, string>, told: () => { type: string, family: string, ops: Record<string, unknown>[], to: string } }} told
 */
export function formAround(app, form, inside, { submit, flaws, told }) {
  /** @param {SubmitEvent} event */
  const onSubmit = (event) => {
    event.preventDefault();
    const found = flaws();
    if (Object.keys(found).length > 0) return refuse(app, form, found);
    form.flaws = {};
    void saveForm(app, form, told());
  };
  return html`
    ${form.restored ? notice(html`<p>${gettext("This is what you had begun to write. It is not saved yet.")}</p>`) : nothing}
    ${failure(form)}
    <form class="ff-form" autocomplete="off" novalidate @submit=${onSubmit}>${inside}
      <div class="ff-actions"><button class="ds-button ff-wide" type="submit" aria-disabled=${form.busy}>${form.busy ? gettext("Saving …") : submit}</button></div>
    </form>`;
}

/** What every such screen has. @type {{ steady: true, back: (app: App, params: import("./contract.js").Params) => string, keep: (app: App, model: any) => Promise<void> }} */
export const ofFamily = {
  steady: true,
  back: (_app, params) => `#/family/${params.family}`,
  keep: async (app, model) => (model.key ? keepDraft(app, model) : undefined),
};
