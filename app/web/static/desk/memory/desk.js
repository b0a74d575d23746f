/**
 * The desk behind its page: it asks the service, judges by itself where no answer comes, and writes down first whatever it
 * does. Whoever shows what it answers shows what is on disk.
 */

import { Closed, NoAnswer, Refusal } from "./service.js";
import * as service from "./service.js";
import { NotEnrolled, Trouble } from "./trouble.js";

export { NotEnrolled, Trouble };

/** @typedef {import("../types.js").About} About */
/** @typedef {import("../types.js").Condition} Condition */
/** @typedef {import("../types.js").CheckAnswer} CheckAnswer */
/** @typedef {import("../types.js").VisitAnswer} VisitAnswer */
/** @typedef {import("../types.js").GiveBackAnswer} GiveBackAnswer */
/** @typedef {import("../types.js").RecentVisit} RecentVisit */

/** Notes of visits may be given back for so long. */
export const GIVE_BACK_MS = 15 * 60_000;

/** The desk that this browser is enrolled as. Dispatches "change" when `about` or `condition` has changed. */
export class Desk extends EventTarget {
  /** @param {About} about */
  constructor(about) {
    super();
    /** @type {About} */
    this.about = about;
    /** @type {Condition} */
    this.condition = {
      online: true, knownAt: null, waitingVisits: 0, waitingNotes: 0, notesLeft: 0, apart: "no_snapshot", trouble: null,
      notices: [],
    };
    /** @type {RecentVisit[]} */
    this._made = [];
  }

  /**
   * The desk of this browser; without network too once it was enrolled and loaded here.
   * @returns {Promise<Desk>} throws NotEnrolled, Trouble "cannot_tell" where there is nothing here and no network
   */
  static async open() {
    return new Desk(await told(() => service.about()));
  }

  /**
   * Judge notes without spending.
   * @param {string[]} texts 1 to 50 tokens or serials
   * @returns {Promise<CheckAnswer>} throws Trouble
   */
  async check(texts) {
    return { notes: await told(() => service.check(texts)), confirmed: true };
  }

  /**
   * Spend the notes of a visit, all or none.
   * @param {{notes: string[], offer: number | null, practice: boolean}} visit `notes`: 1 to 50 tokens or serials
   * @returns {Promise<VisitAnswer>} throws Trouble: then nothing is accepted, and nothing is left spent
   */
  async redeem({ notes, offer, practice }) {
    const id = crypto.randomUUID();
    const at = new Date().toISOString();
    const said = await told(() => service.redeem(id, { notes, offer, scanned_at: at, offline: false, practice }));
    if (said.outcome === "accepted") {
      const serials = said.notes.map((note) => note.serial ?? "");
      this._made.unshift({ id, at, hours: said.hours, offer, serials, practice, confirmed: true });
    }
    return { ...said, confirmed: true };
  }

  /**
   * Give the notes of a visit back that this desk made within 15 minutes.
   * @param {string} id
   * @param {string} reason a word of the books: `wrong note`, `other`
   * @returns {Promise<GiveBackAnswer>} throws Trouble
   */
  async giveBack(id, reason) {
    const at = new Date().toISOString();
    const [said] = await told(() => service.batch([{ type: "reverse", id, reason, at }]));
    this._made = this._made.filter((visit) => visit.id !== id);
    return { id, outcome: said.outcome ?? "refused", reason: said.reason ?? "not_accepted", confirmed: true };
  }

  /** @returns {Promise<RecentVisit[]>} what may still be given back, the newest first */
  async recent() {
    return this._made.filter((visit) => Date.now() - Date.parse(visit.at) <= GIVE_BACK_MS);
  }

  /**
   * Take a notice off the list.
   * @param {string} noticeId the id of its redemption
   */
  async dismiss(noticeId) {
    this.condition.notices = this.condition.notices.filter((notice) => notice.id !== noticeId);
  }

  /** @returns {Promise<boolean>} whether everything was sent and what is known of the notes is fresh */
  async sync() {
    this.about = await told(() => service.about());
    return true;
  }
}

/**
 * @template T
 * @param {() => Promise<T>} ask
 * @returns {Promise<T>} what the service says; throws Trouble
 */
async function told(ask) {
  try {
    return await ask();
  } catch (error) {
    throw troubleOf(error);
  }
}

/**
 * @param {unknown} error
 * @returns {unknown} the same as Trouble, where it is the service's
 */
export function troubleOf(error) {
  if (error instanceof Closed) return new Trouble("closed", error.retryAfterSeconds);
  if (error instanceof NoAnswer) return new Trouble("cannot_tell", error.retryAfterSeconds);
  if (!(error instanceof Refusal)) return error;
  if (error.status === 401) return new NotEnrolled();
  if (error.status === 429) return new Trouble("too_often", error.retryAfterSeconds);
  return new Trouble(error.status === 403 ? "check_only" : "wrong");
}
