// @ts-check
/**
 * What lies on the phone: the tables of the reference client (`nyefamilier/client/schema.py`), as
 * stores of IndexedDB. Ids, kinds and revisions lie in the clear; every body is sealed.
 * @module
 */
/** @typedef {import("../wire/bytes.js").Bytes} Bytes */

export const VERSION = 1;

/** @typedef {"meta" | "outbox" | "journal" | "row" | "cursor" | "arrival" | "arrived" | "scope" | "leaving" | "draft"} Table */

/** @type {Readonly<Record<Table, {key: string | string[], indexes: Readonly<Record<string, string | string[]>>}>>} */
export const TABLES = Object.freeze({
  meta: { key: "name", indexes: {} },
  outbox: { key: "seq", indexes: { family: "family" } },
  journal: { key: ["device", "seq"], indexes: { family: "family" } },
  row: { key: ["family", "kind", "id"], indexes: { family: "family", kind: "kind" } },
  cursor: { key: "family", indexes: {} },
  arrival: { key: "family", indexes: {} },
  arrived: { key: ["family", "kind", "id"], indexes: { family: "family" } },
  scope: { key: "family", indexes: {} },
  leaving: { key: "family", indexes: {} },
  draft: { key: "key", indexes: {} },
});

/**
 * Make the tables that a database of an older version lacks.
 * @param {import("idb").IDBPDatabase} database
 */
export function layOut(database) {
  for (const [name, { key, indexes }] of Object.entries(TABLES)) {
    if (!database.objectStoreNames.contains(name)) {
      const table = database.createObjectStore(name, { keyPath: key });
      for (const [index, path] of Object.entries(indexes)) {
        table.createIndex(index, path);
      }
    }
  }
}
