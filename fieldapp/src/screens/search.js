// @ts-check
// Finding one of her families. What is typed never leaves the phone.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { entries, matching } from "../shown/search.js";
import { gettext, ngettext, osloDay } from "../words.js";
import { field, icon } from "./parts.js";

/** @typedef {import("../shown/search.js").Entry} Entry */

/** @type {import("./contract.js").Screen} */
export const search = {
  tab: "search",
  steady: true,
  title: () => gettext("Find a family"),
  load: async (app) => {
    const [members, addresses] = await Promise.all([app.client.ofKind("member"), app.client.ofKind("address")]);
    return { all: entries({ members, addresses }, osloDay(app.now())), typed: "" };
  },
  view: (app, model) => {
    const found = matching(model.all, model.typed);
    return html`
      ${field({
        id: "typed",
        label: gettext("Name, child, address or telephone"),
        hint: gettext("Only on this phone, only your own families."),
        input: html`<input class="ds-input" id="typed" type="search" autocomplete="off" autocorrect="off" spellcheck="false" enterkeyhint="search" aria-describedby="typed-hint" .value=${model.typed} @input=${(/** @type {InputEvent} */ event) => { model.typed = /** @type {HTMLInputElement} */ (event.target).value; app.redraw(); }}>`,
      })}
      <p class="ff-quiet" role="status">${found.length === 0 ? nothing : ngettext("%(num)s family", "%(num)s families", found.length)}</p>
      ${found.length > 0 ? html`<ul class="ff-rows">${found.map(row)}</ul>` : none(model)}`;
  },
};

/** @param {Entry} one */
function row(one) {
  return html`<li class="ff-row ff-row-due ff-target">
    <div><h2 class="ff-row-title"><a class="ff-cover" href="#/family/${one.family}">${one.name}</a></h2>
      ${one.children ? html`<p>${one.children}</p>` : nothing}
      ${one.area ? html`<p class="ff-quiet">${one.area}</p>` : nothing}</div>
    ${icon("on")}</li>`;
}

/** @param {{ all: Entry[] }} model */
function none({ all }) {
  if (all.length === 0) return html`<div class="ff-empty">${icon("people")}<p>${gettext("There are no families on the phone yet.")}</p></div>`;
  return html`<div class="ff-empty">${icon("search")}<p>${gettext("None of your families fits.")}</p><p class="ff-quiet">${gettext("Families with a protected address are never on a phone. Find them on the pages.")}</p></div>`;
}
