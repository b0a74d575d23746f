/**
 * The desk's clock, which people and flat batteries set wrong. What was known an hour ago is an hour old, wherever the hands
 * stand now: time never goes back here, until the service has said that the clock is right.
 */

import { heard } from "./service.js";

/** By how much an honest clock may be wrong. */
const SKEW_MS = 2 * 60_000;

export class Clock {
  #latest = 0;
  #started = { at: Date.now(), ticks: performance.now() };
  /** @type {number | null} */
  #behindMs = null;

  constructor() {
    heard.addEventListener("answer", (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
  }

  /** @returns {number} milliseconds since 1970; never less than before */
  now() {
    const ticked = this.#started.at + performance.now() - this.#started.ticks;
    this.#latest = Math.max(Math.round(ticked), Date.now(), this.#latest);
    return this.#latest;
  }

  /** What `goOn` takes after a reload. */
  get kept() {
    return { latest: this.now(), behindMs: this.#behindMs };
  }

  /** @param {{latest: number, behindMs: number | null}} kept time does not go back over a reload either */
  goOn({ latest, behindMs }) {
    this.#latest = Math.max(this.#latest, latest);
    this.#behindMs ??= behindMs;
  }

  /** @returns {Date} the time of the service, where the clock is known to be wrong, else the desk's */
  date() {
    return this.isWrong ? new Date(Date.now() + /** @type {number} */ (this.#behindMs)) : new Date(this.now());
  }

  /** Whether the service was heard and has another time. */
  get isWrong() {
    return this.#behindMs !== null && Math.abs(this.#behindMs) > SKEW_MS;
  }

  /** Whether the service was heard and has the same time. */
  get isRight() {
    return this.#behindMs !== null && !this.isWrong;
  }

  /** @param {{serviceMs: number, deskMs: number, tookMs: number}} told an answer; `serviceMs` NaN where it has no time */
  #hear({ serviceMs, deskMs, tookMs }) {
    if (Number.isNaN(serviceMs) || tookMs > SKEW_MS) return;
    this.#behindMs = serviceMs - deskMs;
    if (this.isWrong) return;
    this.#latest = deskMs; // one that was far ahead may go back to the right time
    this.#started = { at: deskMs, ticks: performance.now() };
  }
}
