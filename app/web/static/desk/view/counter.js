// @ts-check
import { Asking } from "./asking.js";
import { Basket, printed, serialIn } from "./basket.js";
import { JustAccepted } from "./just_accepted.js";

/**
 * The counter: what becomes of each note that is scanned, until its visit is accepted.
 * @typedef {import("./basket.js").Gathered} Gathered
 * @typedef {import("../types.js").NoteAnswer} NoteAnswer
 * @typedef {"camera" | "scanner" | "hand"} How
 * @typedef {object} Parts
 * @property {import("../memory/desk.js").Desk} desk
 * @property {import("./words.js").Words} words
 * @property {import("./saying.js").Saying} saying
 * @property {import("./answer.js").Answer} answer
 * @property {import("./sound.js").Sound} sound
 * @property {import("./settings.js").Settings} settings
 * @property {import("./offers.js").Offers} offers
 * @property {import("../eyes/eye.js").Eye} eye
 */

export const MOST_NOTES = 50;
/** What another look, or the network, may change. */
const MAY_CHANGE = new Set(["malformed", "cannot_tell_offline"]);
/** The other notes of a fan may follow a bad one within this time, and don't take its answer away. */
const SAME_FAN_MS = 2_000;

/** Tells "change" when what it gathered has changed, and "complete" when its notes are good and come to the price. */
export class Counter extends EventTarget {
  basket = new Basket();
  accepted = new JustAccepted();
  /** @type {"visit" | "check"} */
  mode = "visit";
  /** What happened just now, for the line under the tally. */
  told = "";
  _refusedAt = -Infinity;
  _isHeld = false;
  /** The note that was checked last, and those that are being asked about. */
  _checked = "";
  /** @type {Set<string>} */
  _checking = new Set();

  /** @param {Parts} parts */
  constructor(parts) {
    super();
    this._parts = parts;
    /** @type {Asking<Gathered>} */
    this._asking = new Asking((notes) => this._ask(notes), MOST_NOTES);
  }

  /**
   * A note was scanned or typed.
   * @param {string} text
   * @param {How} how
   */
  scanned(text, how) {
    const name = serialIn(text) ?? text;
    if (this.mode === "check") return this._check(text, name, how);
    if (this.accepted.has(name, how)) return this._again(text, name, "just_now", "accepted");
    const there = this.basket.find(name);
    if (there && !this._isAskedAgain(there, how)) return this._again(text, name, "twice", there.verdict);
    this.basket.takeOut(name);
    if (!this._isSameFan(how)) this._beginAfresh();
    this.told = "";
    this._parts.eye.mark(text, this._mark(null));
    this._asking.add(/** @type {Gathered} */ (this.basket.add(text)));
    this._change();
  }

  /** @param {string[]} texts notes of before a reload */
  restore(texts) {
    for (const text of texts) {
      const note = this.basket.add(text);
      if (note) this._asking.add(note);
    }
    this._change();
  }

  /** @param {"visit" | "check"} mode */
  turnTo(mode) {
    this.mode = mode;
    this.told = "";
    this._parts.answer.clear();
    this._change();
  }

  /** @param {string} name */
  takeOut(name) {
    this.basket.takeOut(name);
    this.told = "";
    this._parts.answer.clear();
    this._change();
  }

  takeAllOut() {
    this.basket.empty();
    this.takeOut("");
  }

  /** Clear the answer; where there is none, take the last note out. */
  escape() {
    if (this._parts.answer.isShown) this._parts.answer.clear();
    else if (!this._isHeld) this.takeOut(this.basket.takeOutLast()?.name ?? "");
  }

  /** @returns {Promise<void>} when every note in the basket has its answer */
  async settled() {
    await this._asking.done();
  }

  /** Keep what is scanned from now on out of the answer's way, while a visit is being accepted. */
  hold() {
    this._isHeld = true;
  }

  /**
   * A visit is over.
   * @param {Gathered[]} notes those that were accepted
   * @param {NoteAnswer[]} answers theirs
   * @param {boolean} [practice] then they were not spent, and may be scanned again
   */
  release(notes, answers, practice = false) {
    this._isHeld = false;
    if (!practice) this.accepted.keep(notes.map(({ name }) => name));
    for (const [index, note] of notes.entries()) {
      this.basket.takeOut(note.name);
      const answer = answers[index];
      if (answer) this._parts.eye.mark(note.text, this._mark(answer.verdict));
    }
    this._change();
  }

