// @ts-check
import { button, made, mark, part } from "./draw.js";

/**
 * How the desk stands, always in sight: with the network or without, what it knows then, what waits, and what is in the way.
 * @typedef {import("../types.js").Condition} Condition
 */

export class ConditionLine {
  /**
   * @param {import("./words.js").Words} words
   * @param {{onTry: () => unknown}} also
   */
  constructor(words, { onTry }) {
    this._words = words;
    this._onTry = onTry;
    this._place = part("condition");
    this._said = made("p", { class: "condition-said", role: "status" });
    this._trouble = made("div", { role: "alert" });
    this._try = button(words.say("sync"), onTry, { class: "quiet-button" });
    this._sign = made("span", { class: "condition-sign", "aria-hidden": "true" });
    this._place.replaceChildren(made("div", { class: "condition-line" }, this._sign, this._said, this._try), this._trouble);
    this._last = "";
  }

  /** @param {Condition} condition */
  show(condition) {
    const { online, waitingNotes, waitingElsewhere, trouble } = condition;
    const waiting = waitingNotes ? [this._words.count("waiting", waitingNotes)] : [];
    if (waitingElsewhere) waiting.push(this._words.say("elsewhere"));
    const parts = online ? waiting : [...this._apart(condition), ...waiting];
    const now = JSON.stringify([online, parts, trouble, condition.apart]);
    if (now === this._last) return;
    this._last = now;
    this._place.className = `condition ${online ? "online" : "apart"}`;
    const head = made("strong", {}, this._words.say(online ? "on_line" : "off_line"));
    this._said.replaceChildren(head, ...parts.map((text) => ` ${text}`));
    this._try.hidden = online && !waitingNotes;
    this._trouble.replaceChildren(...(trouble ? [this._drawn(trouble, condition)] : []));
  }

  /** @param {Condition} condition */
  _apart({ apart, knownAt, notesLeft }) {
    const { _words: words } = this;
    const at = knownAt ? words.moment(knownAt) : "";
    if (apart === "ready") return [words.say("knows", { at }), words.count("may_accept", notesLeft)];
    return [(words.table.apart[apart] ?? "").replace("{at}", at)];
  }

  /** @param {string} trouble @param {Condition} condition */
  _drawn(trouble, { apart }) {
    const word = this._words.trouble(trouble);
    const sentence = trouble === "closed" && apart === "ready" ? this._words.say("closed_apart") : word.sentence;
    const text = made("p", {}, made("strong", {}, word.text), ` ${sentence}`);
    const box = made("div", { class: "problem" }, mark(word.shape), text);
    if (trouble === "broken") text.append(" ", button(this._words.say("again"), this._onTry, { class: "quiet-button" }));
    if (trouble === "not_enrolled") text.append(" ", made("a", { href: "/desk/enrol" }, this._words.say("enrol")));
    return box;
  }
}
