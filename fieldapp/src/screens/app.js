// @ts-check
// The frame around every screen: which one is shown, locking, the line about sending, one tab.

import { html, nothing, render } from "/static/vendor/lit-html/lit-html.js";
import { considerUpdate, onUpdateWaiting, onWake } from "../installing.js";
import { gettext } from "../words.js";
import { frame } from "./frame.js";
import { Watch } from "./locking.js";
import { Outings } from "./outings.js";
import { routes } from "./routes.js";
import { match } from "./routing.js";
import { gate } from "./gate.js";
import { Syncing } from "./syncing.js";
import { beTheOnlyTab } from "./tabs.js";
import { broken } from "./broken.js";

/** @typedef {import("./contract.js").Screen} Screen */
/** @typedef {import("./contract.js").Params} Params */
/** @typedef {import("../client/client.js").Client} Client */
/** @typedef {import("../client/drafts.js").Drafts} Drafts */
/** @typedef {{ screen: Screen, params: Params, model: any, hash: string }} Current */

/** A screen that takes longer than this to load says so. */
const PATIENCE_MS = 400;

/** What screens are given: the client, the drafts, and the frame's own verbs. */
export class App {
  /**
   * @param {HTMLElement} root what the app is drawn in
   * @param {{ client: Client, drafts: Drafts, now?: () => Date }} parts
   */
  constructor(root, { client, drafts, now = byTheServer(client) }) {
    this.root = root;
    this.client = client;
    this.drafts = drafts;
    this.now = now;
    this.account = /** @type {{ name: string, username: string } | null} */ (null);
    this.current = /** @type {Current | null} */ (null);
    this.before = "#/today";
    this.said = "";
    this.elsewhere = false;
    this.gone = false;
    this.agreed = false;
    this.outings = new Outings(client, drafts, now);
    this.syncing = new Syncing(client, { now, changed: (report) => this.#synced(report), besides: () => this.outings.tell() });
    this.watch = new Watch({ keep: () => this.keep(), lock: () => void this.lock() });
    this.turn = 0;
    this.started = false;
    this.saying = 0;
  }

  /** Begin: be the only tab, then show what the address names. */
  async start({ steal = false } = {}) {
    this.elsewhere = !(await beTheOnlyTab({ lost: () => this.#lost(), steal }));
    if (!this.started) this.#listen();
    this.started = true;
    await this.syncing.count();
    await this.show();
    if (!this.elsewhere) this.syncing.start();
  }

  /** Show another screen. @param {string} hash "#/today" */
  go(hash) {
    if (location.hash === hash) void this.show();
    else location.hash = hash;
  }

  /** Draw the same screen again with the same model. */
  redraw() {
    if (!this.current) return;
    const { screen, params, model } = this.current;
    render(frame(this), this.root);
    const main = this.#main();
    if (main) render(screen.view(this, model, params), main);
  }

  /** Load the screen's model anew and draw it, where she is. */
  reload() {
    return this.show({ moves: false });
  }

  /** Say something once, to the eye and to screen readers. @param {string} text */
  say(text) {
    this.said = text;
    this.redraw();
    clearTimeout(this.saying);
    this.saying = setTimeout(() => {
      this.said = "";
      this.redraw();
    }, 8000);
  }

  /** After each save: say where it is, and send it if that can be; the line about sending says how that goes. */
  saved() {
    this.syncing.full = false;
    this.say(gettext("Saved on the phone."));
    void this.syncing.count().then(() => this.syncing.round({ asked: true }));
  }

  /**
   * If it was the phone's storage that failed: say so in the line about sending.
   * @param {unknown} error
   * @returns {boolean} whether it was
   */
  storage(error) {
    const isFull = error instanceof Error && ["StoreFull", "QuotaExceededError"].includes(error.name);
    if (isFull) {
      this.syncing.full = true;
      this.redraw();
    }
    return isFull;
  }

  /** Send and fetch now, by her own hand. */
  async sendNow() {
    // The line about sending says each step, and how it ended.
    await this.syncing.round({ asked: true });
    this.redraw();
  }

  /** Forget the keys. Where she is stays in the address, and what she wrote in the drafts. */
  async lock() {
    if (!["open", "lease-over"].includes(this.client.state())) return;
    await this.keep();
    this.client.lock();
    this.outings.lock();
    this.account = null;
    this.said = "";
    await this.show();
  }

  /** After unlocking: back to the same place. */
  async unlocked() {
    this.watch.touched = this.watch.clock();
    this.account = await this.client.account();
    await this.outings.load();
    await this.syncing.count();
    await this.show();
    void this.syncing.round();
  }

  /**
   * Whether a new version that waits may come now: it reloads the page. Nothing may be unsent, and she has said
   * so, or is not looking at an app that is locked anyhow.
   */
  async mayUpdate() {
    this.redraw();
    await this.syncing.count();
    const isAsleep = this.client.state() === "locked" && document.visibilityState === "hidden";
    return this.syncing.unsent === 0 && (this.agreed || isAsleep);
  }

  /** She wants the new version now. */
  async update() {
    this.agreed = true;
    await this.keep();
    await considerUpdate();
  }

  /** The store was taken by a newer version in another tab, or erased there, or the browser closed it. */
  replaced() {
    this.gone = true;
    this.elsewhere = true;
    this.#forget();
    void this.show();
  }

  /** She wants the app in this tab. A store that was closed is opened only by starting anew. */
  useHere() {
    if (this.gone) location.reload();
    else void this.start({ steal: true });
  }

  /** Put the focus on something once it is drawn: an error that came. @param {string} id */
  focusOn(id) {
    document.getElementById(id)?.focus();
  }

  /** Write the drafts of the screen that is shown. */
  async keep() {
    if (!this.current || this.client.state() === "locked") return;
    try {
      await this.current.screen.keep?.(this, this.current.model);
    } catch (error) {
      this.storage(error);
    }
  }

  /** Show what the address names, as far as the phone is open. @param {{ moves?: boolean }} [how] moves: she went there, so the focus goes along */
  async show({ moves = true } = {}) {
    const turn = ++this.turn;
    if (moves) await this.keep();
    const hash = location.hash || "#/today";
    const found = match(routes, hash) ?? { path: "", screen: routes[0].screen, params: {} };
    const screen = gate(this, found.screen);
    const waits = setTimeout(() => this.#say(gettext("Opening …")), PATIENCE_MS);
    const current = await this.#loaded(screen, found.params, hash);
    clearTimeout(waits);
    if (turn !== this.turn) return;
    if (this.said === gettext("Opening …")) this.said = "";
    const stays = !moves && this.current?.screen === current.screen;
    if (this.current && this.current.hash !== hash) this.before = this.current.hash;
    this.current = current;
    if (!stays) this.#empty();
    this.redraw();
    if (!stays) this.#arrive();
  }

  /** @param {Screen} screen @param {Params} params @param {string} hash @returns {Promise<Current>} */
  async #loaded(screen, params, hash) {
    try {
      return { screen, params, hash, model: await screen.load(this, params) };
    } catch (error) {
      return { screen: broken, params, hash, model: error };
    }
  }

  #empty() {
    const main = this.#main();
    // Nothing of the screen before may be taken over into this one: not what stood in its fields.
    if (main) render(nothing, main);
  }

  #arrive() {
    if (this.current) document.title = pageTitle(this, this.current);
    scrollTo(0, 0);
    document.getElementById("heading")?.focus({ preventScroll: true });
  }

  #main() {
    return document.getElementById("screen");
  }

  /** @param {string} text */
  #say(text) {
    this.said = text;
    this.redraw();
  }

  /** @param {import("../client/report.js").Report | null} report */
  #synced(report) {
    const isClosed = this.current && gate(this, this.current.screen) !== this.current.screen;
    const brought = report && (report.received.length > 0 || report.verdicts.length > 0 || sizeOf(report.purged) > 0);
    if (isClosed || (brought && !this.current?.screen.steady)) void this.show({ moves: false });
    else this.redraw();
    if (report) void considerUpdate();
  }