  /** @param {How} how */
  _isSameFan(how) {
    return this._isHeld || (how === "camera" && performance.now() - this._refusedAt < SAME_FAN_MS);
  }

  /**
   * A bad note that somebody shows again is asked about again; one that only flickers before the camera is not.
   * @param {Gathered} note
   * @param {How} how
   */
  _isAskedAgain(note, how) {
    return this.basket.bad.includes(note) && (how !== "camera" || MAY_CHANGE.has(note.verdict ?? ""));
  }

  /** The next scan clears the answer, and what was left of a visit in which nothing was good. */
  _beginAfresh() {
    this._parts.answer.clear();
    if (this.basket.bad.length === this.basket.notes.length) this.basket.empty();
  }

  /**
   * @param {string} text
   * @param {string} name
   * @param {How} how
   */
  _check(text, name, how) {
    if (this._checking.has(name)) return; // a scanner that sends it twice asks once
    if (this._checked === name && how === "camera" && this._parts.answer.isShown) return;
    this._checked = name;
    this._checking.add(name);
    this._parts.eye.mark(text, this._mark(null));
    this._asking.add({ name, text, verdict: null, first_redeemed_at: null, first_venue: null });
  }

  /** @param {Gathered[]} notes */
  async _ask(notes) {
    const { mode } = this; // whoever changes it meanwhile has asked in this one
    try {
      const answer = await this._parts.desk.check(notes.map(({ text }) => text));
      for (const [index, note] of notes.entries()) this._judge(note, /** @type {NoteAnswer} */ (answer.notes[index]));
      if (mode === "check") this.say(this._parts.saying.check(answer));
      else this._answered(notes, answer.notes);
    } catch (trouble) {
      for (const note of notes) this.basket.takeOut(note.name);
      this.trouble(trouble);
    }
    for (const { name } of notes) this._checking.delete(name);
    this._change();
  }

  /**
   * @param {Gathered} note
   * @param {NoteAnswer} answer
   */
  _judge(note, answer) {
    this.basket.judge(note, answer);
    this._parts.eye.mark(note.text, this._mark(answer.verdict));
  }

  /**
   * @param {Gathered[]} notes
   * @param {NoteAnswer[]} answers
   */
  _answered(notes, answers) {
    const bad = notes.filter((note) => this.basket.bad.includes(note));
    if (!bad.length) this._parts.sound.play("read");
    else {
      this._refusedAt = performance.now();
      const said = this._parts.saying.notes(answers.filter((_, index) => bad.includes(/** @type {Gathered} */ (notes[index]))));
      this.say(bad.length === 1 ? { ...said, takeOut: bad[0]?.name } : said);
    }
    this.tellComplete();
  }

  /** Say it again where the notes are good and come to the price: one was scanned while a visit was being accepted. */
  tellComplete() {
    if (this.basket.isComplete(this._parts.offers.price)) this.dispatchEvent(new Event("complete"));
  }

  /** @param {import("./saying.js").Said} said */
  say(said) {
    this._parts.answer.show(said);
    this._parts.sound.play(said.family);
  }

  /** @param {unknown} trouble what a part of the desk threw */
  trouble(trouble) {
    this.say(this._parts.saying.trouble(trouble));
  }

  /**
   * A note that is known already is told calmly, and its answer stays.
   * @param {string} text
   * @param {string} name
   * @param {string} key
   * @param {string | null} verdict
   */
  _again(text, name, key, verdict) {
    this._parts.eye.mark(text, this._mark(verdict));
    this.told = this._parts.words.say(key, { serial: printed(name) });
    this._change();
  }

  /** @param {string | null} verdict */
  _mark(verdict) {
    const { words } = this._parts;
    if (!verdict) return { family: /** @type {const} */ ("asking"), word: words.say("checking"), shape: "ring" };
    const { family, text: whole, shape } = words.verdict(verdict);
    const text = verdict === "good" ? words.say("good") : whole; // notes lie close to one another
    return { family: /** @type {"good" | "attention" | "no"} */ (family), word: text, shape: shape === "open" ? "ring" : shape };
  }

  _change() {
    this.dispatchEvent(new Event("change"));
  }
}
