// @ts-check
/** Starts the app: its language, what lies on the phone, its frame, and last what keeps it on the phone. */

import { Client } from "./client/client.js";
import { Drafts } from "./client/drafts.js";
import { install } from "./installing.js";
import { App } from "./screens/app.js";
import { missing, showTrouble } from "./screens/trouble.js";
import { openStore } from "./store/store.js";
import { chosenLanguage, speak } from "./words.js";

await speak(chosenLanguage());
const place = /** @type {HTMLElement} */ (document.querySelector("#app"));
place.replaceChildren();
try {
  const lacks = missing();
  if (lacks) showTrouble(place, lacks);
  else await begin(place);
} catch (error) {
  showTrouble(place, error instanceof Error ? error.name : "unknown");
}
await install();

/** @param {HTMLElement} root */
async function begin(root) {
  /** @type {App | null} */
  let app = null;
  const store = await openStore(undefined, { onReplaced: () => app?.replaced() });
  const client = new Client({ store });
  await client.begin();
  app = new App(root, { client, drafts: new Drafts(store) });
  await app.start();
}
