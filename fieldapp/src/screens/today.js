// @ts-check
// Today: the next visit large, the rest below it, what is late apart, tomorrow folded.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { daysBetween, sentence } from "../shown/days.js";
import { placeWords } from "../shown/naming.js";
import { dayShown, familiesShown } from "../shown/today.js";
import { clock, gettext, longDay, moment, ngettext, osloDay, shortDay } from "../words.js";
import { looseNotes, looseSection } from "./loose_note.js";
import { icon, mark } from "./parts.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../shown/today.js").Card} Card */
/** @typedef {import("../shown/today.js").Day} Day */
/** @typedef {import("./contract.js").TemplateResult} TemplateResult */

/** @type {import("./contract.js").Screen} */
export const today = {
  tab: "today",
  title: (app) => sentence(longDay(osloDay(app.now()))),
  load: async (app) => {
    const { client } = app;
    const now = app.now();
    const visits = await client.ofKind("visit");
    const shown = familiesShown(visits, now);
    const [members, addresses, families] = await Promise.all([client.ofKind("member", shown), client.ofKind("address", shown), client.families()]);
    const ages = await client.ages();
    return { day: dayShown({ visits, members, addresses, families: families.length }, now, client.standing()?.account ?? null), ages, loose: await looseNotes(app) };
  },
  view: (app, { day, ages, loose }) => html`
    ${looseSection(loose)}
    ${day.next ? nextVisit(app, day.next, ages) : emptyDay(app, day)}
    ${section(gettext("Later today"), day.rest, (one) => row(app, one))}
    ${section(gettext("Not written yet"), day.late, (one) => row(app, one), gettext("Agreed for an earlier day, and nothing is written. Write the visit, or say that it did not take place."))}
    ${section(gettext("To agree on"), day.due, (one) => dueRow(app, one))}
    ${section(gettext("Done today"), day.done, (one) => row(app, one))}
    ${folded(app, day.tomorrow, ngettext("Tomorrow: %(num)s visit", "Tomorrow: %(num)s visits", day.tomorrow.length), !day.next)}
    ${folded(app, day.soon, ngettext("The days after: %(num)s visit", "The days after: %(num)s visits", day.soon.length), !day.next && day.tomorrow.length === 0)}
    <p class="ff-foot"><a class="ds-button" data-variant="secondary" href="#/new">${icon("add")}${gettext("New family")}</a></p>`,
};

/** @param {App} app @param {Card} one @param {Map<string, string>} ages */
function nextVisit(app, one, ages) {
  const called = one.people.filter((person) => person.phone);
  return html`<article class="ff-next ff-target" aria-labelledby="next">
    <p class="ff-next-when"><span class="ff-clock">${clock(/** @type {Date} */ (one.at))}</span><span class="ff-until">${until(one, app.now())}</span>${one.unsent ? mark("unsent") : nothing}</p>
    <h2 class="ds-heading" data-size="xs" id="next"><a class="ff-cover" href=${visitAddress(one)}>${one.name}</a></h2>
    <p class="ff-next-what">${one.what}</p>
    ${danger(one)}
    <ul class="ff-facts">
      ${whereabouts(one)}
      ${fact("people", html`${one.people.map((person, place) => html`${place ? ", " : ""}<span class="ff-person">${person.name} <span class="ff-quiet">${inner(person.age || person.role)}</span></span>`)}`)}
      ${interpreter(one)}
    </ul>
    ${one.agreed ? html`<div class="ff-agreed"><h3>${gettext("What is agreed")}</h3><p class="ff-said-words">${one.agreed}</p></div>` : nothing}
    ${one.others ? html`<p class="ff-quiet">${gettext("Agreed with another nurse.")}</p>` : nothing}
    <div class="ff-actions ff-above">
      <a class="ds-button ff-half" data-variant="secondary" href="#/family/${one.family}">${gettext("The family")}</a>
      ${one.place === "hjemme" && !app.outings.now ? html`<a class="ds-button ff-half" data-variant="secondary" href="#/out/${one.family}">${icon("shield")}${gettext("Check in")}</a>` : nothing}
      ${called.slice(0, 2).map((person) => html`<a class="ds-button ff-half" data-variant="tertiary" href="tel:${person.phone.replaceAll(" ", "")}">${gettext("Call %(name)s", { name: firstName(person.name) })}</a>`)}
    </div>
    ${dataAge(app, ages.get(one.family))}
  </article>`;
}

/** @param {Card} one */
function danger(one) {
  if (!one.notAlone && !one.safety) return nothing;
  return html`<p class="ff-danger">${icon("shield")}<span><strong>${one.notAlone ? gettext("Do not go alone.") : gettext("For your safety:")}</strong> ${one.safety}</span></p>`;
}

/** @param {Card} one */
function whereabouts(one) {
  if (one.place !== "hjemme") return fact("place", placeWords(one.place));
  const where = [one.area, one.address].filter(Boolean).join("\u00a0· ");
  return html`${where ? fact("place", html`${where}${one.directions ? html`<br><span class="ff-quiet">${one.directions}</span>` : nothing}`) : fact("place", gettext("No address is known. Ask the family where to meet."))}`;
}

/** @param {Card} one */
function interpreter({ interpreter: told }) {
  if (!told) return nothing;
  const who = told.dialect ? `${told.language} (${told.dialect})` : told.language;
  return fact("speech", html`${gettext("Interpreter")}: ${who}. <span class="ff-quiet">${interpreterState(told)}</span>`);
}

