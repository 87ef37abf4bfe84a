// @ts-check
// The family that a screen is about. One that is not here is said to be gone, and never shown as one with nothing in it.

/** The family was given up, or never was on this phone. */
export class NotFound extends Error {
  constructor() {
    super("The family is not on the phone.");
    this.name = "NotFound";
  }
}

/**
 * @param {import("./app.js").App} app
 * @param {string} id
 * @throws {NotFound} nothing of it is here
 */
export async function theFamily(app, id) {
  const family = await app.client.family(id);
  if (family.records.size === 0 && family.pending.length === 0) throw new NotFound();
  return family;
}
