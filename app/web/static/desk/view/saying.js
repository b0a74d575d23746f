// @ts-check
import { printed } from "./basket.js";

/**
 * What an answer says: one word with its shape and colour, sentences, and the notes; drawn by `answer.js`.
 * @typedef {import("./words.js").Words} Words
 * @typedef {import("./words.js").Word} Word
 * @typedef {import("../types.js").NoteAnswer} NoteAnswer
 * @typedef {import("../types.js").VisitAnswer} VisitAnswer
 * @typedef {import("../memory/trouble.js").Trouble} Trouble
 * @typedef {import("../types.js").Offer} Offer
 * @typedef {{serial: string, text: string, more: string, family: string, shape: string}} Line
 * @typedef {object} Said
 * @property {string} text the word
 * @property {string} family `good`, `attention` or `no`
 * @property {string} shape
 * @property {string[]} sentences
 * @property {string} say what to say to the visitor
 * @property {Line[]} lines
 * @property {string} stamp `PRACTICE`, `SPECIMEN` or nothing
 * @property {string} [takeOut] the name of the one note to take out
 */

/** So shortly after a note was spent here, it may be the same visitor. */
const MOMENT_MS = 120_000;
const MOST_LINES = 8;
/** From so many seconds on, how long to wait is said in minutes. */
const MINUTES_FROM = 100;

export class Saying {
  /** @param {Words} words */
  constructor(words) {
    this.words = words;
  }

  /**
   * @param {VisitAnswer} answer
   * @param {Offer | null} offer
   * @param {boolean} practice
   * @returns {Said}
   */
  visit(answer, offer, practice) {
    const said = answer.outcome === "accepted" ? this._accepted(answer, offer) : this._refusedVisit(answer, offer);
    if (!practice) return said;
    const sentences = [...said.sentences, this.words.say("practice_sentence")];
    return { ...said, sentences, stamp: this.words.say("practice") };
  }

  /**
   * What became of notes that were asked about.
   * @param {NoteAnswer[]} notes one or more
   * @param {Date} [now]
   * @returns {Said} said of the worst note
   */
  notes(notes, now = new Date()) {
    const { words } = this;
    const sorted = [...notes].sort((a, b) => Number(isGood(a)) - Number(isGood(b)));
    const worst = /** @type {NoteAnswer} */ (sorted[0]);
    const word = words.verdict(worst.verdict);
    const sentences = [word.sentence];
    if (isOfThisMoment(worst, now)) sentences.push(words.say("spent_just_now"));
    const stamp = worst.verdict === "specimen" ? words.say("specimen") : "";
    return { ...word, sentences, say: word.say ?? "", lines: this._lines(sorted), stamp };
  }

  /**
   * What is said of notes that nobody spends. Without network a good one is good as far as the desk knows, and looks like it.
   * @param {import("../types.js").CheckAnswer} answer
   * @returns {Said}
   */
  check({ notes, confirmed }) {
    const said = this.notes(notes);
    if (confirmed || !notes.every(isGood)) return said;
    return { ...said, shape: "open", sentences: [this.words.say("as_far")] };
  }

  /**
   * @param {unknown} trouble what a part of the desk threw
   * @returns {Said}
   */
  trouble(trouble) {
    const { word: key = "cannot_tell", retryAfterSeconds: seconds } = /** @type {Partial<Trouble>} */ (trouble ?? {});
    const word = this.words.trouble(key);
    return plain(word, [word.sentence, key === "too_often" && seconds ? this._again(seconds) : ""]);
  }

  /** @param {number} seconds */
  _again(seconds) {
    return seconds < MINUTES_FROM ? this.words.count("again_seconds", seconds) : this.words.count("again_minutes", Math.ceil(seconds / 60));
  }

