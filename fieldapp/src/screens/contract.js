// @ts-check
// What a screen is. Types only: this module holds no code.

/** @typedef {import("./app.js").App} App */
/** @typedef {import("/static/vendor/lit-html/lit-html.js").TemplateResult} TemplateResult */
/** @typedef {Record<string, string>} Params */

/**
 * One screen. The frame draws its title as the page's one h1, and the way back.
 *
 * `needs` says how far the phone must be opened: "store" for families, "waiting" for what can be done
 * when the lease has run out too, "nothing" for what is shown before anything is unlocked.
 *
 * @typedef {object} Screen
 * @property {(app: App, params: Params, model: any) => string} title
 * @property {(app: App, params: Params) => Promise<any>} load what the screen shows
 * @property {(app: App, model: any, params: Params) => TemplateResult} view
 * @property {"store" | "waiting" | "nothing"} [needs] "store" unless said
 * @property {() => string} [page] what stands in the browser's title, and so in its history on the disk: never a name
 * @property {"today" | "search" | "inbox" | "settings"} [tab] the tab that it belongs to
 * @property {(app: App, params: Params, model: any) => string} [back] where the way back leads; today unless said
 * @property {boolean} [steady] true for forms: a round's news must not redraw them under her fingers
 * @property {(app: App, model: any) => Promise<void>} [keep] write drafts now: it is left, hidden or locked
 */

export {};
