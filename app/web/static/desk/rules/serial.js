/** The serial of a note, `CWL26 0012345 F`: read and written exactly as `app/core/serial.py` does. */

import { Unreadable } from "./unreadable.js";

/** Characters of the canonical form. */
export const LENGTH = 13;

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const CANONICAL = /^[A-Z]{3}[0-9]{2}([0-9]{7})[0-9A-Z]$/;
/** What Python takes for space (which is not what `\s` is here), and hyphens of any kind. */
const SEPARATORS =
  /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\-\u2010-\u2015\u2212]+/g;

/**
 * Read a serial as people type it: any spaces, hyphens and case; O/0 and I/1 mended where the position tells.
 * @param {string} text
 * @returns {string} its canonical form, 13 characters
 * @throws {Unreadable}
 */
export function parse(text) {
  const bare = squeeze(text);
  if ([...bare].length !== LENGTH) throw new Unreadable("length");
  const [programme, digits, check] = [bare.slice(0, 3), bare.slice(3, 12), bare.slice(12)];
  return parseCanonical(lettered(programme) + numbered(digits) + check);
}

/**
 * Read the canonical form and nothing else.
 * @param {string} text
 * @returns {string} the same
 * @throws {Unreadable}
 */
export function parseCanonical(text) {
  const found = CANONICAL.exec(text);
  if (!found || Number(found[1]) === 0) throw new Unreadable("shape");
  if (checkCharacter(text.slice(0, 12)) !== text[12]) throw new Unreadable("check");
  return text;
}

/**
 * The check character of ISO/IEC 7064 MOD 37,36.
 * @param {string} body of 0-9 and A-Z
 * @returns {string} one of 0-9 and A-Z
 */
export function checkCharacter(body) {
  let sum = 36;
  for (const each of body) sum = (((sum + ALPHABET.indexOf(each)) % 36 || 36) * 2) % 37;
  return ALPHABET[(37 - sum) % 36];
}

/**
 * @param {string} serial canonical
 * @returns {string} as it stands on the note, `CWL26 0012345 F`
 */
export const printed = (serial) => `${serial.slice(0, 5)} ${serial.slice(5, 12)} ${serial.slice(12)}`;

/**
 * @param {string} serial canonical
 * @returns {string} its series, `CWL26`
 */
export const seriesOf = (serial) => serial.slice(0, 5);

/**
 * @param {string} serial canonical, or its series
 * @returns {string} the code of its programme, `CWL`
 */
export const programmeOf = (serial) => serial.slice(0, 3);

/**
 * @param {string} serial canonical
 * @returns {number} 1 to 9,999,999
 */
export const numberOf = (serial) => Number(serial.slice(5, 12));

/**
 * @param {string} serial canonical
 * @returns {boolean} whether it is a specimen, which never counts
 */
export const isSpecimen = (serial) => programmeOf(serial) === "SPC";

/** @param {string} text @returns {string} without separators, in upper case as far as it is ASCII */
const squeeze = (text) => text.replace(/[a-z]+/g, (ascii) => ascii.toUpperCase()).replace(SEPARATORS, "");

/** @param {string} text @returns {string} digits among letters mended */
const lettered = (text) => text.replaceAll("0", "O").replaceAll("1", "I");

/** @param {string} text @returns {string} letters among digits mended */
const numbered = (text) => text.replaceAll("O", "0").replaceAll("I", "1");
