// @ts-check
import { button, made, mark, part } from "./draw.js";

/**
 * The answer on the screen: it covers the place where the eye is, and goes after the time that the venue sets.
 * @typedef {import("./saying.js").Said} Said
 * @typedef {import("./words.js").Words} Words
 */

export class Answer {
  /**
   * @param {Words} words
   * @param {{onTakeOut: (name: string) => void}} also
   */
  constructor(words, { onTakeOut }) {
    this._words = words;
    this._onTakeOut = onTakeOut;
    /** @type {number} 0: it stays */
    this.clearSeconds = 0;
    this._clearing = 0;
    /** @type {HTMLElement} */
    this._calm = part("answer-status");
    /** @type {HTMLElement} */
    this._urgent = part("answer-alert");
  }

  /** @returns {boolean} */
  get isShown() {
    return this._calm.hasChildNodes() || this._urgent.hasChildNodes();
  }

  /**
   * Show an answer in the place of the one before; a screen reader says it once.
   * @param {Said} said
   */
  show(said) {
    this.clear();
    const place = said.family === "good" ? this._calm : this._urgent;
    place.append(this._drawn(said));
    this._cover(true);
    intoView(place);
    if (this.clearSeconds > 0) this._clearing = window.setTimeout(() => this.clear(), this.clearSeconds * 1000);
  }

  /** Say that the answer is awaited. */
  await() {
    this.clear();
    const asking = made("p", { class: "awaiting" }, this._words.say("asking"));
    this._calm.append(made("section", { class: "answer waiting" }, asking));
    this._cover(true);
  }

  /**
   * Say how far a group has come.
   * @param {string} text
   * @param {number} done
   * @param {number} all
   */
  progress(text, done, all) {
    this.await();
    const bar = made("progress", { max: String(all), value: String(done), "aria-label": text });
    this._calm.querySelector("section")?.replaceChildren(made("p", { class: "awaiting" }, text), bar);
  }

  clear() {
    clearTimeout(this._clearing);
    const hadFocus = this._calm.contains(document.activeElement) || this._urgent.contains(document.activeElement);
    this._calm.replaceChildren();
    this._urgent.replaceChildren();
    this._cover(false);
    if (hadFocus) part("main").focus({ preventScroll: true });
  }

  /** @param {boolean} isCovered whether the answer lies over the camera, whose buttons are then out of reach */
  _cover(isCovered) {
    part("stage").classList.toggle("answered", isCovered);
    if (isCovered && part("eye").contains(document.activeElement)) part("main").focus({ preventScroll: true });
    part("eye").inert = isCovered;
  }

  /** @param {Said} said */
  _drawn(said) {
    const kind = said.shape === "ring" ? " asked" : said.shape === "open" ? " unconfirmed" : "";
    const stamped = said.stamp ? " stamped" : "";
    return made(
      "section",
      { class: `answer ${said.family}${kind}${stamped}` },
      ...(said.stamp ? [made("p", { class: "stamp" }, said.stamp)] : []),
      made("div", { class: "answer-head" }, mark(said.shape), made("p", { class: "answer-word" }, said.text)),
      made("div", { class: "answer-rest" }, ...this._rest(said)),
    );
  }

  /** @param {Said} said */
  _rest(said) {
    const rest = said.sentences.map((text) => made("p", { class: "answer-sentence" }, text));
    if (said.say) rest.push(made("p", { class: "answer-say" }, said.say));
    const isMixed = said.lines.some((line) => line.text !== said.text);
    const lines = said.lines.map((line) => this._line(line, isMixed));
    return [...rest, ...(lines.length ? [made("ul", { class: "plain answer-notes" }, ...lines)] : []), this._buttons(said)];
  }

  /**
   * @param {import("./saying.js").Line} line
   * @param {boolean} withWord
   */
  _line(line, withWord) {
    const item = made("li", {}, made("span", { class: "serial" }, line.serial));
    if (withWord) item.append(made("span", { class: "line-word" }, mark(line.shape), line.text));
    if (line.more) item.append(made("span", { class: "first-spent" }, line.more));
    return item;
  }

  /** @param {Said} said */
  _buttons({ takeOut }) {
    const words = this._words;
    const clear = button(words.say("clear"), () => this.clear(), { class: "clear" });
    clear.append(" ", made("kbd", {}, "Esc"));
    const keep = button(words.say("keep"), () => {
      clearTimeout(this._clearing);
      clear.focus();
      keep.remove();
    }, { class: "keep" });
    const buttons = made("div", { class: "answer-buttons" });
    if (takeOut) buttons.append(button(words.say("take_out_this"), () => this._onTakeOut(takeOut), { class: "out" }));
    buttons.append(clear);
    if (this.clearSeconds > 0) buttons.append(keep);
    return buttons;
  }
}

/**
 * On a small screen an answer is of no use out of sight.
 * @param {HTMLElement} place
 */
function intoView(place) {
  const { top, bottom, height } = place.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) place.scrollIntoView({ block: height < innerHeight ? "nearest" : "start" });
}
