// @ts-check
import * as serials from "../rules/serial.js";
import * as tokens from "../rules/token.js";

/**
 * The notes of a visit while they are gathered: pure, it draws nothing and asks nobody.
 * @typedef {object} Gathered
 * @property {string} name its serial, or what was scanned where that is none
 * @property {string} text what was scanned or typed
 * @property {string | null} verdict null until it is known
 * @property {string | null} first_redeemed_at
 * @property {string | null} first_venue
 */

/** What is in a basket is good for a visit. */
const GOOD = new Set(["good", "accepted", "accepted_offline"]);

/**
 * @param {string} text what was scanned or typed
 * @returns {string | null} the serial in it, 13 characters, if it is a note's
 */
export function serialIn(text) {
  for (const read of [(/** @type {string} */ t) => tokens.parse(t).serial, serials.parse]) {
    try {
      return read(text);
    } catch {
      // what is no token may still be a serial
    }
  }
  return null;
}

/**
 * @param {string} name of a note
 * @returns {string} as it stands on the paper; what is no serial, cut short
 */
export function printed(name) {
  return serialIn(name) === name ? serials.printed(name) : name.slice(0, 20);
}

/**
 * How far a visit has come.
 * @param {number} count notes
 * @param {number} price hours for one person
 * @returns {{count: number, due: number, people: number, missing: number}} `due`: the hours to reach
 */
export function progress(count, price) {
  const people = Math.max(1, Math.ceil(count / price));
  const due = people * price;
  return { count, due, people, missing: due - count };
}

export class Basket {
  /** @type {Gathered[]} */
  notes = [];

  /**
   * @param {string} text
   * @returns {Gathered | null} the note, or null when it is in here already
   */
  add(text) {
    const name = serialIn(text) ?? text;
    if (this.find(name)) return null;
    const note = { name, text, verdict: null, first_redeemed_at: null, first_venue: null };
    this.notes.push(note);
    return note;
  }

  /** @param {string} name */
  find(name) {
    return this.notes.find((note) => note.name === name);
  }

  /**
   * Keep what was answered; a note that was taken out meanwhile stays out.
   * @param {Gathered} note
   * @param {import("../types.js").NoteAnswer} answer
   */
  judge(note, { verdict, first_redeemed_at, first_venue }) {
    Object.assign(note, { verdict, first_redeemed_at, first_venue });
  }

  /** @param {string} name */
  takeOut(name) {
    this.notes = this.notes.filter((note) => note.name !== name);
  }

  /** @returns {Gathered | undefined} the note that was put in last and is now out */
  takeOutLast() {
    return this.notes.pop();
  }

  empty() {
    this.notes = [];
  }

  /** @returns {Gathered[]} */
  get bad() {
    return this.notes.filter((note) => note.verdict !== null && !GOOD.has(note.verdict));
  }

  /** @returns {Gathered[]} those that are not answered yet */
  get asking() {
    return this.notes.filter((note) => note.verdict === null);
  }

  /** @param {number} price hours for one person */
  progress(price) {
    return progress(this.notes.length - this.bad.length, price);
  }

  /**
   * @param {number} price hours for one person
   * @returns {boolean} whether all is good and the hours are complete
   */
  isComplete(price) {
    return this.notes.length > 0 && !this.bad.length && !this.asking.length && this.notes.length % price === 0;
  }
}
