// @ts-check
import { split } from "../rules/visit.js";
import { MOST_NOTES } from "./counter.js";
import { enter } from "./group.js";

/**
 * Where a visit is accepted: one tap, all or none; a group as several visits, and an account of them.
 * @typedef {import("./counter.js").Parts} Parts
 * @typedef {import("./basket.js").Gathered} Gathered
 * @typedef {import("../types.js").VisitAnswer} VisitAnswer
 * @typedef {{offer: import("../types.js").Offer | null, practice: boolean}} Terms on which a visit is accepted
 */

/** An answer comes sooner, mostly; then nothing flickers. */
const AWAIT_AFTER_MS = 250;

export class Till {
  /** @type {Map<string, string>} visit to the words for which part of a group it is */
  partOf = new Map();
  _isBusy = false;

  /**
   * @param {Parts} parts
   * @param {import("./counter.js").Counter} counter
   */
  constructor(parts, counter) {
    this._parts = parts;
    this._counter = counter;
  }

  /** Accept the notes of the basket, if they are good and come to the price. */
  async accept() {
    if (this._isBusy || this._counter.mode === "check") return;
    this._isBusy = true;
    /** @type {Gathered[]} */
    let notes = [];
    try {
      await this._counter.settled();
      if (this._isReady()) await this._take((notes = [...this._counter.basket.notes]));
    } finally {
      this._isBusy = false;
    }
    const { basket } = this._counter;
    if (notes.length && !notes.some((note) => basket.notes.includes(note))) this._counter.tellComplete();
  }

  _isReady() {
    const { basket } = this._counter;
    const { price, chosen } = this._parts.offers;
    return basket.isComplete(price) && (chosen?.most_notes == null || basket.notes.length <= chosen.most_notes);
  }

  /** @param {Gathered[]} notes */
  async _take(notes) {
    const { offers, settings } = this._parts;
    const terms = { offer: offers.chosen, practice: settings.practice }; // of all parts, whatever is pressed meanwhile
    this._counter.hold();
    try {
      if (notes.length <= MOST_NOTES) await this._visit(notes, terms);
      else await this._group(split(notes, offers.price, MOST_NOTES), terms);
    } finally {
      this._counter.release([], []);
    }
  }

  /** @param {Gathered[]} notes @param {Terms} terms */
  async _visit(notes, terms) {
    const { saying } = this._parts;
    const awaiting = window.setTimeout(() => this._parts.answer.await(), AWAIT_AFTER_MS);
    try {
      const answer = await this._redeem(notes, terms);
      clearTimeout(awaiting);
      this._keep(notes, answer, terms);
      this._counter.say(saying.visit(answer, terms.offer, terms.practice));
    } catch (trouble) {
      clearTimeout(awaiting);
      this._counter.trouble(trouble);
    }
  }

  /** @param {Gathered[][]} parts @param {Terms} terms */
  async _group(parts, terms) {
    const { answer, saying, words } = this._parts;
    const account = await enter(parts, (notes) => this._redeem(notes, terms), (part) => {
      answer.progress(words.say("group_part", { part, parts: parts.length }), part - 1, parts.length);
    });
    for (const [index, { notes, answer: each }] of account.visits.entries()) {
      this._keep(notes, each, terms);
      this.partOf.set(each.id, words.say("part_of", { part: index + 1, parts: parts.length }));
    }
    const answers = account.visits.map((visit) => visit.answer);
    const accepted = answers.filter(({ outcome }) => outcome === "accepted");
    const refused = answers.filter(({ outcome }) => outcome === "refused");
    const said = account.trouble ? saying.trouble(account.trouble) : refused[0] && saying.visit(refused[0], null, false);
    this._counter.say(saying.group({
      accepted: accepted.reduce((sum, { hours }) => sum + hours, 0),
      refused: refused.flatMap(({ notes }) => notes),
      said: said ?? null,
      practice: terms.practice,
      confirmed: accepted.every(({ confirmed }) => confirmed),
    }));
  }

  /** @param {Gathered[]} notes @param {Terms} terms */
  _redeem(notes, { offer, practice }) {
    return this._parts.desk.redeem({ notes: notes.map(({ text }) => text), offer: offer?.id ?? null, practice });
  }

  /**
   * Accepted notes leave the basket; those of a refused visit stay, each with its verdict.
   * @param {Gathered[]} notes
   * @param {VisitAnswer} answer
   * @param {Terms} terms
   */
  _keep(notes, answer, { practice }) {
    if (answer.outcome === "accepted") return this._counter.release(notes, answer.notes, practice);
    for (const [index, note] of notes.entries()) {
      const each = answer.notes[index];
      if (each) this._counter.basket.judge(note, each);
    }
  }
}
