// @ts-check
// The phone: how it is opened, what is kept, what it has said to the server, the language, handing it over.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { hasPasskeys } from "../vault/unlocking.js";
import { chooseLanguage, gettext, language, moment, ngettext, osloDay } from "../words.js";
import { askToKeep, installWords, persistedWords } from "./keeping.js";
import { readMemory, remember } from "./memory.js";
import { card, icon, notice } from "./parts.js";
import { removeWords } from "./ways.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {{ persisted: boolean, used: number | null, quota: number | null, ways: any[], families: number, copied: boolean }} Model */

/** A clock that is further off than this has been set wrong. */
const CLOCK_MS = 5 * 60 * 1000;
const MEGABYTE = 1_000_000;
/** Sixty families take a few; beyond this nobody need think of it. */
const PLENTY = 200;

/** @type {import("./contract.js").Screen} */
export const settings = {
  needs: "waiting",
  tab: "settings",
  title: () => gettext("The phone"),
  load: async (app) => {
    const estimate = (await navigator.storage?.estimate?.()) ?? {};
    const persisted = (await navigator.storage?.persisted?.()) ?? false;
    if (persisted) remember({ persisted });
    return { persisted, used: estimate.usage ?? null, quota: estimate.quota ?? null, ways: await app.client.ways(), families: (await app.client.families()).length, copied: false };
  },
  view: (app, model) => html`
    ${signedInAs(app)}
    ${sending(app)}
    ${opening(app, model)}
    ${kept(app, model)}
    ${card(gettext("Language"), languages(app), { id: "language" })}
    ${log(app, model)}
    ${card(gettext("Another nurse gets the phone"), html`
      <p>${gettext("Everything of yours is deleted from the phone, when all of it is sent.")}</p>
      <div class="ff-actions"><a class="ds-button" data-variant="secondary" href="#/hand-over">${gettext("Hand over the phone")}</a></div>`, { id: "hand-over" })}`,
};

/** @param {App} app */
function signedInAs(app) {
  return app.account ? html`<p class="ff-lede">${app.account.name}</p>` : nothing;
}

/** @param {App} app */
function sending(app) {
  const { unsent, oldest } = app.syncing;
  const since = oldest ? gettext("The oldest is from %(time)s.", { time: moment(new Date(oldest), osloDay(app.now())) }) : "";
  const last = app.syncing.lastAt();
  return card(gettext("Sending and fetching"), html`
    <p>${unsent === 0 ? gettext("All is sent.") : ngettext("%(num)s thing waits on the phone.", "%(num)s things wait on the phone.", unsent)} ${since}</p>
    <p class="ff-quiet">${last ? gettext("Last in contact %(time)s.", { time: moment(last, osloDay(app.now())) }) : gettext("Never in contact yet.")}</p>
    ${wrongClock(app)}
    <p class="ff-quiet">${gettext("It starts by itself: when there is coverage, when you open the app, after each thing that you save.")}</p>`, { id: "sending" });
}

/** @param {App} app */
function wrongClock(app) {
  const isWrong = Math.abs(app.client.standing()?.offset ?? 0) > CLOCK_MS;
  return isWrong ? notice(html`<p>${gettext("The phone's clock is wrong. The app goes by the server's.")}</p>`, "warning") : nothing;
}

/** @param {App} app @param {Model} model */
function opening(app, model) {
  const has = (/** @type {string} */ kind) => model.ways.some((way) => way.kind === kind);
  return card(gettext("Opening the app"), html`
    <ul class="ff-plain">${has("passkey") ? html`<li>${icon("check")} ${gettext("Finger or face")}</li>` : nothing}${has("code") ? html`<li>${icon("check")} ${gettext("Code of twelve characters")}</li>` : nothing}</ul>
    <p class="ff-quiet">${gettext("It locks after five minutes without a touch, and half a minute after you leave it.")}</p>
    ${has("passkey") && has("code") ? nothing : html`<p class="ff-quiet">${gettext("With two ways, you get in if you lose one.")}</p>`}
    <div class="ff-actions"><button class="ds-button" data-variant="secondary" type="button" @click=${() => app.lock()}>${icon("lock")}${gettext("Lock now")}</button>
      ${!has("passkey") && hasPasskeys() ? html`<a class="ds-button" data-variant="secondary" href="#/way/passkey">${gettext("Add finger or face")}</a>` : nothing}
      ${has("code") ? nothing : html`<a class="ds-button" data-variant="secondary" href="#/way/code">${gettext("Add a code")}</a>`}
      ${has("passkey") && has("code") ? ["passkey", "code"].map((kind) => html`<a class="ds-button" data-variant="tertiary" href="#/way/${kind}/remove">${removeWords(kind)}</a>`) : nothing}
    </div>`, { id: "opening" });
}

/** @param {App} app @param {Model} model */
function kept(app, model) {
  const families = ngettext("%(num)s family is on the phone, sealed.", "%(num)s families are on the phone, sealed.", model.families);
  const used = model.used === null ? "" : gettext("The app uses %(used)s MB.", { used: Math.max(1, Math.round(model.used / MEGABYTE)) });
  const free = model.used === null || model.quota === null ? "" : roomWords((model.quota - model.used) / MEGABYTE);
  return card(gettext("Kept on the phone"), html`
    <p>${families} ${used} ${free}</p>
    ${persistedWords(model.persisted)}
    ${model.persisted ? nothing : html`<div class="ff-actions"><button class="ds-button" data-variant="secondary" type="button" @click=${() => askToKeep(app).then(() => app.reload())}>${gettext("Ask the phone to keep it")}</button></div>`}
    <details class="ff-fold"><summary>${gettext("Put the app on the home screen")}</summary>${installWords(app)}</details>`, { id: "kept" });
}

/** @param {App} app */
function languages(app) {
  const choose = async (/** @type {"nb" | "en"} */ code) => {
    await chooseLanguage(code);
    await app.show({ moves: false });
  };
  return html`<div class="ff-actions" role="group" aria-labelledby="language">
    <button class="ds-button" data-variant=${language() === "nb" ? "primary" : "secondary"} type="button" lang="nb" aria-pressed=${language() === "nb"} @click=${() => choose("nb")}>Norsk</button>
    <button class="ds-button" data-variant=${language() === "en" ? "primary" : "secondary"} type="button" lang="en" aria-pressed=${language() === "en"} @click=${() => choose("en")}>English</button>
  </div>`;
}

/** @param {App} app @param {Model} model */
function log(app, model) {
  const lines = readMemory().log;
  const copy = async () => {
    await navigator.clipboard.writeText(lines.join("\n"));
    app.say(gettext("The log is copied. It holds times, codes and counts, and nothing about a family."));
  };
  return card(gettext("For support"), html`
    <p class="ff-quiet">${gettext("What the phone and the server said to each other: times, codes and counts, nothing about a family.")}</p>
    <details class="ff-fold"><summary>${gettext("See the log")}</summary><pre class="ff-log" tabindex="0" aria-label=${gettext("The log")}>${lines.length > 0 ? lines.join("\n") : gettext("Nothing yet.")}</pre></details>
    <div class="ff-actions"><button class="ds-button" data-variant="secondary" type="button" ?disabled=${lines.length === 0} @click=${copy}>${gettext("Copy the log")}</button></div>`, { id: "log" });
}

/** @param {number} megabytes */
function roomWords(megabytes) {
  return megabytes > PLENTY ? gettext("There is plenty of room.") : gettext("Only %(free)s MB are free for it.", { free: Math.round(megabytes) });
}
