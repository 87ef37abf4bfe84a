// @ts-check
/**
 * The phone as the screens use it: write, look, and make one round when there is a network.
 * @module
 */
import { CannotOpen } from "../vault/store_key.js";
import { WrongCode } from "../vault/unlocking.js";
import { signer } from "../vault/signing.js";
import { Clocks, instant, madeAt } from "./clocks.js";
import { cursors, doubt, families } from "./copies.js";
import { OtherNurse, enrol } from "./enrolling.js";
import { openUp } from "./leasing.js";
import { CannotKeep, meant } from "./meaning.js";
import { VOID, put, unsent } from "./outbox.js";
import { Pace } from "./pace.js";
import { Phone } from "./phone.js";
import { Rounds } from "./rounds.js";
import { giveUp } from "./retiring.js";
import { familyShown, kindShown } from "./showing.js";
import { NotEnrolled, leaseLeft } from "./standing.js";
import { Line } from "./talking.js";
import { accountOf, forget, recall, signedIn } from "./tokens.js";
import { byFetch } from "./transport.js";

export { CannotKeep, NotEnrolled, OtherNurse };

/** @typedef {import("../wire/bytes.js").Bytes} Bytes */
/** @typedef {import("./enrolling.js").Fresh} Fresh */
/** @typedef {import("./rounds.js").Tell} Tell */
/** @typedef {import("./report.js").Report} Report */
/** "lease-over": unlocked, and the caseload is closed; "stopped": by the server. @typedef {"new" | "locked" | "open" | "lease-over" | "stopped" | "wiped"} State */

/** What she wrote is on this phone only. */
export class StillUnsent extends Error {
  constructor() {
    super("Not all is sent.");
    this.name = "StillUnsent";
  }
}

/** One nurse's phone. */
export class Client {
  #phone;
  #rounds;
  /** @type {Promise<Report> | null} */
  #round = null;
  /** @type {Promise<unknown>} */
  #ending = Promise.resolve();

  /**
   * @param {object} parts
   * @param {import("../store/store.js").Store} parts.store Her store, and nobody else's.
   * @param {import("./transport.js").Transport} [parts.transport] How requests reach the server.
   * @param {Clocks} [parts.clocks]
   * @param {string} [parts.name] What she calls the phone.
   * @param {() => number} [parts.chance] By which waits are drawn.
   * @param {number} [parts.maxBytes] How much one pull may bring.
   */
  constructor({ store, transport = byFetch, clocks = new Clocks(), name = "Telefon", chance, maxBytes }) {
    this.store = store;
    this.name = name;
    this.#phone = new Phone(store, clocks, new Line(transport));
    this.#rounds = new Rounds(this.#phone, new Pace(clocks.running, chance), { name, maxBytes });
  }

