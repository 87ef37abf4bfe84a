// @ts-check
// What waits for her: both versions side by side, one touch to choose.

import { html, nothing } from "/static/vendor/lit-html/lit-html.js";
import { sentence } from "../shown/days.js";
import { itemOf, namesOf } from "../shown/inbox.js";
import { familyName } from "../shown/naming.js";
import { gettext, moment, osloDay } from "../words.js";
import { text } from "./inputs.js";
import { card, errorBox, icon } from "./parts.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../shown/inbox.js").Item} Item */
/** @typedef {Item & { name: string, reason: string, flaw: string }} Shown */
/** @typedef {{ items: Shown[], failed: string }} Model */

/** @type {import("./contract.js").Screen} */
export const inbox = {
  tab: "inbox",
  steady: true,
  title: () => gettext("For you to decide"),
  load: async (app) => {
    const rows = (await app.client.ofKind("inbox")).filter((one) => !one.body.decided_at);
    const families = [...new Set(rows.map((one) => one.family))];
    const members = await app.client.ofKind("member", families);
    const names = namesOf(members);
    const me = app.client.standing()?.account ?? null;
    const called = new Map(families.map((id) => [id, familyName(members.filter((one) => one.family === id), id)]));
    const items = rows.map((row) => ({ ...itemOf(row, names, me), name: called.get(row.family) ?? "", reason: "", flaw: "" }));
    return { items: items.toSorted((one, other) => String(one.openedAt).localeCompare(String(other.openedAt))), failed: "" };
  },
  view: (app, /** @type {Model} */ model) => html`
    ${model.failed ? errorBox(gettext("This is not saved yet (%(code)s).", { code: model.failed }), gettext("Try once more.")) : nothing}
    ${model.items.length === 0 ? html`<div class="ff-empty">${icon("check")}<p>${gettext("Nothing waits for you.")}</p></div>` : model.items.map((one) => item(app, model, one))}`,
};

/** @param {App} app @param {Model} model @param {Shown} one */
function item(app, model, one) {
  return card(
    one.headline,
    html`<div><a class="ff-link" href="#/family/${one.family}">${one.name}</a>${one.openedAt ? html`<p class="ff-quiet">${sentence(moment(one.openedAt, osloDay(app.now())))}</p>` : nothing}</div>
      <p>${one.why}</p>
      <div class="ff-versions">
        ${one.kind === "conflict" ? version(gettext("What stands now"), one.current) : nothing}
        ${one.proposed.length > 0 ? version(one.mine ? gettext("What you sent") : gettext("What was sent"), one.proposed) : nothing}
      </div>
      ${one.offered.some((choice) => choice.needsReason) ? text({ id: `why-${one.id}`, label: gettext("Why, if you set it aside"), rows: 2, value: one.reason, flaw: one.flaw, typed: (reason) => void (one.reason = reason) }) : nothing}
      <div class="ff-actions ff-actions-stacked">${one.offered.map((choice, place) => html`<div class="ff-choice"><button class="ds-button ff-wide" data-variant=${place === 0 ? "primary" : "secondary"} type="button" @click=${() => decide(app, model, one, choice)}>${choice.words}</button>${choice.happens ? html`<p class="ff-hint">${choice.happens}</p>` : nothing}</div>`)}</div>`,
    { id: `item-${one.id}` },
  );
}

/** @param {string} heading @param {readonly import("../shown/inbox.js").Line[]} lines */
function version(heading, lines) {
  return html`<div class="ff-version"><h3>${heading}</h3>${lines.length === 0 ? html`<p class="ff-quiet">${gettext("Nothing.")}</p>` : html`<dl class="ff-terms">${lines.map((one) => html`<dt>${one.label}</dt><dd class="ff-said-words">${one.value}</dd>`)}</dl>`}</div>`;
}

/** @param {App} app @param {Model} model @param {Shown} one @param {import("../shown/inbox.js").Offered} choice */
async function decide(app, model, one, choice) {
  const reason = one.reason.trim();
  if (choice.needsReason && reason === "") {
    one.flaw = gettext("Say why. Only the family's nurses can read it.");
    app.redraw();
    app.focusOn(`why-${one.id}`);
    return;
  }
  const told = choice.choose === "dismiss" && !reason ? { reason: gettext("Read.") } : reason ? { reason } : {};
  try {
    await app.client.save("review.decide", one.family, [{ op: "review.decide", review_id: one.id, choose: choice.choose, ...told }]);
    model.items = model.items.filter((other) => other !== one);
    model.failed = "";
    app.saved();
    app.focusOn("heading");
  } catch (error) {
    model.failed = app.storage(error) ? "StoreFull" : error instanceof Error ? error.name : "?";
    app.redraw();
    app.focusOn("error");
  }
}
