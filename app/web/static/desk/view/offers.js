// @ts-check
import { isOpenAt } from "../rules/opening.js";
import { made, part, tell } from "./draw.js";
import { nextOpening } from "./opening_hours.js";

/**
 * What a visit is for: one of the venue's offers, or just hours that are counted.
 * @typedef {import("../types.js").Offer} Offer
 */

const MINUTE_MS = 60_000;

export class Offers extends EventTarget {
  /**
   * @param {import("./words.js").Words} words
   * @param {import("./settings.js").Settings} settings
   */
  constructor(words, settings) {
    super();
    this._words = words;
    this._settings = settings;
    /** @type {Offer[]} */
    this._offers = [];
    /** @type {Offer | null} */
    this.chosen = null;
    this._box = part("offers");
    setInterval(() => this._tellOpening(), MINUTE_MS);
  }

  /** @returns {number} hours for one person */
  get price() {
    return this.chosen?.hours ?? 1;
  }

  /**
   * Show what the venue offers; the choice stays where it was. One that is gone stays too, until somebody chooses another: the
   * service says that it is closed, where "just count hours" would spend the notes for something else.
   * @param {Offer[]} offers
   */
  show(offers) {
    if (JSON.stringify(offers) === JSON.stringify(this._offers)) return;
    this._offers = offers;
    this.chosen = offers.find((offer) => offer.id === this._settings.offer) ?? this.chosen;
    const hadFocus = this._box.contains(document.activeElement);
    for (const old of this._box.querySelectorAll(".pick")) old.remove();
    this._box.append(this._pick(null), ...offers.map((offer) => this._pick(offer)));
    /** @type {HTMLElement | null} */
    const chosen = this._box.querySelector("input:checked"); // none where the chosen offer is gone
    if (hadFocus) (chosen ?? part("main")).focus({ preventScroll: true });
    this._box.hidden = offers.length === 0;
    this._tellOpening();
  }

  /** @param {Offer | null} offer */
  _pick(offer) {
    const { _words: words } = this;
    const choice = made("input", { type: "radio", name: "for", value: String(offer?.id ?? 0) });
    choice.checked = (this.chosen?.id ?? 0) === (offer?.id ?? 0);
    choice.addEventListener("change", () => this._choose(offer));
    const text = made("span", { class: "pick-text" }, made("span", { class: "pick-name" }, offer?.name ?? words.say("counted")));
    if (offer) {
      const most = offer.most_notes ? `, ${words.count("most", offer.most_notes)}` : "";
      text.append(made("span", { class: "price" }, words.count("hours", offer.hours) + most));
      text.append(made("span", { class: "opening", "data-offer": String(offer.id) }));
    }
    return made("label", { class: "pick" }, choice, text);
  }

  /** @param {Offer | null} offer */
  _choose(offer) {
    this.chosen = offer;
    this._settings.keep({ offer: offer?.id ?? 0 });
    this.dispatchEvent(new Event("change"));
  }

  /** Say of each offer that is closed when it opens. */
  _tellOpening() {
    const now = new Date();
    for (const offer of this._offers) {
      const place = this._box.querySelector(`[data-offer="${offer.id}"]`);
      if (place instanceof HTMLElement) tell(place, isOpenAt(offer, now) ? "" : this._closed(offer, now));
    }
  }

  /**
   * @param {Offer} offer
   * @param {Date} now
   */
  _closed(offer, now) {
    const { _words: words } = this;
    const next = nextOpening(offer, now);
    if (!next) return words.say("closed");
    const { on, time, isToday } = next;
    return isToday ? words.say("closed_until_today", { time }) : words.say("closed_until", { day: words.weekday(on), time });
  }
}
