// @ts-check
// Another nurse gets the phone: everything of hers goes, when all of it is sent.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { gettext, ngettext } from "../words.js";
import { forgetMemory } from "./memory.js";
import { errorBox, notice } from "./parts.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {{ drafts: number, busy: boolean, flaw: { what: string, todo: string } | null }} Model */

/** @type {import("./contract.js").Screen} */
export const handOverPhone = {
  needs: "waiting",
  steady: true,
  back: () => "#/settings",
  title: () => gettext("Hand over the phone"),
  load: async (app) => ({ drafts: (await app.drafts.all()).filter((one) => one.key !== "outings").length, busy: false, flaw: null }),
  view: (app, model) => html`
    ${model.flaw ? errorBox(model.flaw.what, model.flaw.todo) : nothing}
    ${app.syncing.unsent > 0 ? unsent(app) : sent(app, model)}`,
};

/** @param {App} app */
function unsent(app) {
  return html`
    ${notice(html`<p>${ngettext("%(num)s thing that you wrote is on this phone only.", "%(num)s things that you wrote are on this phone only.", app.syncing.unsent)}</p><p>${gettext("It must be sent first. You need coverage for that.")}</p>`, "warning")}
    <div class="ff-actions"><button class="ds-button" type="button" aria-disabled=${app.syncing.running} @click=${() => app.sendNow()}>${app.syncing.running ? gettext("Sending …") : gettext("Send now")}</button></div>`;
}

/** @param {App} app @param {Model} model */
function sent(app, model) {
  return html`
    <p class="ff-lede">${gettext("All is sent. Your families, your way of opening the app and its log are deleted from this phone.")}</p>
    ${model.drafts > 0 ? notice(html`<p>${ngettext("%(num)s text that you began and did not save is deleted too.", "%(num)s texts that you began and did not save are deleted too.", model.drafts)}</p>`, "warning") : nothing}
    <div class="ff-actions">
      <button class="ds-button" data-color="danger" type="button" aria-disabled=${model.busy} @click=${() => leave(app, model)}>${model.busy ? gettext("Deleting …") : gettext("Delete, and hand over the phone")}</button>
      <a class="ds-button" data-variant="tertiary" href="#/settings">${gettext("No, keep it")}</a>
    </div>`;
}

/** @param {App} app @param {Model} model */
async function leave(app, model) {
  if (model.busy) return;
  model.busy = true;
  app.redraw();
  try {
    await app.client.handOver();
    await forgetMemory();
    location.hash = "";
    location.reload();
  } catch (error) {
    model.busy = false;
    await app.syncing.count();
    model.flaw = flawOf(error);
    app.redraw();
    app.focusOn("error");
  }
}

/** @param {unknown} error */
function flawOf(error) {
  const { name, status, code } = /** @type {{ name?: string, status?: number, code?: string }} */ (error);
  if (name === "StillUnsent") return { what: gettext("Not all is sent yet."), todo: gettext("Send it first, where you have coverage.") };
  if (name === "Unreachable") return { what: gettext("The server has not heard that you hand over the phone."), todo: gettext("Nothing is deleted yet. Try again where you have coverage.") };
  if (status === 401) return { what: gettext("You are not signed in any more."), todo: gettext("Sign in by the line at the top, then hand over the phone. Nothing is deleted yet.") };
  return { what: gettext("The phone could not be emptied (%(code)s).", { code: code ?? name ?? "?" }), todo: gettext("Nothing is lost. Try again where you have coverage.") };
}
