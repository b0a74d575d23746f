/** What a code names: a note, or the notes under a label; nothing of anything else, whatever it is. */

import { numberOf, parseCanonical, printed, seriesOf } from "../desk/rules/serial.js";
import { read } from "../desk/rules/token.js";
import { Unreadable } from "../desk/rules/unreadable.js";

/** The label of a bundle or a box, as `app/core/reference.py` reads it. */
const LABEL = /^https?:\/\/[a-z0-9.-]{1,253}(?::[0-9]{1,5})?\/b\/([a-z0-9]{13})([a-z0-9]{13})$/i;

/**
 * @typedef {object} Code
 * @property {"note" | "label"} kind
 * @property {string} key the same for the same notes, however they were read
 * @property {string} shown for people
 * @property {string} text as it is sent: of a note no more than its serial, of a label the whole
 * @property {string} whole as it was read
 * @property {{first: string, last: string}} ends serials
 */

/**
 * @param {string} text of a code, or of a line that was typed
 * @returns {Code | null} null for what names neither
 */
export function codeOf(text) {
  const whole = text.trim();
  const { serial } = read(whole);
  if (serial) return { kind: "note", key: serial, shown: printed(serial), text: serial, whole, ends: { first: serial, last: serial } };
  return labelOf(whole);
}

/**
 * @param {Code} outer
 * @param {{first: string, last: string}} inner
 * @returns {boolean} whether all of these notes are among those
 */
export function covers({ ends }, inner) {
  const isOne = new Set([ends.first, inner.first, inner.last].map(seriesOf)).size === 1;
  return isOne && numberOf(ends.first) <= numberOf(inner.first) && numberOf(inner.last) <= numberOf(ends.last);
}

/** @param {string} whole @returns {Code | null} */
function labelOf(whole) {
  const found = LABEL.exec(whole);
  if (!found) return null;
  try {
    const [first, last] = [found[1], found[2]].map((each) => parseCanonical(each.toUpperCase()));
    if (seriesOf(first) !== seriesOf(last) || numberOf(first) > numberOf(last)) return null;
    const shown = `${seriesOf(first)} ${numberOf(first)}-${numberOf(last)}`;
    return { kind: "label", key: `${first}${last}`, shown, text: whole, whole, ends: { first, last } };
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}