/** @param {import("../shown/today.js").Interpreted} told */
function interpreterState(told) {
  if (!told.booked) return gettext("None is booked for this visit.");
  const how = told.remote ? gettext("By telephone or on a screen.") : gettext("In the room.");
  const sure = told.confirmed ? gettext("Confirmed.") : told.askAgain ? gettext("The visit was moved: ask the interpreter anew.") : gettext("Not confirmed yet.");
  return `${how} ${sure}`;
}

/** @param {"people" | "place" | "speech"} name @param {unknown} words */
function fact(name, words) {
  return html`<li>${icon(name)}<span>${words}</span></li>`;
}

/** @param {string} heading @param {Card[]} cards @param {(one: Card) => TemplateResult} shown @param {string} [hint] */
function section(heading, cards, shown, hint) {
  if (cards.length === 0) return nothing;
  return html`<section class="ff-section"><h2 class="ds-heading" data-size="2xs">${heading}</h2>${hint ? html`<p class="ff-hint">${hint}</p>` : nothing}<ul class="ff-rows">${cards.map(shown)}</ul></section>`;
}

/** @param {App} app @param {Card} one */
function row(app, one) {
  const day = one.day === osloDay(app.now()) || one.day === null ? "" : shortDay(one.day);
  return html`<li class="ff-row ff-target">
    <p class="ff-row-when">${one.at ? clock(one.at) : ""}${day ? html`<span class="ff-quiet">${day}</span>` : nothing}</p>
    <div><h3><a class="ff-cover" href=${visitAddress(one)}>${one.name}</a></h3>
      <p class="ff-quiet">${[one.place === "hjemme" ? one.area : placeWords(one.place), one.what].filter(Boolean).join("\u00a0· ")}</p>
      ${warnings(one)}</div>
    ${icon("on")}</li>`;
}

/** @param {App} app @param {Card} one a window that is open, or has passed */
function dueRow(app, one) {
  const days = daysBetween(osloDay(app.now()), /** @type {string} */ (one.day));
  const words = days < 0 ? gettext("its days have passed") : days === 0 ? gettext("today is the last day") : ngettext("%(num)s day left", "%(num)s days left", days);
  return html`<li class="ff-row ff-row-due ff-target">
    <div><h3><a class="ff-cover" href="#/family/${one.family}">${one.name}</a></h3>
      <p class="ff-quiet">${[one.area, one.what].filter(Boolean).join("\u00a0· ")}</p>
      <p class="ff-tags"><span class="ds-tag" data-size="sm" data-color=${days < 2 ? "warning" : "neutral"}>${words}</span>${one.unsent ? mark("unsent") : nothing}</p></div>
    ${icon("on")}</li>`;
}

/** @param {Card} one */
function warnings(one) {
  const tags = [one.notAlone ? html`<span class="ds-tag" data-size="sm" data-color="warning">${gettext("Not alone")}</span>` : nothing, one.interpreter ? html`<span class="ds-tag" data-size="sm" data-color="neutral">${gettext("Interpreter")}</span>` : nothing, one.state === "not_home" ? html`<span class="ds-tag" data-size="sm" data-color="neutral">${gettext("Nobody at home")}</span>` : nothing, one.unsent ? mark("unsent") : nothing].filter((tag) => tag !== nothing);
  return tags.length > 0 ? html`<p class="ff-tags">${tags}</p>` : nothing;
}

/** @param {App} app @param {Card[]} cards @param {string} summary @param {boolean} isNear whether it is what comes next, and so stands open */
function folded(app, cards, summary, isNear) {
  if (cards.length === 0) return nothing;
  return html`<details class="ff-fold" ?open=${isNear}><summary><h2>${summary}</h2></summary><ul class="ff-rows">${cards.map((one) => row(app, one))}</ul></details>`;
}

/** @param {App} app @param {Day} day */
function emptyDay(app, day) {
  if (day.families === 0) {
    const text = app.syncing.running ? gettext("Your families are on their way.") : gettext("There are no families on the phone yet. They come when you send and fetch with coverage.");
    return html`<div class="ff-empty">${icon("calendar")}<p>${text}</p></div>`;
  }
  const text = day.done.length > 0 ? gettext("No more visits are agreed for today.") : gettext("No visits are agreed for today.");
  return html`<div class="ff-empty">${icon("calendar")}<p>${text}</p><p class="ff-quiet">${ngettext("%(num)s family is on the phone.", "%(num)s families are on the phone.", day.families)}</p></div>`;
}

/** @param {App} app @param {string | undefined} told when the copy was last as the server has it */
function dataAge(app, told) {
  const at = told ?? app.syncing.lastAt();
  return at ? html`<p class="ff-age">${gettext("As the server had it %(time)s", { time: moment(new Date(at), osloDay(app.now())) })}</p>` : nothing;
}

/** @param {Card} one @param {Date} now */
function until(one, now) {
  const minutes = Math.round((/** @type {Date} */ (one.at).getTime() - now.getTime()) / 60_000);
  if (one.ends && one.ends <= now) return gettext("over, not written");
  if (minutes <= 0) return gettext("now");
  if (minutes < 60) return ngettext("in %(num)s minute", "in %(num)s minutes", minutes);
  return ngettext("in %(num)s hour", "in %(num)s hours", Math.round(minutes / 60));
}

/** @param {Card} one */
function visitAddress(one) {
  return `#/family/${one.family}/visit/${one.visit}`;
}

/** @param {string} name */
function firstName(name) {
  return name.split(" ")[0];
}

/** @param {string} words as they stand within a sentence */
function inner(words) {
  return words.slice(0, 1).toLowerCase() + words.slice(1);
}
