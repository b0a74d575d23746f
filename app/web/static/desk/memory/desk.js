/**
 * The desk behind its page: it asks the service, judges by itself where no answer comes, and writes down first whatever it
 * does. Whoever shows what it answers shows what is on disk.
 */

import { asked, DiskGone, read, write } from "./books.js";
import { Clock } from "./clock.js";
import { stands, withoutDisk } from "./condition.js";
import { Counter } from "./counter.js";
import { Courier } from "./courier.js";
import { install, renew } from "./install.js";
import * as journal from "./journal.js";
import { Knowledge } from "./knowledge.js";
import { live } from "./locks.js";
import { count, dismiss, KEPT_MS, prune } from "./owed.js";
import { COUNTER_MS, NoAnswer, Refusal } from "./service.js";
import * as service from "./service.js";
import { NotEnrolled, Trouble, troubleOf } from "./trouble.js";

export { NotEnrolled, Trouble };

/** @typedef {import("../types.js").About} About */
/** @typedef {import("../types.js").Condition} Condition */
/** @typedef {import("../types.js").CheckAnswer} CheckAnswer */
/** @typedef {import("../types.js").VisitAnswer} VisitAnswer */
/** @typedef {import("../types.js").GiveBackAnswer} GiveBackAnswer */
/** @typedef {import("../types.js").RecentVisit} RecentVisit */

/** The notes of a visit may be given back for so long. */
export const GIVE_BACK_MS = 15 * 60_000;
/** How long a page that is known here waits for the service before it opens without it. */
const OPENING_MS = 1_500;
const REFRESH_MS = 60_000;
/** After no answer a person tries again at once: until then a visit is not taken back, so that it can go on under its id. */
const AGAIN_MS = 10_000;

/** The desk that this browser is enrolled as. Dispatches "change" when `about` or `condition` has changed. */
export class Desk extends EventTarget {
  #clock = new Clock();
  #page;
  #knowledge = new Knowledge();
  #courier;
  #counter;
  #tabs = new BroadcastChannel("hournote-desk");
  #heard = { online: true, isEnrolled: true, isClosed: false, hasDisk: true };
  /** @type {(Omit<RecentVisit, "leftMs"> & {madeAt: number})[]} practice visits, which are kept nowhere else */
  #practised = [];
  /** @type {Promise<boolean> | null} */
  #syncing = null;

  /** @param {string} page its id @param {About} about */
  constructor(page, about) {
    super();
    this.#page = page;
    this.#courier = new Courier(page, () => this.#clock.now());
    this.#counter = new Counter(page, this.#clock, this.#knowledge, this.#courier);
    /** @type {About} */
    this.about = about;
    /** @type {Condition} */
    this.condition = withoutDisk(this.#heard);
  }

  /**
   * The desk of this browser; without network too once it was enrolled and loaded here.
   * @returns {Promise<Desk>} throws NotEnrolled; Trouble "cannot_tell" where nothing is kept here and there is no network
   */
  static async open() {
    const page = live();
    await renew(page);
    const kept = await unlessDiskGone(read(({ kept: records }) => asked(records.get("about"))), null);
    const { about, isEnrolled } = await found(kept ?? null);
    const desk = new Desk(page, about);
    desk.#heard.isEnrolled = isEnrolled;
    await desk.#begin();
    return desk;
  }

  /**
   * Judge notes without spending.
   * @param {string[]} texts 1 to 50 tokens or serials
   * @returns {Promise<CheckAnswer>} throws Trouble
   */
  async check(texts) {
    return this.#do(async () => {
      try {
        await this.#counter.settle(texts);
        return { notes: await service.check(texts), confirmed: true };
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        return { notes: await this.#counter.judge(this.about, texts), confirmed: false };
      }
    });
  }

