// @ts-check
/**
 * The server's answers, looked through before anything is believed. What has not the shape that it
 * must have counts as damaged on its way; what is there beside it is left alone.
 * @module
 */
import { Unreachable } from "./transport.js";

/** @typedef {import("./report.js").Result} Result */
/** One record: revision, kind, id, body. @typedef {[number, string, string, unknown]} Item */
/** @typedef {{epoch: string, serverTime: number, lastSeq: number, durableSeq: number}} Told */
/** @typedef {Told & {results: Result[]}} PushAnswer */
/** @typedef {{family: string, from: number, to: number, chain: string, links: string[], rows: number, items: Item[]}} Change */
/** @typedef {{family: string, at: number, chain: string, rows: number, part: number, parts: number, items: Item[]}} Snapshot */
/** @typedef {{family: string, purge_id: string, reason: string}} Drop */
/** @typedef {Told & {ask: string | null, scope: {hash: string, families: string[]} | null, drop: Drop[], reset: {family: string, why: string}[], changes: Change[], snapshots: Snapshot[], unreadable: string[], more: boolean}} PullAnswer */
/** @typedef {{keyShare: string | null, leaseUntil: number | null, commands: string[], fresh: boolean}} Lease */
/** @typedef {Told & {lease: Lease, escrowKey: string, escrowKeyId: string}} Enrolled */

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

/** @param {any} told @returns {PushAnswer} */
export function pushAnswer(told) {
  return { ...stands(told), results: results(told.results) };
}

/** @param {any} told @returns {PullAnswer} */
export function pullAnswer(told) {
  const scope = told.scope ?? null;
  const families = scope === null ? null : { hash: text(scope.hash), families: list(scope.families).map(id) };
  return {
    ...stands(told),
    ask: told.ask ?? null,
    scope: families,
    drop: list(told.drop).map((one) => ({ family: id(one.family), purge_id: id(one.purge_id), reason: text(one.reason) })),
    reset: list(told.reset).map((one) => ({ family: id(one.family), why: text(one.why) })),
    changes: list(told.changes).map(change),
    snapshots: list(told.snapshots).map(snapshot),
    unreadable: list(told.unreadable).map(id),
    more: told.more === true,
  };
}

/** @param {any} told @returns {Enrolled} */
export function enrolledAnswer(told) {
  return { ...stands(told), lease: leaseAnswer(told.lease), escrowKey: text(told.escrow_key), escrowKeyId: text(told.escrow_key_id) };
}

/** @param {any} told @returns {Lease} */
export function leaseAnswer(told) {
  must(typeof told === "object" && told !== null);
  return {
    keyShare: told.key_share == null ? null : text(told.key_share),
    leaseUntil: told.lease_until == null ? null : time(told.lease_until),
    commands: list(told.commands).map(text),
    fresh: told.fresh === true,
  };
}

/** @param {any} told @returns {{received: string[], commands: string[]}} */
export function escrowAnswer(told) {
  return { received: list(told.received).map(id), commands: list(told.commands).map(text) };
}

/** @param {any} told @returns {Result[]} */
export function results(told) {
  return list(told).map((one) => {
    must(Number.isSafeInteger(one?.seq));
    return { ...one, id: id(one.id), status: text(one.status) };
  });
}

/** @param {any} told @returns {{id: string, name: string, username: string}} */
export function accountAnswer(told) {
  const username = text(told?.username);
  return { id: id(told.id), username, name: told.display_name ?? username };
}

/** @param {any} told @returns {{token: string, expiresAt: number | null}} */
export function tokenAnswer(told) {
  return { token: text(told?.token), expiresAt: told.expires_at == null ? null : time(told.expires_at) };
}

/** @param {any} told @returns {any} Whatever it is: only that it came counts. */
export function anyAnswer(told) {
  return told;
}

/** An instant, as milliseconds. @param {unknown} told @returns {number} */
export function time(told) {
  const ms = Date.parse(text(told));
  must(Number.isFinite(ms));
  return ms;
}

/** @param {any} told @returns {Told} */
function stands(told) {
  must(typeof told === "object" && told !== null);
  return { epoch: id(told.epoch), serverTime: time(told.server_time), lastSeq: count(told.last_seq), durableSeq: count(told.durable_seq) };
}

/** @param {any} told @returns {Change} */
function change(told) {
  return { family: id(told?.family), from: count(told.from), to: count(told.to), chain: text(told.chain), links: list(told.links).map(text), rows: count(told.rows), items: list(told.items).map(item) };
}

/** @param {any} told @returns {Snapshot} */
function snapshot(told) {
  return { family: id(told?.family), at: count(told.at), chain: text(told.chain), rows: count(told.rows), part: count(told.part), parts: count(told.parts), items: list(told.items).map(item) };
}

/** @param {any} told @returns {Item} */
function item(told) {
  must(Array.isArray(told) && told.length >= 4);
  return [count(told[0]), text(told[1]), id(told[2]), told[3]];
}

/** @param {unknown} told @returns {string} */
function id(told) {
  const found = text(told).toLowerCase();
  must(ID.test(found));
  return found;
}

/** @param {unknown} told @returns {string} */
function text(told) {
  must(typeof told === "string");
  return /** @type {string} */ (told);
}

/** @param {unknown} told @returns {number} */
function count(told) {
  must(Number.isSafeInteger(told) && /** @type {number} */ (told) >= 0);
  return /** @type {number} */ (told);
}

/** @param {unknown} told @returns {any[]} */
function list(told) {
  must(told == null || Array.isArray(told));
  return /** @type {any[]} */ (told ?? []);
}

/** @param {boolean} holds */
function must(holds) {
  if (!holds) throw new Unreachable("answer-damaged");
}
