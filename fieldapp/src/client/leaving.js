// @ts-check
/**
 * Gives up families: what is unsent first, then everything of them, then the receipt.
 * @module
 */
import { familiesIn, remove } from "./copies.js";

/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./answers.js").Drop} Drop */
/** A family to be given up; `gone` is how many rows were deleted, once they are. @typedef {{family: string, purgeId: string, reason: string, gone: number | null}} Leaving */
/** @typedef {{purge_id: string, family: string, rows: number}} Receipt */

/**
 * Note which families may be here, and which are to go. A family that was to go and may stay after all
 * is left alone, unless it is gone already.
 * @param {Phone} phone
 * @param {{hash: string, families: string[]} | null} scope
 * @param {Drop[]} drops
 */
export async function takeScope(phone, scope, drops) {
  const known = new Map((await leaving(phone)).map((one) => [one.family, one.purgeId]));
  if (scope === null && drops.every((drop) => known.get(drop.family) === drop.purge_id)) return;
  await phone.durable("scoped", ["scope", "leaving"], async (desk) => {
    const [may, going] = [desk.table("scope"), desk.table("leaving")];
    if (scope !== null) {
      const stays = new Set(scope.families);
      const left = (await going.getAll()).filter((/** @type {any} */ one) => one.gone === null && stays.has(one.family));
      await may.clear();
      await Promise.all([
        ...Array.from(stays, (family) => may.put({ family })),
        ...left.map((/** @type {any} */ one) => going.delete(one.family)),
        desk.stand({ scopeHash: scope.hash }),
      ]);
    }
    await Promise.all(drops.map(({ family, purge_id: purgeId, reason }) => going.put({ family, purgeId, reason, gone: null })));
  });
}

/** The families that are to be given up, and those whose receipt is not in yet. @param {Phone} phone @returns {Promise<Leaving[]>} */
export function leaving(phone) {
  return phone.store.all("leaving");
}

/**
 * Families of which something lies here that may not, and that nobody asked to give up: their cursor
 * was given up, so that the server does not know of them.
 * @param {Phone} phone
 * @returns {Promise<string[]>}
 */
export async function strays(phone) {
  const [may, known, going] = await Promise.all([phone.store.all("scope"), phone.store.all("cursor"), leaving(phone)]);
  const mayStay = new Set(may.map((one) => one.family));
  const accounted = new Set([...mayStay, ...[...known, ...going].map((one) => one.family)]);
  const rows = (await familiesIn(phone, "row")).filter((family) => !accounted.has(family));
  const parts = (await phone.store.all("arrival")).map((one) => one.family).filter((family) => !mayStay.has(family));
  return [...new Set([...rows, ...parts])];
}

/**
 * Delete everything of a family in one transaction. What the nurse wrote and the server has not named
 * stays, as the copy that only the server can open.
 * @param {Phone} phone
 * @param {string} family
 * @returns {Promise<number>} How many rows there were.
 */
export function purge(phone, family) {
  return phone.durable("purged", ["row", "cursor", "arrival", "arrived", "outbox", "journal", "leaving", "draft"], async (desk) => {
    const gone = await remove(desk, family);
    for (const name of /** @type {const} */ (["outbox", "journal"])) {
      const table = desk.table(name);
      const ours = await table.index("family").getAll(family);
      await Promise.all(ours.map((/** @type {any} */ row) => table.put({ ...row, raw: null, ...(name === "outbox" && { refused: row.refused ?? "purged" }) })));
    }
    const drafts = (await desk.table("draft").getAllKeys()).filter((/** @type {IDBValidKey} */ key) => String(key).includes(family));
    await Promise.all(drafts.map((/** @type {IDBValidKey} */ key) => desk.table("draft").delete(key)));
    const told = await desk.table("leaving").get(family);
    if (told !== undefined) await desk.table("leaving").put({ ...told, gone });
    return gone;
  });
}

/** What is to be told of families that are gone. @param {Phone} phone @returns {Promise<Receipt[]>} */
export async function receipts(phone) {
  return (await leaving(phone)).flatMap((one) => (one.gone === null ? [] : [{ purge_id: one.purgeId, family: one.family, rows: one.gone }]));
}

/** The server has these receipts. @param {Phone} phone @param {Receipt[]} told */
export function receipted(phone, told) {
  return phone.durable("receipted", ["leaving"], async (desk) => {
    for (const one of told) {
      const found = await desk.table("leaving").get(one.family);
      if (found?.purgeId === one.purge_id) await desk.table("leaving").delete(one.family);
    }
  });
}
