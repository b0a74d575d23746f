/**
 * The courier tells the service what the desk did by itself: in its order, under the same ids, as often as it takes. One at a
 * time for all tabs. What is not answered stays in the journal, over reloads and nights.
 */

import { alive, alone } from "./locks.js";
import { count, next, settle } from "./owed.js";
import { NoAnswer, Refusal } from "./service.js";
import * as service from "./service.js";

/** Entries in one call: a fifth of what the service takes, so that a weak line gets one through. */
const PIECE = 100;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** The service refuses the call as such: too large, or something in it that it cannot read. */
const TOO_MUCH = [400, 413, 422];

/** Dispatches "told" when answers were kept, and "about" with what the service says of this desk. */
export class Courier extends EventTarget {
  #failures = 0;
  #timer = 0;
  #notBefore = 0;
  #piece = PIECE;
  /** @type {Promise<void> | null} */
  #running = null;

  /**
   * @param {string} page the id of this page
   * @param {() => number} now milliseconds of the desk's clock
   */
  constructor(page, now) {
    super();
    this.page = page;
    this.now = now;
  }

  /**
   * Send what is owed, now. Throws NoAnswer, Refusal, DiskGone; then it goes on by itself later.
   * @returns {Promise<void>}
   */
  async carry() {
    await this.#running?.catch(() => {});
    this.#running ??= this.#attempt().finally(() => (this.#running = null));
    return this.#running;
  }

  /**
   * Send what is owed, as soon as the service may be asked, and again until it is sent.
   * @param {number} [pauseMs] not before that
   */
  ring(pauseMs = 0) {
    this.#later(Math.max(pauseMs, this.#notBefore - performance.now()));
  }

  /** @param {number} pauseMs */
  #later(pauseMs) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.carry().catch(() => {}), Math.max(0, pauseMs));
  }

  /** @returns {Promise<void>} */
  async #attempt() {
    clearTimeout(this.#timer);
    try {
      await alone(() => this.#round());
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      this.#later(this.#pause(error));
      throw error;
    }
  }

  /** @param {unknown} error @returns {number} milliseconds: doubled each time, less up to a half by chance */
  #pause(error) {
    const told = error instanceof NoAnswer || error instanceof Refusal ? error.retryAfterSeconds : null;
    const doubled = FIRST_PAUSE_MS * 2 ** Math.min(this.#failures - 1, 10);
    this.#notBefore = performance.now() + (told ?? 0) * 1000;
    return Math.max(Math.min(doubled, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2), (told ?? 0) * 1000);
  }

  /** @returns {Promise<void>} */
  async #round() {
    const { here, elsewhere } = await count(null, await alive(this.page));
    if (here + elsewhere === 0) return;
    const about = await service.about(); // whose key this browser has by now: a journal is told for its own venue alone
    this.dispatchEvent(new CustomEvent("about", { detail: about }));
    while (await this.#send(about.venue.id));
  }

  /**
   * @param {number} venue
   * @returns {Promise<boolean>} whether there may be more to send
   */
  async #send(venue) {
    const owed = await next(venue, this.#piece, await alive(this.page));
    if (owed.length === 0) return false;
    const answers = await this.#answers(owed.flatMap((each) => each.lines), owed.length);
    if (answers === null) return true;
    const told = owed.map(({ entry, lines }) => ({ entry, answers: answers.splice(0, lines.length) }));
    const settled = await settle(told, this.now());
    if (settled > 0) this.dispatchEvent(new Event("told"));
    if (settled < owed.length) throw new NoAnswer();
    return true;
  }

  /**
   * @param {Record<string, any>[]} lines
   * @param {number} many entries that they are of
   * @returns {Promise<Record<string, any>[] | null>} null when fewer have to be sent at once
   */
  async #answers(lines, many) {
    try {
      const answers = await service.batch(lines);
      this.#piece = Math.min(PIECE, many * 2);
      return answers;
    } catch (error) {
      if (error instanceof NoAnswer) this.#piece = Math.max(1, Math.floor(many / 2)); // whatever broke it, less is likelier
      if (!(error instanceof Refusal) || !TOO_MUCH.includes(error.status)) throw error;
      if (many === 1) return lines.map(({ type, id }) => ({ type, id, problem: { status: error.status } }));
      this.#piece = Math.max(1, Math.floor(many / 2));
      return null;
    }
  }
}
