// @ts-check
/**
 * One thing that the nurse meant, as it travels, before it has its place in the order.
 * @module
 */
import { utf8 } from "../wire/bytes.js";
import { newId } from "../wire/ids.js";
import { MUTATION_BYTES, OPERATIONS } from "../wire/limits.js";
import { instant } from "./clocks.js";
import { cursor } from "./copies.js";
import { SCHEMA } from "./outbox.js";

/** Its seq may get longer; what is just below the limit now must still be below it then. */
const SEQ_ROOM = 32;

/** What was to be saved is over a limit of the protocol; nothing was kept. */
export class CannotKeep extends Error {
  /** @param {"too-many-operations" | "mutation-too-large"} why */
  constructor(why) {
    super(why);
    this.name = "CannotKeep";
    this.why = why;
  }
}

/**
 * The mutation, with what the phone's clocks say and what of the family was seen.
 * @param {import("./phone.js").Phone} phone
 * @param {{type: string, family: string, ops: Record<string, unknown>[], occurredAt?: string | Date}} what
 * @throws {CannotKeep}
 */
export async function meant(phone, { type, family, ops, occurredAt }) {
  const { clocks } = phone;
  const wall = clocks.wall();
  const told = {
    id: newId(wall),
    seq: 1,
    v: SCHEMA,
    type,
    family,
    base_rev: (await cursor(phone, family))?.rev ?? 0,
    occurred_at: asInstant(occurredAt) ?? instant(wall),
    ops,
    recorded: { wall: instant(wall), mono_ms: clocks.mono, boot: clocks.boot },
  };
  refuseLarge(told);
  return told;
}

/** @param {string | Date | undefined} told @returns {string | undefined} */
function asInstant(told) {
  return told instanceof Date ? told.toISOString() : told;
}

/** @param {{ops: unknown[]}} told */
function refuseLarge(told) {
  if (told.ops.length > OPERATIONS) throw new CannotKeep("too-many-operations");
  if (utf8(JSON.stringify(told)).length > MUTATION_BYTES - SEQ_ROOM) throw new CannotKeep("mutation-too-large");
}
