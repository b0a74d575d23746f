/**
 * Which keys a scanner pressed, told from the keys and their times alone. A token has a shape and a length, so its end is
 * known without an Enter, and it is found behind whatever was typed before it. Keys are read twice, as the keyboard of the
 * browser names them and by their places on a keyboard of the United States, which is what a scanner sends unless somebody
 * set it up: so a scanner is understood by a computer with another keyboard. Case says nothing (CapsLock).
 */

import { TOKEN } from "../rules/token.js";

/**
 * @template Before
 * @typedef {object} Stroke a key that went down
 * @property {string} key as in KeyboardEvent
 * @property {string} code
 * @property {number} at milliseconds
 * @property {boolean} isChord with Ctrl, Alt or Meta
 * @property {boolean} isInField whether letters belong to the field that has the focus
 * @property {Before} [before] what the field held before it
 */

/**
 * @template Before
 * @typedef {object} Heard
 * @property {boolean} isScanners whether the key is a scanner's, and is to have no other effect
 * @property {string | null} text what was scanned, complete with this key
 * @property {Before[]} befores what the fields held before each of its keys, where something is to be put back
 */

/** With what a scanner can be set to say before a QR code (ISO/IEC 15424: `]Q` and a digit). */
const PREFIXED = new RegExp(`(?:\\][A-Z]\\d)?(${TOKEN.source.replace(/^\^|\$$/g, "")})`, "i");
const AT_END = new RegExp(`${PREFIXED.source}$`, "i");

/** A pause that ends a scan: a bad radio link rarely waits as long. */
export const PAUSE_MS = 1500;
/** Keys that follow one another faster than this, on average, are no person's; a longer gap than the other ends such a run. */
const FAST_MS = 60;
const RUN_MS = 250;
/** An Enter or Tab that follows a scan within this time is the scanner's. */
const ENDING_MS = 400;
/** As many fast keys are a scan, though no token: with an Enter behind them, and without. */
const LEAST = { ended: 8, open: 12 };
const MOST_KEPT = 512;

/** Places of keys: what the United States' keyboard has there, of all that is in a token. */
const PLACES = new Map([
  ["Slash", "/"], ["NumpadDivide", "/"], ["Period", "."], ["NumpadDecimal", "."], ["Minus", "-"], ["NumpadSubtract", "-"],
  ["Semicolon", ":"], ["BracketRight", "]"],
]);
const SILENT = new Set(["Shift", "CapsLock", "NumLock", "AltGraph", "Alt", "Control", "Meta"]);

/**
 * @param {string} text of a field, or as it is put into one
 * @returns {{token: string, rest: string} | null} the token in it, and what there is beside it
 */
export function tokenIn(text) {
  const found = PREFIXED.exec(text);
  if (!found) return null;
  return { token: found[1].toUpperCase(), rest: text.slice(0, found.index) + text.slice(found.index + found[0].length) };
}

/** @template Before */
export class Keystrokes {
  constructor() {
    /** @type {Stroke<Before>[]} */
    this._kept = [];
    this._endedAt = -Infinity;
    this._isTold = false;
  }

  /**
   * @param {Stroke<Before>} stroke
   * @returns {Heard<Before>}
   */
  press(stroke) {
    if (SILENT.has(stroke.key)) return nothing();
    if (stroke.at - (this._kept.at(-1)?.at ?? -Infinity) > PAUSE_MS) this._clear();
    if (isEnding(stroke)) return this._end(stroke);
    if (stroke.isChord || !isLetter(stroke)) {
      this._clear();
      return nothing();
    }
    return this._add(stroke);
  }

  /**
   * Nothing was pressed for a while.
   * @returns {string | null} what a scanner typed that is no token, if it did, once
   */
  rest() {
    const text = this._isTold || this._kept.some(({ isInField }) => isInField) ? null : this._fast(LEAST.open);
    this._isTold ||= text !== null;
    return text;
  }

  /**
   * A scan came another way: an Enter behind it is the scanner's.
   * @param {number} at milliseconds
   */
  end(at) {
    this._clear();
    this._endedAt = at;
  }

  /**
   * @param {Stroke<Before>} stroke
   * @returns {Heard<Before>}
   */
  _add(stroke) {
    const gap = stroke.at - (this._kept.at(-1)?.at ?? -Infinity);
    this._kept.push(stroke);
    if (this._kept.length > MOST_KEPT) this._kept.shift();
    const found = AT_END.exec(this._text(nameOf)) ?? AT_END.exec(this._text(placeOf));
    if (!found) return { ...nothing(), isScanners: !stroke.isInField && (gap <= FAST_MS || this._isBegun()) };
    const befores = this._kept.slice(-found[0].length).flatMap(({ before }) => (before === undefined ? [] : [before]));
    this.end(stroke.at);
    return { isScanners: true, text: found[1].toUpperCase(), befores };
  }

  /**
   * Enter or Tab: a scanner's behind a scan, else a person's.
   * @param {Stroke<Before>} stroke
   * @returns {Heard<Before>}
   */
  _end(stroke) {
    if (!this._kept.length && stroke.at - this._endedAt <= ENDING_MS) return { ...nothing(), isScanners: true };
    const isTold = this._isTold;
    const text = stroke.isInField || stroke.isChord ? null : this._fast(LEAST.ended);
    this._clear();
    if (text === null) return nothing();
    this.end(stroke.at);
    return { isScanners: true, text: isTold ? null : text, befores: [] };
  }

  /** Whether a token has begun: a slow scanner's `/` would open the search of some browsers, which takes the rest. */
  _isBegun() {
    return /HTTP/i.test(this._text(nameOf)) || /HTTP/.test(this._text(placeOf));
  }

  /**
   * @param {number} least
   * @returns {string | null} what was typed last without a gap, when it is that long and was too fast for a person
   */
  _fast(least) {
    const gaps = this._kept.map(({ at }, i) => at - (this._kept[i - 1]?.at ?? -Infinity));
    const run = this._kept.slice(gaps.findLastIndex((gap) => gap > RUN_MS));
    const text = run.map(({ key }) => (key.length === 1 ? key : "")).join("");
    if (run.length < least || text.trim().length < least) return null;
    return (run[run.length - 1].at - run[0].at) / (run.length - 1) <= FAST_MS ? text : null;
  }

  /** @param {(stroke: Stroke<Before>) => string} letterOf */
  _text(letterOf) {
    return this._kept.map(letterOf).join("");
  }

  _clear() {
    this._kept = [];
    this._isTold = false;
  }
}

/** @returns {{isScanners: boolean, text: null, befores: never[]}} */
function nothing() {
  return { isScanners: false, text: null, befores: [] };
}

/** @param {Stroke<any>} stroke Enter, Tab, or a line end as the Ctrl+M and Ctrl+J that some scanners send */
function isEnding({ key, code, isChord }) {
  return isChord ? code === "KeyJ" || code === "KeyM" : key === "Enter" || key === "Tab";
}

/** @param {Stroke<any>} stroke */
function isLetter({ key }) {
  return [...key].length === 1 || key === "Dead" || key === "Unidentified";
}

/** @param {Stroke<any>} stroke one character, so that places in the text are places among the strokes */
function nameOf({ key }) {
  return key.length === 1 ? key : "\0";
}

/** @param {Stroke<any>} stroke */
function placeOf({ code }) {
  return /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(code)?.[1] ?? PLACES.get(code) ?? "\0";
}
