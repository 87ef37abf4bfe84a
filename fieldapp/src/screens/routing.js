// @ts-check
// Which screen an address names. Pure, so that it is tried without a browser's history.

/** @typedef {import("./contract.js").Screen} Screen */
/** @typedef {{ path: string, screen: Screen }} Route */
/** @typedef {{ path: string, screen: Screen, params: Record<string, string> }} Found */

/**
 * The route that a hash names, with what stands in it; null when there is none.
 * @param {readonly Route[]} routes the first that fits is taken
 * @param {string} hash as the browser has it, "#/family/0199…"
 * @returns {Found | null}
 */
export function match(routes, hash) {
  const parts = partsOf(hash.replace(/^#/, ""));
  for (const { path, screen } of routes) {
    const params = paramsOf(partsOf(path), parts);
    if (params) return { path, screen, params };
  }
  return null;
}

/** @param {string} path @returns {string[]} */
function partsOf(path) {
  return path.split("?")[0].split("/").filter(Boolean);
}

/** @param {string[]} wanted @param {string[]} given @returns {Record<string, string> | null} */
function paramsOf(wanted, given) {
  if (wanted.length !== given.length) return null;
  /** @type {Record<string, string>} */
  const params = {};
  for (const [place, part] of wanted.entries()) {
    if (part.startsWith(":")) params[part.slice(1)] = decoded(given[place]);
    else if (part !== given[place]) return null;
  }
  return params;
}

/** @param {string} part @returns {string} what was typed by hand may be no encoding at all */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
