// @ts-check
/**
 * What the server says of a mutation, and what it may ask a phone to do. All six verdicts mean that
 * the server has it.
 * @module
 */
/** @typedef {"applied" | "noop" | "conflict" | "held" | "parked" | "quarantined"} Verdict */
/** @typedef {"lock" | "wipe" | "upgrade"} Command */

/** Verdicts after which a person, or another change, decides what becomes of it. */
export const WAITING = Object.freeze(["held", "parked", "quarantined"]);

/** Reasons of a reset that a server gives which has lost something. */
export const RESTORED = Object.freeze(["ahead", "diverged"]);