  /** @param {import("../types.js").GiveBackAnswer} answer */
  givenBack({ outcome, reason }) {
    const { given_back: back, not_given_back: not } = this.words.table;
    if (outcome === "reversed") return plain(back, [back.sentence]);
    return plain(not, [not.sentences[reason ?? ""] ?? ""]);
  }

  /**
   * The account of a group.
   * @param {{accepted: number, refused: NoteAnswer[], said: Said | null, practice: boolean, confirmed: boolean}} account `said`: of what stopped it
   * @returns {Said}
   */
  group({ accepted, refused, said, practice, confirmed }) {
    const { words } = this;
    const stamp = practice ? words.say("practice") : "";
    const done = words.count("group_done", accepted);
    if (!said) {
      return { ...plain(words.verdict(confirmed ? "accepted" : "accepted_offline"), [done]), stamp };
    }
    const some = accepted ? { ...said, family: "attention", shape: "triangle", text: words.say("group_some") } : said;
    const bad = refused.filter((note) => !isGood(note));
    const why = said.sentences.filter((each) => each !== words.say("nothing_spent")); // it is said of the others
    const sentences = accepted ? [done, bad.length ? words.count("refused", bad.length) : ""] : [];
    return {
      ...plain(some, [...sentences, ...why, words.say("group_rest")]),
      lines: this._lines(bad),
      stamp,
    };
  }

  /**
   * @param {VisitAnswer} answer
   * @param {Offer | null} offer
   */
  _accepted(answer, offer) {
    const { words } = this;
    const hours = words.count("hours", answer.hours);
    const sentence = offer ? `${hours} – ${offer.name}` : hours;
    const word = words.verdict(answer.confirmed ? "accepted" : "accepted_offline");
    return { ...plain(word, [sentence]), lines: this._lines(answer.notes) };
  }

  /**
   * @param {VisitAnswer} answer
   * @param {Offer | null} offer
   */
  _refusedVisit(answer, offer) {
    const { words } = this;
    const reason = words.table.reasons[answer.reason ?? ""];
    if (!reason) {
      const said = this.notes(answer.notes);
      return answer.notes.length > 1 ? { ...said, sentences: [...said.sentences, words.say("nothing_spent")] } : said;
    }
    const price = offer && answer.reason === "wrong_hours" ? [words.count("costs", offer.hours, { offer: offer.name })] : [];
    return plain(reason, [...price, reason.sentence]);
  }

  /**
   * @param {NoteAnswer[]} notes
   * @returns {Line[]}
   */
  _lines(notes) {
    return notes.slice(0, MOST_LINES).map((note) => {
      const { text, family, shape } = this.words.verdict(note.verdict);
      return { serial: note.serial ? printed(note.serial) : "", text, family, shape, more: this.firstSpent(note) };
    });
  }

  /**
   * @param {{first_redeemed_at: string | null, first_venue: string | null}} note
   * @returns {string} when it was first spent, and whether that was here; nothing where it was not
   */
  firstSpent({ first_redeemed_at: at, first_venue: venue }) {
    if (!at) return "";
    const where = this.words.say(venue ? "here" : "another_venue");
    return `${this.words.say("first_spent", { at: this.words.moment(new Date(at)) })} ${where}`;
  }
}

/** @param {NoteAnswer} note */
const isGood = ({ verdict }) => ["good", "accepted", "accepted_offline"].includes(verdict);

/**
 * @param {{text: string, family: string, shape: string}} word
 * @param {string[]} sentences
 * @returns {Said}
 */
function plain({ text, family, shape }, sentences) {
  return { text, family, shape, sentences: sentences.filter(Boolean), say: "", lines: [], stamp: "" };
}

/**
 * @param {NoteAnswer} note
 * @param {Date} now
 */
function isOfThisMoment(note, now) {
  const { first_redeemed_at: at, first_venue: venue } = note;
  if (venue === null || at === null) return false;
  return Math.abs(now.getTime() - Date.parse(at)) < MOMENT_MS; // a clock that is hours behind knows no moment
}
