// @ts-check
/**
 * The durable steps of a phone: each is one transaction, and a crash at any of them loses nothing.
 *
 * The twin of `nyefamilier/client/steps.py`, which says what each is. A test puts a hook on the store
 * and learns of each moment by its name.
 * @module
 */
export const STEPS = Object.freeze(
  /** @type {const} */ ([
    "begun",
    "ended",
    "enrolling",
    "enrolled",
    "leased",
    "closed",
    "saved",
    "drafted",
    "verdicts",
    "returned",
    "voided",
    "sealed-off",
    "escrowed",
    "heard",
    "pruned",
    "scoped",
    "changed",
    "part",
    "replaced",
    "doubted",
    "proved",
    "purged",
    "receipted",
    "erasing",
    "handed-over",
  ]),
);

/** @typedef {typeof STEPS[number]} Step */
/** @typedef {(moment: string) => void | Promise<void>} Hook */
