// @ts-check
import { printed } from "./basket.js";
import { button, made, mark, part, relist, tell } from "./draw.js";

/**
 * The basket as it is seen: how far the visit is, the one button that accepts, and each note.
 * @typedef {import("./basket.js").Gathered} Gathered
 * @typedef {import("../types.js").Offer} Offer
 */

/** A note of a visit, and what is in the way of accepting it. */
export class BasketList {
  /**
   * @param {import("./words.js").Words} words
   * @param {import("./saying.js").Saying} saying
   * @param {{onTakeOut: (name: string) => void}} also
   */
  constructor(words, saying, { onTakeOut }) {
    this._words = words;
    this._saying = saying;
    this._onTakeOut = onTakeOut;
    this._list = part("basket");
    this._accept = part("accept");
  }

  /**
   * @param {import("./basket.js").Basket} basket
   * @param {{price: number, chosen: Offer | null}} offers
   * @param {number} most notes of one visit; more are a group
   * @param {string} [note] what just happened, instead of what comes next
   */
  show(basket, { price, chosen }, most, note) {
    const count = basket.notes.length - basket.bad.length;
    tell(part("tally"), this._tally(count, price, chosen));
    tell(part("tally-more"), note || this._next(basket, price, chosen, most));
    const isReady = basket.isComplete(price) && !isTooMany(count, chosen);
    this._accept.setAttribute("aria-disabled", String(!isReady));
    tell(/** @type {HTMLElement} */ (this._accept.firstElementChild), this._deed(count));
    part("visit").classList.toggle("ready", isReady);
    relist(this._list, inOrder(basket).map((each) => (
      { key: each.name, look: `${each.verdict} ${each.first_redeemed_at}`, draw: () => this._line(each) })));
    this._list.hidden = basket.notes.length === 0;
    part("empty").hidden = basket.notes.length < 2;
  }

  /** @param {number} count */
  _deed(count) {
    return count ? this._words.count("accept", count) : this._words.say("accept");
  }

  /**
   * @param {number} count
   * @param {number} price
   * @param {Offer | null} chosen
   */
  _tally(count, price, chosen) {
    const { _words: words } = this;
    if (!chosen) return words.count("hours", count);
    const people = Math.max(1, Math.ceil(count / price));
    const progress = words.count("progress", people * price, { count });
    return people > 1 ? words.count("people", people, { progress }) : progress;
  }

  /**
   * @param {import("./basket.js").Basket} basket
   * @param {number} price
   * @param {Offer | null} chosen
   * @param {number} most
   * @returns {string} what is in the way, or what comes next
   */
  _next(basket, price, chosen, most) {
    const { _words: words } = this;
    const { count, missing } = basket.progress(price);
    if (basket.bad.length) return words.count("bad", basket.bad.length);
    if (basket.asking.length) return words.say("checking");
    if (!basket.notes.length) return words.say("nothing");
    if (isTooMany(count, chosen)) return words.count("most", chosen?.most_notes ?? 0);
    if (missing) return words.count("more", missing);
    if (count <= most) return words.say("ready");
    const parts = Math.ceil(count / (most - (most % price)));
    return `${words.count("group", count)}. ${words.count("group_parts", parts)}`;
  }

  /** @param {Gathered} note */
  _line(note) {
    const { _words: words } = this;
    const word = note.verdict ? words.verdict(note.verdict) : null;
    const isGood = word?.family === "good";
    const item = made("li", { class: word ? word.family : "asking" });
    const name = made("span", { class: "serial" }, printed(note.name));
    const out = button(words.say("take_out"), () => this._onTakeOut(note.name), { class: "quiet-button" });
    out.setAttribute("aria-label", `${words.say("take_out")} ${name.textContent}`);
    const said = made("div", { class: "line-said" }, name);
    if (!isGood) said.append(made("span", { class: "line-word" }, word?.text ?? words.say("checking")));
    item.append(word ? mark(word.shape) : made("span", { class: "mark asking-mark" }), said, out);
    if (word && !isGood) item.append(made("p", { class: "line-more" }, `${word.sentence} ${this._saying.firstSpent(note)}`));
    return item;
  }
}

/**
 * @param {number} count
 * @param {Offer | null} offer
 */
function isTooMany(count, offer) {
  return offer?.most_notes != null && count > offer.most_notes;
}

/**
 * @param {import("./basket.js").Basket} basket
 * @returns {Gathered[]} what is bad, then the newest first
 */
function inOrder(basket) {
  const newest = [...basket.notes].reverse();
  const bad = new Set(basket.bad);
  return [...newest.filter((note) => bad.has(note)), ...newest.filter((note) => !bad.has(note))];
}
