// @ts-check
// One family: what the parents said first, then what is agreed, who is who, what was written.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { noteKinds, needStates, visitState, wordsOf } from "../shown/choices.js";
import { familyPage } from "../shown/family_page.js";
import { languageName, placeWords } from "../shown/naming.js";
import { sentence } from "../shown/days.js";
import { gettext, longDay, moment, ngettext, osloDay, shortDay } from "../words.js";
import { card, icon, mark, notice } from "./parts.js";
import { theFamily } from "./the_family.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../shown/family_page.js").Page} Page */
/** @typedef {{ id: string, page: Page, age: string | undefined }} Model */

const NOTES = 5;

/** @type {import("./contract.js").Screen} */
export const family = {
  title: (_app, _params, model) => model.page.name,
  load: async (app, { family: id }) => {
    const [found, ages] = await Promise.all([theFamily(app, id), app.client.ages()]);
    return { id, page: familyPage(found, app.now(), app.client.standing()?.account ?? null), age: ages.get(id) };
  },
  view: (app, /** @type {Model} */ { id, page, age }) => html`
    ${page.isLost ? notice(html`<p>${gettext("The pregnancy ended, or the child has died. Nothing more is planned or sent.")}</p>`) : nothing}
    ${page.deciding > 0 ? notice(html`<p><a class="ff-link" href="#/inbox">${ngettext("%(num)s thing about this family needs you to decide", "%(num)s things about this family need you to decide", page.deciding)}</a></p>`, "warning") : nothing}
    ${page.unreadable > 0 ? notice(html`<p>${ngettext("%(num)s thing that you wrote is sealed to the server. The phone cannot show it; it is not lost.", "%(num)s things that you wrote are sealed to the server. The phone cannot show them; they are not lost.", page.unreadable)}</p>`) : nothing}
    ${needs(id, page)}
    <div class="ff-actions">
      <a class="ds-button ff-wide" href="#/family/${id}/visit/${page.coming[0]?.id ?? "new"}">${gettext("Write a visit")}</a>
      <a class="ds-button ff-half" data-variant="secondary" href="#/family/${id}/note">${gettext("Write a note")}</a>
      ${page.pregnancy ? html`<a class="ds-button ff-half" data-variant="secondary" href="#/family/${id}/birth">${gettext("Record the birth")}</a>` : nothing}
    </div>
    ${visits(id, page)}
    ${people(page)}
    ${notes(app, id, page)}
    <details class="ff-fold"><summary>${gettext("More about the family")}</summary><ul class="ff-links">
      ${page.pregnancy ? html`<li><a class="ff-link" href="#/family/${id}/loss">${gettext("The family has lost the child")}</a></li>` : nothing}
      <li><a class="ff-link" href="#/family/${id}/handover">${gettext("Hand the family over")}</a></li>
    </ul></details>
    <p class="ff-age">${age ? gettext("As the server had it %(when)s.", { when: moment(age, osloDay(app.now())) }) : gettext("This family is not whole on the phone yet.")}</p>`,
};

/** @param {string} id @param {Page} page */
function needs(id, { needs: open, closed }) {
  return card(
    gettext("What the parents said"),
    html`${open.length === 0 ? html`<p class="ff-quiet">${gettext("Nothing is open.")}</p>` : open.map((one) => need(one))}
      ${closed.length > 0 ? html`<details class="ff-fold"><summary>${ngettext("%(num)s closed", "%(num)s closed", closed.length)}</summary>${closed.map((one) => need(one))}</details>` : nothing}
      <div class="ff-actions">${open.length > 0 ? html`<a class="ds-button" data-variant="secondary" href="#/family/${id}/needs">${gettext("Look at them together")}</a>` : nothing}<a class="ds-button" data-variant="tertiary" href="#/family/${id}/need">${icon("add")}${gettext("Write down a need")}</a></div>`,
    { tone: "warm", id: "needs" },
  );
}

/** @param {import("../shown/family_page.js").Need} one */
function need(one) {
  return html`<article class="ff-need">
    <blockquote>${one.words || gettext("A need that only the family's nurses can read.")}</blockquote>
    ${one.wish ? html`<p><span class="ff-quiet">${gettext("What they hope for:")}</span> ${one.wish}</p>` : nothing}
    <p class="ff-quiet">${[one.by, one.at ? shortDay(osloDay(one.at)) : "", wordsOf(needStates(), one.state)].filter(Boolean).join("\u00a0· ")} ${mark(one.stands)}</p>
  </article>`;
}

