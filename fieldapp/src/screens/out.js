// @ts-check
// Out alone: check in before she goes in, stay longer, check out. No family sees any of it.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { familyName } from "../shown/naming.js";
import { backBy, checkedIn, checkedOut, stayed } from "../shown/outing.js";
import { newId } from "../wire/ids.js";
import { clock, gettext, ngettext } from "../words.js";
import { icon, notice } from "./parts.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../shown/outing.js").Outing} Outing */
/** @typedef {{ family: string | null, name: string }} Model */

const FIRST = [30, 60, 90, 120];
const MORE = [15, 30, 60];

/** @type {import("./contract.js").Screen} */
export const out = {
  needs: "waiting",
  title: (app) => (isOut(app) ? gettext("You are out alone") : gettext("Out alone")),
  load: async (app, params) => {
    // What another phone of hers told since; without a network she sees what is known here.
    void app.outings.learn().then((isNews) => (isNews ? app.reload() : undefined), () => {});
    const family = params.family ?? app.outings.now?.family ?? null;
    const members = family && app.client.state() === "open" ? await app.client.ofKind("member", [family]) : [];
    return { family, name: family && members.length > 0 ? familyName(members, family) : "" };
  },
  view: (app, model) => (isOut(app) ? outNow(app, /** @type {Outing} */ (app.outings.now), model) : goingOut(app, model)),
};

/** @param {App} app */
function isOut(app) {
  return app.outings.now !== null && app.outings.now.ended === null;
}

/** @param {App} app @param {Model} model */
function goingOut(app, model) {
  return html`
    ${model.name ? html`<p class="ff-lede">${gettext("With %(name)s.", { name: model.name })}</p>` : nothing}
    <p>${gettext("Your base hears of it if you have not checked out a quarter of an hour after you meant to be back. The family never sees it.")}</p>
    <h2 class="ds-heading" data-size="2xs" id="how-long">${gettext("How long do you mean to be there?")}</h2>
    <div class="ff-choices" role="group" aria-labelledby="how-long">
      ${FIRST.map((minutes) => html`<button class="ds-button" data-variant="secondary" type="button" @click=${() => checkIn(app, model, minutes)}>${duration(minutes)}</button>`)}
    </div>
    ${app.outings.waits ? notice(html`<p>${gettext("That you came out before is not told yet. It is told when you have coverage.")}</p>`) : nothing}`;
}

/** @param {App} app @param {Outing} outing @param {Model} model */
function outNow(app, outing, model) {
  return html`
    <p class="ff-out-until"><span class="ff-clock">${clock(backBy(outing))}</span> <span>${isLate(app) ? gettext("is when you meant to be back") : gettext("you mean to be back")}</span></p>
    ${model.name ? html`<p>${gettext("With %(name)s.", { name: model.name })}</p>` : nothing}
    ${outing.told === outing.step
      ? notice(html`<p>${gettext("Your base knows.")}</p>`, "success")
      : notice(html`<p>${gettext("Your base does not know yet: there is no contact. Call if it matters.")}</p>`, "warning")}
    <div class="ff-actions"><button class="ds-button ff-wide" type="button" @click=${() => checkOut(app)}>${icon("check")}${gettext("Check out: I am safe")}</button></div>
    <h2 class="ds-heading" data-size="2xs" id="longer">${gettext("I stay longer")}</h2>
    <div class="ff-choices" role="group" aria-labelledby="longer">
      ${MORE.map((minutes) => html`<button class="ds-button" data-variant="secondary" type="button" @click=${() => stay(app, minutes)}>${duration(minutes)}</button>`)}
    </div>`;
}

/** A line for the frame while she is out; nothing otherwise. @param {App} app */
export function outStrip(app) {
  if (!isOut(app)) return nothing;
  const time = clock(backBy(/** @type {Outing} */ (app.outings.now)));
  const words = isLate(app) ? gettext("You meant to be back at %(time)s. Check out, or stay longer.", { time }) : gettext("Out alone, back by %(time)s", { time });
  return html`<section aria-label=${gettext("Out alone")}><a class="ff-out" href="#/out" ?data-late=${isLate(app)}>${icon("shield")}<span>${words}</span>${icon("on")}</a></section>`;
}

/** @param {App} app */
function isLate(app) {
  return app.now() > backBy(/** @type {Outing} */ (app.outings.now));
}

/** @param {number} minutes */
function duration(minutes) {
  if (minutes % 60 === 0) return ngettext("%(num)s hour", "%(num)s hours", minutes / 60);
  return ngettext("%(num)s minute", "%(num)s minutes", minutes);
}

/** @param {App} app @param {Model} model @param {number} minutes */
async function checkIn(app, model, minutes) {
  await app.outings.keep(checkedIn(newId(), app.now().getTime(), minutes, model.family));
  await told(app, gettext("You are checked in."));
}

/** @param {App} app @param {number} minutes */
async function stay(app, minutes) {
  await app.outings.keep(stayed(/** @type {Outing} */ (app.outings.now), app.now().getTime(), minutes));
  await told(app, gettext("You stay longer."));
}

/** @param {App} app */
async function checkOut(app) {
  await app.outings.keep(checkedOut(/** @type {Outing} */ (app.outings.now), app.now().getTime()));
  await told(app, gettext("You are checked out."));
  app.go("#/today");
}

/** @param {App} app @param {string} words */
async function told(app, words) {
  app.say(words);
  app.focusOn("heading");
  void app.syncing.round({ asked: true });
}
