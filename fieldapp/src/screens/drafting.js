// @ts-check
// A form whose fields are kept as a draft as they are typed: leaving, locking or a flat battery lose nothing.

/** @typedef {import("./app.js").App} App */
/** What every form's model has. @typedef {{ key: string, draft: any, flaws: Record<string, string>, busy: boolean, failed: string, restored: boolean, timer?: number }} Form */

/** A pause in typing after which the draft is written. */
const PAUSE_MS = 300;

/**
 * The form's model: the draft that is kept under the key, else what it begins with.
 * @template T
 * @param {App} app @param {string} key @param {T} begins
 * @returns {Promise<{ key: string, draft: T, flaws: Record<string, string>, busy: boolean, failed: string, restored: boolean }>}
 */
export async function formOf(app, key, begins) {
  const kept = await app.drafts.read(key);
  return { key, draft: kept ?? begins, flaws: {}, busy: false, failed: "", restored: kept !== null };
}

/** Change the draft, draw it, and write it when she pauses. @param {App} app @param {Form} form @param {(draft: any) => void} change */
export function changed(app, form, change) {
  change(form.draft);
  clearTimeout(form.timer);
  form.timer = setTimeout(() => void keepDraft(app, form), PAUSE_MS);
  app.redraw();
}

/** Write the draft now. @param {App} app @param {Form} form */
export async function keepDraft(app, form) {
  clearTimeout(form.timer);
  if (form.timer === undefined || form.busy) return;
  try {
    await app.drafts.write(form.key, form.draft);
  } catch (error) {
    if (!app.storage(error)) throw error;
  }
}

/**
 * Save what the form says, throw the draft away, and go on. What fails leaves the draft as it is.
 * @param {App} app @param {Form} form
 * @param {{ type: string, family: string, ops: Record<string, unknown>[], at?: Date, to: string }} told
 */
export async function saveForm(app, form, { type, family, ops, at, to }) {
  if (form.busy) return;
  form.busy = true;
  form.failed = "";
  clearTimeout(form.timer);
  app.redraw();
  try {
    await app.client.save(type, family, ops, at);
    await app.drafts.forget(form.key);
    form.timer = undefined;
    app.go(to);
    app.saved();
  } catch (error) {
    form.failed = app.storage(error) ? "full" : error instanceof Error ? error.name : "?";
    app.redraw();
    app.focusOn("error");
  } finally {
    form.busy = false;
  }
}

/** Show what is wrong, and take her to the first of it. @param {App} app @param {Form} form @param {Record<string, string>} flaws */
export function refuse(app, form, flaws) {
  form.flaws = flaws;
  app.redraw();
  app.focusOn(Object.keys(flaws)[0]);
}
