// @ts-check
/**
 * Keeps the app on the phone and lets a new edition come when nothing is lost by it. The worker holds the new
 * edition ready, checked byte for byte; it is the page that knows whether work is unsent, and says when.
 */

const WORKER = "/felt/worker.js";
const HOUR = 3_600_000;

/** @type {() => Promise<boolean>} */
let mayCome = async () => true; // an app that never got as far as asking must not keep its own cure away
/** @type {() => void} */
let wake = () => {};
let waiting = false;
let lookedAt = 0;

/**
 * Ask *answer* whenever a new edition waits; it comes once the answer is true: nothing unsent, no text half written.
 * @param {() => Promise<boolean>} answer
 */
export function onUpdateWaiting(answer) {
  mayCome = answer;
}

/** Call *again* when the phone says that there may be a network again. @param {() => void} again */
export function onWake(again) {
  wake = again;
}

/** Whether a new edition waits. @returns {boolean} */
export function updateWaits() {
  return waiting;
}

/** Let a waiting edition come if it may now: to be called after each round of sending, and when the app is left. */
export async function considerUpdate() {
  if (waiting && await mayCome()) navigator.serviceWorker.controller?.postMessage("come");
}

/** Put the app on the phone, or find out whether it is there in the newest edition. */
export async function install() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("message", hear);
  navigator.serviceWorker.addEventListener("controllerchange", ask);
  document.addEventListener("visibilitychange", () => void lookAgain());
  try {
    // The browser's types know no TrustedScriptURL yet.
    await navigator.serviceWorker.register(/** @type {any} */ (workerUrl()), { scope: "/felt/", updateViaCache: "none" });
  } catch {
    // Offline, a private window, or an asset that is not what the server's list says: what is here goes on.
  }
  ask();
}

function ask() {
  navigator.serviceWorker.controller?.postMessage("here");
}

/** @param {MessageEvent} event */
function hear(event) {
  if (event.data === "wake") wake();
  if (event.data === "came") location.reload();
  if (event.data === "waiting") {
    waiting = true;
    void considerUpdate();
  }
}

async function lookAgain() {
  if (waiting) return considerUpdate();
  if (document.visibilityState !== "visible" || Date.now() - lookedAt < HOUR) return undefined;
  lookedAt = Date.now();
  const registration = await navigator.serviceWorker.getRegistration("/felt/");
  await registration?.update().catch(() => undefined);
  return undefined;
}

/** The one address that a script may be started from by its address, where Trusted Types are on. */
function workerUrl() {
  const types = /** @type {any} */ (window).trustedTypes;
  if (!types) return WORKER;
  return types.createPolicy("nyefamilier-worker", { createScriptURL: () => WORKER }).createScriptURL("");
}
