// @ts-check
/** Starts the app: its language, its frame, and last what keeps it on the phone. */

import { html, render } from "/static/vendor/lit-html/lit-html.js";
import { install } from "./installing.js";
import { chosenLanguage, gettext, speak } from "./words.js";

await speak(chosenLanguage());
const place = /** @type {HTMLElement} */ (document.querySelector("#app"));
place.replaceChildren();
render(html`<main class="felt-start"><h1>${gettext("Nye familier in the field")}</h1></main>`, place);
await install();
