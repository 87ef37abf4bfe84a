// @ts-check
/**
 * What an operation plainly does to a family's records, laid over them while it is pending. It guesses;
 * what really became of it is the server's to say. An operation that is not here is only listed.
 * @module
 */

/** @typedef {Record<string, any>} Body */
/** One record and what of it changes. @typedef {[kind: string, id: unknown, values: Body]} Effect */
/** @typedef {(op: Body, occurredAt: string | null) => Effect[]} Effects */

/** @type {Readonly<Record<string, Effects>>} */
const EFFECTS = Object.freeze({
  "note.write": (op) => [["note", op.note_id, told(op, "note_id")]],
  "note.correct": (op) => [["note", op.note_id, told(op, "note_id")]],
  "need.state": (op) => [["need", op.need_id, { ...told(op, "need_id"), state: "open" }]],
  "need.review": reviewed,
  "need.close": reviewed,
  "visit.book": (op) => [["visit", op.visit_id, { ...told(op, "visit_id"), state: "booked" }]],
  "visit.record": recorded,
  "visit.cancel": (op) => [["visit", op.visit_id, { state: `cancelled_by_${op.by}`, cancel_reason: op.reason }]],
  "member.update": (op) => [["member", op.member_id, told(op, "member_id")]],
  "member.add": ({ member }) => [["member", member?.id, told(member, "id")]],
  "family.register": (op) => [
    ...list(op.members).map((member) => /** @type {Effect} */ (["member", member?.id, told(member, "id")])),
    ["address", op.address?.id, told(op.address, "id")],
  ],
  "address.set": ({ address }) => [["address", address?.id, told(address, "id")]],
  "pregnancy.register": (op) => [["pregnancy", op.pregnancy_id, { ...told(op, "pregnancy_id"), outcome: "ventet" }]],
  "birth.record": born,
  "homecoming.record": (op) => [["pregnancy", op.pregnancy_id, { homecoming_on: op.homecoming_on }]],
  "term.correct": (op) => [["pregnancy", op.pregnancy_id, { term: op.term }]],
  "birth.correct": (op) => [["pregnancy", op.pregnancy_id, { ended_on: op.born_on }]],
  "loss.record": (op) => [["pregnancy", op.pregnancy_id, { outcome: op.outcome, ended_on: op.on }]],
  "death.record": (op) => [["member", op.member_id, { died_on: op.on }]],
  "offer.make": (op) => [["offer", op.offer_id, told(op, "offer_id")]],
  "offer.answer": (op) => [["answer", op.answer_id, told(op, "answer_id")]],
  "review.decide": (op, occurredAt) => [["inbox", op.review_id, { decision: op.choose, why: op.reason ?? null, decided_at: occurredAt }]],
});

/**
 * What an operation does to which records.
 * @param {Body} op
 * @param {string | null} occurredAt
 * @returns {[kind: string, id: string, values: Body][]}
 */
export function effects(op, occurredAt) {
  const all = EFFECTS[String(op.op)]?.(op, occurredAt) ?? [];
  return all.flatMap(([kind, id, values]) => (typeof id === "string" ? [[kind, id.toLowerCase(), values]] : []));
}

/** The operation's own fields, for records whose fields are named alike. @param {Body | undefined} op @param {...string} leftOut @returns {Body} */
function told(op, ...leftOut) {
  return Object.fromEntries(Object.entries(op ?? {}).filter(([name]) => name !== "op" && !leftOut.includes(name)));
}

/** @type {Effects} */
function reviewed(op) {
  return [
    ["need", op.need_id, { state: op.state }],
    ["review", op.review_id, told(op, "review_id")],
  ];
}

/** @type {Effects} */
function recorded(op) {
  const visit = { ...told(op, "visit_id", "outcome", "next_visit", "interpreter"), state: op.outcome };
  const next = op.next_visit;
  /** @type {Effect} */
  const agreed = ["visit", next?.id, { kind: "avtalt", state: next?.at ? "booked" : "planned", ideal: next?.on, at: next?.at ?? null, place: next?.place ?? null }];
  return [["visit", op.visit_id, visit], agreed];
}

/** @type {Effects} */
function born(op) {
  const children = list(op.children);
  const outcome = children.length > 0 && children.every((child) => child?.stillborn) ? "dodfodt" : "fodt";
  const home = op.homecoming_on === undefined ? {} : { homecoming_on: op.homecoming_on };
  return [
    ["pregnancy", op.pregnancy_id, { outcome, ended_on: op.born_on, ...home }],
    ...children.map((child) => /** @type {Effect} */ (["member", child?.member_id, { ...told(child, "member_id"), role: "barn", pregnancy_id: op.pregnancy_id, born_on: op.born_on }])),
  ];
}

/** @param {unknown} told @returns {Body[]} */
function list(told) {
  return Array.isArray(told) ? told : [];
}