  /** Read where the phone stands; whatever is asked of it first does so too. */
  async begin() {
    if (this.#phone.standing === null) await this.#phone.look();
  }

  /** Whether the phone is enrolled, unlocked, lent a key. @returns {State} */
  state() {
    const { standing, erased, store, clocks } = this.#phone;
    if (erased) return "wiped";
    if (standing === null) return "new";
    if (store.waiting === null) return "locked";
    if (standing.state !== "active") return "stopped";
    return store.sealer !== null && leaseLeft(standing, clocks) > 0 ? "open" : "lease-over";
  }

  /** Where the phone stands, as it was read last. @returns {import("./standing.js").Standing | null} */
  standing() {
    return this.#phone.standing;
  }

  /**
   * Sign the nurse in. The token is kept, sealed, where the phone is unlocked.
   * @param {string} username
   * @param {string} password
   * @throws {OtherNurse | import("./transport.js").Unreachable | import("./talking.js").Refused}
   */
  async signIn(username, password) {
    await this.begin();
    const { line, standing } = this.#phone;
    const told = await line.signIn(username, password);
    const before = line.token;
    line.token = told.token;
    const account = await line.whoami();
    if (standing !== null && standing.account !== account.id) {
      line.token = before;
      throw new OtherNurse();
    }
    await signedIn(this.#phone, told, account);
  }

  /**
   * Make this installation known to the server, with its new half of the key and the ways of unlocking it.
   * @param {Fresh & {name?: string}} fresh
   * @throws {OtherNurse | import("./transport.js").Unreachable | import("./talking.js").Refused} The same may be tried again.
   */
  async enrol({ deviceId, secret, ways, name }) {
    await this.begin();
    await enrol(this.#phone, name ?? this.name, { deviceId, secret, ways });
    secret.fill(0);
  }

  /**
   * She has lost every way of unlocking: a new half of the key and a new device. The families are fetched
   * anew; of what was unsent the copies for the server go to it. It needs no unlocking, only her password.
   * @param {string} username
   * @param {string} password
   * @param {Fresh & {name?: string}} fresh
   */
  async beginAnew(username, password, fresh) {
    await this.begin();
    if (this.#phone.line.token === null) await this.signIn(username, password);
    await this.enrol(fresh);
  }

  /**
   * Take the phone's own half in, and open what the lease lets open.
   * @param {Bytes} secret Ours from now on.
   * @throws {WrongCode} It is another phone's.
   */
  async unlock(secret) {
    await this.#ending;
    const phone = this.#phone;
    await phone.look();
    const { deviceId, signing, tidy } = phone.here;
    await phone.store.unlock(deviceId, secret);
    try {
      const key = await phone.waiting.open("signing", deviceId, deviceId, 0, signing);
      phone.line.signer = await signer(key);
      key.fill(0);
      await recall(phone);
    } catch (error) {
      this.lock();
      throw error instanceof CannotOpen ? new WrongCode() : error;
    }
    this.#rounds.crashed ||= !tidy;
    await phone.durable("begun", [], (desk) => desk.stand({ tidy: false }));
    await openUp(phone);
  }

  /** Forget every key, and hang up. What a round has under way is dropped; nothing of it is lost. */
  lock() {
    const phone = this.#phone;
    phone.line.hangUp();
    phone.store.lock();
    forget(phone);
    if (phone.standing !== null && !this.#rounds.crashed) {
      // If this fails the next start proves every row, as after a crash.
      this.#ending = phone.durable("ended", [], (desk) => desk.stand({ tidy: true })).catch(() => {});
    }
  }

  /** The ways of unlocking. @returns {Promise<any[]>} */
  async ways() {
    await this.begin();
    return this.#phone.erased ? [] : ((await this.store.told("ways"))?.ways ?? []);
  }

  /** Keep these ways of unlocking in the place of those before. @param {any[]} ways */
  async keepWays(ways) {
    await this.#phone.durable("enrolling", [], async (desk) => {
      const before = (await desk.table("meta").get("ways"))?.value;
      await desk.tell("ways", { ...before, ways });
    });
  }

  /** Who the nurse is; null while the phone is locked. @returns {Promise<{name: string, username: string} | null>} */
  async account() {
    await this.begin();
    return accountOf(this.#phone);
  }

  /**
   * Keep one thing that the nurse meant; it is on the disk when this resolves.
   * @param {string} type What it is, for whoever reads the log: `visit.record`, say.
   * @param {string} family Whose family it is about; a new one has a new id.
   * @param {Record<string, unknown>[]} ops Its operations, each with its name under `op`: all of them happen, or none.
   * @param {string | Date} [occurredAt] When it was so, by the nurse's word; now, if she does not say.
   * @returns {Promise<{id: string, seq: number}>}
   * @throws {CannotKeep | NotEnrolled | import("../store/store.js").StoreFull} Nothing was kept.
   */
  async save(type, family, ops, occurredAt) {
    await this.begin();
    await openUp(this.#phone);
    return put(this.#phone, await meant(this.#phone, { type, family, ops, occurredAt }));
  }

  /** The families that the phone has, or has something unsent for. @returns {Promise<string[]>} */
  async families() {
    const ours = (await unsent(this.#phone)).map((one) => one.family);
    const known = await families(this.#phone);
    return [...new Set([...known, ...ours])].filter((family) => family !== VOID).toSorted();
  }

  /**
   * A family as the nurse sees it: the server's records, and over them what is pending.
   * @param {string} family
   * @returns {Promise<import("./showing.js").Family>}
   * @throws {import("../store/store.js").StoreClosed | CannotOpen} A damaged family is fetched anew by the next round.
   */
  async family(family) {
    await openUp(this.#phone);
    try {
      return await familyShown(this.#phone, family);
    } catch (error) {
      if (error instanceof CannotOpen) await doubt(this.#phone, family);
      throw error;
    }
  }

  /**
   * All records of one kind, over all families or those that are named; only these are opened.
   * @param {string} kind
   * @param {Iterable<string>} [families]
   * @returns {Promise<import("./showing.js").Row[]>}
   * @throws {import("../store/store.js").StoreClosed}
   */
  async ofKind(kind, families) {
    await openUp(this.#phone);
    return kindShown(this.#phone, kind, families);
  }

  /** When each family that is whole here was last found to be the server's newest. @returns {Promise<Map<string, string>>} */
  async ages() {
    const pulled = await this.store.told("pulled");
    const known = pulled === undefined ? [] : await cursors(this.#phone);
    return new Map(known.map((one) => [one.family, pulled.older?.[one.family] ?? pulled.at]));
  }

  /** How much is on this phone only, and when the oldest of it was saved. @returns {Promise<{count: number, oldest: string | null}>} */
  async unsent() {
    await this.begin();
    if (this.#phone.erased) return { count: 0, oldest: null };
    const [count, [first]] = await Promise.all([this.store.count("outbox"), unsent(this.#phone, { most: 1 })]);
    return { count, oldest: first === undefined ? null : instant(madeAt(first.id)) };
  }

  /**
   * Everything that there is to do with the network, once; while a round goes on, the same one. It never
   * throws for what the network or the server does: the report says it.
   * @param {{tell?: Tell, asked?: boolean}} [how] `asked`: by her own hand, so that our own waits do not count.
   * @returns {Promise<Report>}
   * @throws {NotEnrolled}
   */
  async round({ tell, asked } = {}) {
    await this.begin();
    if (!this.#phone.erased && this.#phone.standing === null) throw new NotEnrolled();
    this.#round ??= this.#rounds.make({ tell, asked }).finally(() => (this.#round = null));
    return this.#round;
  }

  /**
   * Tell the server something that is no record of a family, in the name of the one who is signed in.
   * @param {string} method
   * @param {string} path
   * @param {object} body
   * @returns {Promise<any>} What the server knows of it now.
   * @throws {import("./transport.js").Unreachable | import("./talking.js").Refused}
   */
  async tell(method, path, body) {
    await this.begin();
    return this.#phone.line.tell(method, path, body);
  }

  /**
   * Ask the server for something that is no record of a family, in the name of the one who is signed in.
   * @param {string} path
   * @returns {Promise<any>}
   * @throws {import("./transport.js").Unreachable | import("./talking.js").Refused}
   */
  async look(path) {
    await this.begin();
    return this.#phone.line.look(path);
  }

  /**
   * Another nurse gets the phone: a round, and if nothing is unsent the server hears that it is empty from now on,
   * and everything on it is deleted.
   * @throws {StillUnsent | import("./transport.js").Unreachable | import("./talking.js").Refused} Nothing was deleted.
   */
  async handOver() {
    await this.#round?.catch(() => {});
    if (this.state() !== "stopped") await this.round({ asked: true });
    const gone = await this.#phone.turns.take(async () => {
      const isEmpty = (await this.store.count("outbox")) === 0;
      if (isEmpty) await giveUp(this.#phone);
      return isEmpty && this.#erase();
    });
    if (!gone) throw new StillUnsent();
  }

  async #erase() {
    await this.#phone.erase();
    this.#phone.line.hangUp();
    forget(this.#phone);
    return true;
  }
}
