/** Where codes go in a page: a line each of a large field, one small field, or the bundles of a delivery. */

import { codeOf, covers } from "./code.js";

/** @typedef {import("./code.js").Code} Code */
/** @typedef {"added" | "twice" | "not_here"} Taken */
/**
 * `count`: how much is there, by whatever means; `isDone`: nothing more is to be read.
 * @typedef {{take: (code: Code) => Taken, readonly count: number, readonly isDone: boolean}} Place
 */

/**
 * @param {HTMLElement} into
 * @param {{needsWhole: boolean, sends: boolean}} how `needsWhole`: the code of a note goes there whole, because its signature is
 *   judged; `sends`: what takes one code is sent at once
 * @returns {Place}
 */
export function placeOf(into, { needsWhole, sends }) {
  if (into instanceof HTMLTextAreaElement) return new Lines(into, needsWhole);
  return into instanceof HTMLInputElement ? new One(into, sends) : new Bundles(into);
}

class Lines {
  /**
   * @param {HTMLTextAreaElement} field
   * @param {boolean} needsWhole
   */
  constructor(field, needsWhole) {
    this._field = field;
    this._needsWhole = needsWhole;
    this.isDone = false;
  }

  get count() {
    return this._lines().length;
  }

  /** @param {Code} code @returns {Taken} */
  take(code) {
    const lines = this._lines();
    if (lines.some((line) => codeOf(line)?.key === code.key)) return "twice";
    this._field.value = [...lines, this._needsWhole ? code.whole : code.text, ""].join("\n");
    this._field.closest("details")?.setAttribute("open", "");
    return "added";
  }

  _lines() {
    return this._field.value.split("\n").filter((line) => line.trim());
  }
}

class One {
  /**
   * @param {HTMLInputElement} field
   * @param {boolean} sends
   */
  constructor(field, sends) {
    this._field = field;
    this._sends = sends;
    this.isDone = false;
  }

  get count() {
    return this.isDone ? 1 : 0;
  }

  /** @param {Code} code @returns {Taken} */
  take(code) {
    if (this.isDone) return "twice";
    this._field.value = code.text;
    this.isDone = true;
    if (this._sends) this._field.form?.requestSubmit();
    return "added";
  }
}

class Bundles {
  /** @param {HTMLElement} list of a part for each bundle, with its first and last serial and what can be said of it */
  constructor(list) {
    this._list = list;
    this.isDone = false;
  }

  get count() {
    return this._list.querySelectorAll("input:checked").length;
  }

  /** That a bundle was opened stays said; that it is not here, its label disproves. @param {Code} code @returns {Taken} */
  take(code) {
    /** @type {NodeListOf<HTMLElement>} */
    const all = this._list.querySelectorAll("[data-first]");
    const mine = [...all].filter(({ dataset: { first = "", last = "" } }) => covers(code, { first, last }));
    const open = mine.filter((bundle) => !bundle.querySelector("input:checked:not([value=missing])"));
    for (const bundle of open) /** @type {HTMLInputElement} */ (bundle.querySelector("input[value=here]")).checked = true;
    if (!mine.length) return "not_here";
    return open.length ? "added" : "twice";
  }
}
