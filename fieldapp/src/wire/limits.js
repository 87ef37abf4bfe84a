// @ts-check
/**
 * How much one sync request may hold; `nyefamilier/wire/limits.py` has the same numbers, and a test
 * holds the two against each other.
 * @module
 */
export const MUTATIONS = 100;
export const MUTATION_BYTES = 262_144;
export const VOIDED = 10_000;
export const PUSH_BYTES = 1_048_576;
export const OPERATIONS = 40;
export const PULL_BYTES_USUAL = 524_288;
export const RECEIPTS = 500;
export const DEVICE_NAME_CHARS = 60;
export const ESCROWED = 20;
export const HANDED_OVER = 20_000;

/** How long the texts may be that a nurse writes, in characters; from the operations' own fields. */
export const NOTE_CHARS = 20_000;
export const NEED_CHARS = 2_000;
export const NAME_CHARS = 200;