  #lost() {
    this.elsewhere = true;
    void this.keep().then(() => {
      this.#forget();
      return this.show();
    });
  }

  #forget() {
    if (["open", "lease-over"].includes(this.client.state())) this.client.lock();
    this.outings.lock();
  }

  #listen() {
    addEventListener("hashchange", () => void this.show());
    onUpdateWaiting(() => this.mayUpdate());
    onWake(() => void this.syncing.round({ asked: true }));
    this.watch.start();
  }
}

/** The time by the server's clock, as far as it is known: a phone's may be a year wrong. @param {Client} client */
function byTheServer(client) {
  return () => new Date(Date.now() + (client.standing()?.offset ?? 0));
}

/**
 * The page's title. The browser writes it into its history, so a screen about a family says only what it is.
 * @param {App} app @param {Current} current
 */
function pageTitle(app, { screen, params, model }) {
  const isAboutFamily = (screen.needs ?? "store") === "store" && !screen.tab;
  const title = screen.page?.() ?? (isAboutFamily ? "" : screen.title(app, params, model));
  return title ? `${title} – Nye familier` : "Nye familier";
}

/** @param {Map<string, number> | Record<string, number>} told @returns {number} */
function sizeOf(told) {
  return told instanceof Map ? told.size : Object.keys(told).length;
}
