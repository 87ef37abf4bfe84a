// @ts-check
// The phone was stopped or erased from afar: what happened, and what became of what she wrote.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { gettext, ngettext } from "../words.js";
import { notice } from "./parts.js";
import { forgetMemory } from "./memory.js";

/** @type {import("./contract.js").Screen} */
export const stopped = {
  needs: "nothing",
  title: (app) => (app.client.state() === "wiped" ? gettext("This phone was erased") : gettext("This phone was stopped")),
  load: async (app) => {
    if (app.client.state() === "wiped") await forgetMemory();
    return app.client.unsent();
  },
  view: (app, unsent) => (app.client.state() === "wiped" ? wiped() : locked(app, unsent.count)),
};

function wiped() {
  return html`
    <p class="ff-lede">${gettext("You or your lead asked for it, perhaps because the phone was reported lost. Your families are not on it any more.")}</p>
    ${notice(html`<p>${gettext("What you had written and not sent was handed over sealed. The family's nurse finds it in the inbox on the pages.")}</p>`)}
    <p>${gettext("Is the phone in your hands? Ask your lead. You can then set up the app anew.")}</p>
    <div class="ff-actions"><button class="ds-button" type="button" @click=${() => location.replace("/felt/")}>${gettext("Set up the app anew")}</button></div>`;
}

/** @param {import("./app.js").App} app @param {number} waiting */
function locked(app, waiting) {
  return html`
    <p class="ff-lede">${gettext("You or your lead stopped it, perhaps because it was reported lost. Your families cannot be opened here until it is let in again.")}</p>
    ${waiting === 0
      ? notice(html`<p>${gettext("What you had written was handed over sealed. The family's nurse finds it in the inbox on the pages.")}</p>`)
      : notice(html`<p>${ngettext("%(num)s thing that you wrote is still on the phone, sealed. It is handed over as soon as there is coverage.", "%(num)s things that you wrote are still on the phone, sealed. They are handed over as soon as there is coverage.", waiting)}</p>`)}
    <p>${gettext("Is the phone in your hands? Ask your lead to let it in, then try again.")}</p>
    <div class="ff-actions"><button class="ds-button" type="button" ?disabled=${app.syncing.running} @click=${() => app.syncing.round({ asked: true }).then(() => app.show())}>${gettext("Try again")}</button></div>
    ${app.syncing.running ? html`<p role="status">${gettext("Asking …")}</p>` : nothing}`;
}