  /**
   * Spend the notes of a visit, all or none.
   * @param {{notes: string[], offer: number | null, practice: boolean}} visit `notes`: 1 to 50 tokens or serials
   * @returns {Promise<VisitAnswer>} throws Trouble: then nothing is accepted, and nothing is left spent
   */
  async redeem(visit) {
    if (this.about.scope === "check") throw new Trouble("check_only");
    if (visit.practice) return this.#do(() => this.#practise(visit));
    return this.#do(async () => {
      const said = await this.#counter.redeem(this.about, visit);
      if (said.confirmed) this.#heard.isClosed = false;
      return said;
    });
  }

  /**
   * Give the notes of a visit back that this desk made within 15 minutes.
   * @param {string} id
   * @param {string} reason a word of the books: `wrong note`, `other`
   * @returns {Promise<GiveBackAnswer>} throws Trouble
   */
  async giveBack(id, reason) {
    if (this.#practised.some((visit) => visit.id === id)) {
      this.#practised = this.#practised.filter((visit) => visit.id !== id);
      return { id, outcome: "reversed", reason: null, confirmed: false };
    }
    return this.#do(async () => {
      const entry = await journal.giveBack(id, { reason, at: this.#clock.now(), mostMs: GIVE_BACK_MS });
      if (typeof entry === "string") return { id, outcome: "refused", reason: entry, confirmed: false };
      await this.#tellReversal(id);
      const { state, reason: why } = await journal.shown(id);
      return { id, outcome: state === "refused" ? "refused" : "reversed", reason: why, confirmed: state !== "waiting" };
    });
  }

  /** @returns {Promise<RecentVisit[]>} what may still be given back, the newest first; throws Trouble */
  async recent() {
    const from = this.#clock.now() - GIVE_BACK_MS;
    const entries = await this.#do(() => journal.acceptedSince(from));
    const made = entries.map((each) => ({
      id: each.id, leftMs: each.at - from, at: each.scannedAt, hours: each.hours, offer: each.offer, serials: each.serials, practice: false,
      confirmed: each.state === "accepted",
    })); // prettier-ignore
    this.#practised = this.#practised.filter((visit) => visit.madeAt >= from);
    const practised = this.#practised.map(({ madeAt, ...visit }) => ({ ...visit, leftMs: madeAt - from }));
    return [...made, ...practised].sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  }

  /**
   * Take a notice off the list.
   * @param {string} noticeId the id of its redemption
   */
  async dismiss(noticeId) {
    await this.#do(() => dismiss(noticeId));
  }

  /** @returns {Promise<boolean>} whether everything was sent and what is known of the notes is fresh */
  sync() {
    this.#syncing ??= this.#sync().finally(() => (this.#syncing = null));
    return this.#syncing;
  }

  /** @returns {Promise<boolean>} */
  async #sync() {
    try {
      const sent = this.#courier.carry().catch((error) => this.#notice(error));
      await this.#learn(await service.about());
      await sent;
      if (await this.#knowledge.refresh(() => this.#clock.now())) await this.#courier.carry();
      if (this.#heard.isClosed) this.#heard.isClosed = !(await service.isOpen());
      await this.#tidy();
      return (await count(this.about.venue.id, new Set([this.#page]))).here === 0;
    } catch (error) {
      this.#notice(error);
      return false;
    } finally {
      await this.#changed();
    }
  }

  /** Keep the time, and let go of what is older than it is kept for: by a clock that the service agrees with. */
  async #tidy() {
    await write(async ({ kept }) => void kept.put(this.#clock.kept, "clock"));
    if (this.#clock.isRight) await prune(Date.now() - KEPT_MS);
  }

  /** @param {{notes: string[], offer: number | null, practice: boolean}} visit @returns {Promise<VisitAnswer>} */
  async #practise(visit) {
    const said = await this.#counter.practise(this.about, visit);
    if (said.outcome === "accepted") {
      const serials = said.notes.map((note) => note.serial ?? "");
      const at = this.#clock.date().toISOString();
      const madeAt = this.#clock.now();
      this.#practised.push({ id: said.id, madeAt, at, hours: said.hours, offer: visit.offer, serials, practice: true, confirmed: said.confirmed });
    }
    return said;
  }

  /** @param {string} id of a visit whose notes were given back; throws where the service refuses this desk */
  async #tellReversal(id) {
    const late = new Promise((resolve) => setTimeout(resolve, COUNTER_MS));
    try {
      await Promise.race([this.#courier.carry(), late]);
    } catch (error) {
      if (error instanceof Refusal) await journal.keepSpent(id);
      if (!(error instanceof NoAnswer)) throw error;
    }
  }

  /**
   * @template T
   * @param {() => Promise<T>} deed
   * @returns {Promise<T>} throws Trouble, and nothing else that was to be expected
   */
  async #do(deed) {
    try {
      return await deed();
    } catch (error) {
      this.#notice(error);
      throw error instanceof DiskGone ? new Trouble("disk") : troubleOf(error);
    } finally {
      this.#courier.ring(this.#heard.online ? 0 : AGAIN_MS);
      await this.#changed();
      this.#tabs.postMessage("changed");
    }
  }

  /** @param {unknown} error */
  #notice(error) {
    if (error instanceof DiskGone) this.#heard.hasDisk = false;
    if (error instanceof NotEnrolled || (error instanceof Refusal && error.status === 401)) this.#heard.isEnrolled = false;
  }

  /** @param {About} about as the service says it now */
  async #learn(about) {
    this.#heard.isEnrolled = true;
    if (JSON.stringify(about) === JSON.stringify(this.about)) return;
    this.about = about;
    await write(async ({ kept }) => kept.put(about, "about"));
    this.dispatchEvent(new Event("change"));
  }

  /** Look again how the desk stands, and say so if that has changed. */
  async #changed() {
    const before = JSON.stringify(this.condition);
    try {
      const knownAt = (await this.#knowledge.current())?.knownAt ?? null;
      this.#heard.hasDisk = true;
      this.condition = await stands(this.about, knownAt, this.#clock, this.#heard);
    } catch (error) {
      if (!(error instanceof DiskGone)) throw error;
      this.#heard.hasDisk = false;
      this.condition = withoutDisk(this.#heard);
    }
    if (JSON.stringify(this.condition) !== before) this.dispatchEvent(new Event("change"));
  }

  async #begin() {
    const clock = await unlessDiskGone(read(({ kept }) => asked(kept.get("clock"))), null);
    if (clock) this.#clock.goOn(clock);
    await unlessDiskGone(write(async ({ kept }) => void kept.put(this.about, "about")), undefined);
    this.#listen();
    await this.#changed();
    navigator.storage?.persist?.().catch(() => {});
    void install();
    void this.sync();
  }

  #listen() {
    service.heard.addEventListener("answer", () => (this.#heard.online = true));
    service.heard.addEventListener("silence", () => (this.#heard.online = false));
    service.heard.addEventListener("closed", () => (this.#heard.isClosed = true));
    this.#courier.addEventListener("told", () => this.#changed().then(() => this.#tabs.postMessage("changed")));
    this.#courier.addEventListener("about", (event) =>
      this.#learn(/** @type {CustomEvent} */ (event).detail).catch((error) => this.#notice(error)));
    this.#tabs.onmessage = () => this.#changed();
    addEventListener("online", () => this.sync());
    document.addEventListener("visibilitychange", () => document.hidden || this.sync());
    setInterval(() => this.sync(), REFRESH_MS);
  }
}

/**
 * @param {About | null} kept
 * @returns {Promise<{about: About, isEnrolled: boolean}>} what the service says, or what it said last
 */
async function found(kept) {
  try {
    return { about: await service.about(kept ? OPENING_MS : undefined), isEnrolled: true };
  } catch (error) {
    const isRefused = error instanceof Refusal && error.status === 401;
    if (kept === null || !(isRefused || error instanceof NoAnswer)) throw troubleOf(error);
    if (isRefused && !(await hasSomething())) throw new NotEnrolled();
    return { about: kept, isEnrolled: !isRefused };
  }
}

/** @returns {Promise<boolean>} whether anything is owed to the service */
async function hasSomething() {
  const { here, elsewhere } = await unlessDiskGone(count(null, new Set()), { here: 0, elsewhere: 0 });
  return here + elsewhere > 0;
}

/**
 * @template T
 * @param {Promise<T>} reading
 * @param {T} otherwise
 * @returns {Promise<T>}
 */
async function unlessDiskGone(reading, otherwise) {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof DiskGone) return otherwise;
    throw error;
  }
}
