/**
 * What is in view, told from what the frames hold. A note that is held in view is one scan, however often it is read, and it
 * counts again when it was out of view for a while. A few frames that miss it change nothing. Time is counted while frames
 * are looked at: a page that slept has not seen a note go away.
 */

import { overlap, sideOf } from "./passes.js";

/**
 * @typedef {import("../types.js").Corners} Corners
 * @typedef {import("./zxing.js").Code} Code
 * @typedef {{text: string, corners: Corners, shownUntil: number, heldUntil: number}} Sighting times on the clock of `Sightings`
 */

/** Out of view for this long, a note that comes back is a new scan. */
export const AWAY_MS = 2000;
/** An outline stays this long without a reading. */
export const SHOWN_MS = 600;
/** Between two frames no more than this counts as time that was watched. */
export const LONGEST_STEP_MS = 250;
/** After this long without a frame all is forgotten: nobody remembers what lay there. */
export const FORGOTTEN_MS = 60_000;
/** How much of the way to a new reading an outline goes at once, and from how far it jumps (as a share of its side). */
const EASE = 0.5;
const JUMP = 0.25;

export class Sightings {
  constructor() {
    this._clock = 0;
    /** @type {number | null} */
    this._lookedAt = null;
    /** @type {Map<string, Sighting>} */
    this._held = new Map();
  }

  /**
   * A frame was looked at.
   * @param {Code[]} codes everything in it, with null texts for codes that could not be read
   * @param {number} at milliseconds on any clock that goes forward
   * @returns {Sighting[]} what has come into view with it
   */
  look(codes, at) {
    this._pass(at);
    for (const { text, corners } of codes) if (text === null) this._keep(corners);
    const come = codes.filter(({ text }) => text !== null && !this._held.has(text));
    for (const { text, corners } of codes) if (text !== null) this._see(text, corners);
    return [...new Set(come.map(({ text }) => /** @type {Sighting} */ (this._held.get(/** @type {string} */ (text)))))];
  }

  /** @returns {Sighting[]} what is to be outlined now */
  inView() {
    return [...this._held.values()].filter(({ shownUntil }) => shownUntil >= this._clock);
  }

  /** Everything that comes into view from now on is new. */
  forget() {
    this._held.clear();
    this._lookedAt = null;
  }

  /** @param {number} at */
  _pass(at) {
    const step = this._lookedAt === null ? 0 : at - this._lookedAt;
    this._lookedAt = at;
    if (step > FORGOTTEN_MS) this._held.clear();
    this._clock += Math.min(Math.max(step, 0), LONGEST_STEP_MS);
    for (const [text, { heldUntil }] of this._held) if (heldUntil < this._clock) this._held.delete(text);
  }

  /**
   * A code that cannot be read where a note lay is that note yet: a bad moment is no absence.
   * @param {Corners} corners
   */
  _keep(corners) {
    for (const sighting of this._held.values()) {
      if (overlap(sighting.corners, corners)) sighting.heldUntil = this._clock + AWAY_MS;
    }
  }

  /**
   * @param {string} text
   * @param {Corners} corners
   */
  _see(text, corners) {
    const before = this._held.get(text);
    const times = { shownUntil: this._clock + SHOWN_MS, heldUntil: this._clock + AWAY_MS };
    if (before) Object.assign(before, times, { corners: follow(before.corners, corners) });
    else this._held.set(text, { text, corners, ...times });
  }
}

/**
 * The corners to draw: jitter is smoothed, a note that moves is followed at once.
 * @param {Corners} before
 * @param {Corners} read
 * @returns {Corners}
 */
export function follow(before, read) {
  const farthest = Math.max(...read.map(({ x, y }, i) => Math.hypot(x - before[i].x, y - before[i].y)));
  const share = Math.min(1, EASE + (1 - EASE) * (farthest / (JUMP * Math.max(sideOf(read), 1))));
  const [a, b, c, d] = read.map(({ x, y }, i) => ({ x: toward(before[i].x, x, share), y: toward(before[i].y, y, share) }));
  return [a, b, c, d];
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} share
 */
function toward(from, to, share) {
  return from + (to - from) * share;
}