/** @param {string} id @param {Page} page */
function visits(id, { coming, past }) {
  if (coming.length + past.length === 0) return nothing;
  return card(
    gettext("Visits"),
    html`<ul class="ff-rows">${coming.slice(0, 4).map((one) => visit(id, one))}</ul>
      ${past.length > 0 ? html`<details class="ff-fold"><summary>${ngettext("%(num)s visit before", "%(num)s visits before", past.length)}</summary><ul class="ff-rows">${past.map((one) => visit(id, one))}</ul></details>` : nothing}`,
    { id: "visits" },
  );
}

/** @param {string} family @param {import("../shown/family_page.js").Visit} one */
function visit(family, one) {
  const isOpen = one.state === "booked" || one.state === "planned";
  const words = html`<p class="ff-quiet">${[when(one), one.place && one.state !== "planned" ? placeWords(one.place) : "", visitState(one.state)].filter(Boolean).join("\u00a0· ")}</p>
    ${one.agreed ? html`<p class="ff-said-words">${one.agreed}</p>` : nothing}${mark(one.stands)}`;
  return html`<li class="ff-row ff-row-due ff-target"><div><h3>${isOpen ? html`<a class="ff-cover" href="#/family/${family}/visit/${one.id}">${one.what}</a>` : one.what}</h3>${words}</div>${isOpen ? icon("on") : nothing}</li>`;
}

/** @param {import("../shown/family_page.js").Visit} one */
function when(one) {
  if (one.at) return sentence(moment(one.at));
  if (one.opens && one.closes) return gettext("between %(first)s and %(last)s", { first: shortDay(one.opens), last: shortDay(one.closes) });
  return one.opens ? sentence(shortDay(one.opens)) : "";
}

/** @param {Page} page */
function people({ people: all, address, term }) {
  return card(
    gettext("Who is who"),
    html`<ul class="ff-plain ff-people">${all.map((one) => html`<li><div>
        <strong>${one.name}</strong> <span class="ff-quiet">${[one.age || one.what, one.isGone ? gettext("has died") : ""].filter(Boolean).join(", ")}</span>
        ${one.language ? html`<p>${gettext("Needs an interpreter: %(language)s", { language: languageName(one.language) })}</p>` : nothing}
        ${mark(one.stands)}</div>
        ${one.phone ? html`<a class="ds-button" data-variant="tertiary" href="tel:${one.phone.replaceAll(" ", "")}">${one.phone}</a>` : nothing}</li>`)}</ul>
      ${term ? html`<p>${gettext("Term %(day)s", { day: longDay(term) })}</p>` : nothing}
      ${address ? html`<p>${icon("place")} ${[address.area, address.lines].filter(Boolean).join("\u00a0· ")}</p>${address.directions ? html`<p class="ff-quiet">${address.directions}</p>` : nothing}` : html`<p class="ff-quiet">${gettext("No address is known. Ask the family where to meet.")}</p>`}`,
    { id: "people" },
  );
}

/** @param {App} app @param {string} id @param {Page} page */
function notes(app, id, { notes: all }) {
  if (all.length === 0) return nothing;
  return card(
    gettext("Notes"),
    html`${all.slice(0, NOTES).map((one) => note(app, id, one))}
      ${all.length > NOTES ? html`<details class="ff-fold"><summary>${ngettext("%(num)s older note", "%(num)s older notes", all.length - NOTES)}</summary>${all.slice(NOTES).map((one) => note(app, id, one))}</details>` : nothing}`,
    { id: "notes" },
  );
}

/** @param {App} app @param {string} id @param {import("../shown/family_page.js").Note} one */
function note(app, id, one) {
  const told = [one.at ? sentence(moment(one.at, osloDay(app.now()))) : "", one.about, one.kind === "ordinary" ? "" : wordsOf(noteKinds(), one.kind)];
  return html`<article class="ff-note">
    <p class="ff-quiet">${told.filter(Boolean).join("\u00a0· ")} ${mark(one.stands)}</p>
    <p class="ff-said-words">${one.text || gettext("Only few may read this note.")}</p>
    ${one.before.length > 0 ? html`<details class="ff-fold"><summary>${gettext("The version before")}</summary>${one.before.map((text) => html`<p class="ff-said-words ff-quiet">${text}</p>`)}</details>` : nothing}
    ${one.mine && one.text ? html`<p><a class="ff-link" href="#/family/${id}/note/${one.id}">${gettext("Correct")}</a></p>` : nothing}
  </article>`;
}
