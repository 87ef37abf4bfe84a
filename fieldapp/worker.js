// @ts-check
/// <reference lib="webworker" />
/**
 * Keeps the app on the phone. The server puts REV and FILES (address -> sha256) before this text.
 *
 * An edition is one cache, filled whole or not at all: every byte is what FILES says, or it does not install and
 * the edition before goes on. Which edition *stands* is written in a cache of its own, and it changes when a page
 * says that nothing is unsent: not by itself, not by closing the app. Nothing but the app's own files is ever
 * looked up or kept here, and they are fetched without credentials: no answer under /api/ can lie in a cache.
 */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const edition = (/** @type {string} */ rev) => `felt-${rev}`;
const STANDING = "felt-standing";

worker.addEventListener("install", (event) => event.waitUntil(install().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => event.waitUntil(hear(event)));
// The phone has a network again. A locked app cannot send by itself; open pages are told, and see to it.
worker.addEventListener("sync", (/** @type {any} */ event) => event.waitUntil(tell("wake")));
worker.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== worker.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(opened());
  else if (/^\/(felt|static)\//.test(pathname)) event.respondWith(stored(pathname, event.request));
});

async function install() {
  const cache = await caches.open(edition(REV));
  try {
    await Promise.all(Object.entries(FILES).map(async ([path, digest]) => cache.put(path, await checked(path, digest))));
  } catch (failure) {
    if (await note("standing") !== REV) await caches.delete(edition(REV));
    throw failure;
  }
}

/** The file at *path*, if it is to the last byte what the list says: the one the browser has kept, else the server's. */
async function checked(/** @type {string} */ path, /** @type {string} */ digest) {
  const found = await fetched(path, digest, "force-cache") ?? await fetched(path, digest, "reload");
  if (!found) throw new Error(`${path} is not the file that belongs to this edition`);
  return found;
}

async function fetched(/** @type {string} */ path, /** @type {string} */ digest, /** @type {RequestCache} */ cache) {
  const answer = await fetch(path, { cache, credentials: "omit", redirect: "error" });
  const bytes = await answer.arrayBuffer();
  const found = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))];
  if (!answer.ok || found.map((byte) => byte.toString(16).padStart(2, "0")).join("") !== digest) return undefined;
  const headers = new Headers(answer.headers);
  headers.delete("Content-Encoding"); // the bytes are unpacked
  headers.delete("Content-Length");
  return new Response(bytes, { headers });
}

async function activate() {
  const standing = await note("standing");
  if (!standing || !(await caches.has(edition(standing)))) await write("standing", REV);
  await tidy();
  await worker.clients.claim();
}

/** Delete every edition but the one that stands and the one that is ready. */
async function tidy() {
  const kept = [STANDING, edition(REV), edition(await note("standing"))];
  const old = (await caches.keys()).filter((name) => name.startsWith("felt-") && !kept.includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function hear(/** @type {ExtendableMessageEvent} */ event) {
  const standing = await note("standing");
  if (event.data === "here") {
    await write("tried", "");
    if (standing !== REV) event.source?.postMessage("waiting");
  }
  if (event.data === "come" && standing !== REV) {
    await change();
    await tell("came");
  }
}

async function change() {
  await write("standing", REV);
  await write("tried", "");
  await tidy();
}

/** The page. An edition that was opened once and never said that it is here is broken: the one that waits is its cure. */
async function opened() {
  if (await note("standing") !== REV) {
    if (await note("tried")) await change();
    else await write("tried", "yes");
  }
  return stored("/felt/", new Request("/felt/"));
}

/** A file of the edition that stands; what does not belong to it is the network's. */
async function stored(/** @type {string} */ path, /** @type {Request} */ request) {
  const cache = await caches.open(edition(await note("standing")));
  return await cache.match(path) ?? fetch(request);
}

async function tell(/** @type {string} */ word) {
  for (const page of await worker.clients.matchAll({ type: "window" })) page.postMessage(word);
}

async function note(/** @type {string} */ name) {
  const found = await (await caches.open(STANDING)).match(`/felt/${name}`);
  return found ? found.text() : "";
}

async function write(/** @type {string} */ name, /** @type {string} */ value) {
  await (await caches.open(STANDING)).put(`/felt/${name}`, new Response(value));
}
