/** The token: the text in a note's QR, `HTTPS://<HOST>/N/<serial><signature>`, read exactly as `app/core/token.py` does. */

import { parse as parseSerial, parseCanonical } from "./serial.js";
import { Unreadable } from "./unreadable.js";

/** A whole token, without anything around it. */
export const TOKEN = /^https?:\/\/[a-z0-9.-]{1,253}(?::[0-9]{1,5})?\/n\/(?<serial>[a-z0-9]{13})(?<signature>[a-z2-7]{103})$/i;

const BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SIGNATURE_BYTES = 64;
const LONGEST_TOKEN = 499;
/** Characters of what a desk may show as a note. */
const LONGEST_SHOWN = 500;
const ASCII = /^[\0-\x7f]*$/;
/** What Python strips of ASCII. */
const EDGES = /^[\t-\r\x1c-\x20]+|[\t-\r\x1c-\x20]+$/g;

/**
 * A serial and the 64 bytes that claim to sign it; whether they do is for `signature.js` to say.
 * @typedef {object} Token
 * @property {string} serial canonical
 * @property {Uint8Array<ArrayBuffer>} signature
 */

/**
 * Read a token: any host, http or https, any case.
 * @param {string} text
 * @returns {Token}
 * @throws {Unreadable} `shape` when it is no token, else what is wrong with its serial
 */
export function parse(text) {
  const bare = text.length <= LONGEST_TOKEN && ASCII.test(text) ? text.replace(EDGES, "") : "";
  const found = TOKEN.exec(bare)?.groups;
  if (!found) throw new Unreadable("shape");
  const serial = parseCanonical(found.serial.toUpperCase());
  return { serial, signature: signatureOf(found.signature.toUpperCase()) };
}

/**
 * What a desk was shown: a token, else a serial typed by hand, else neither.
 * @param {string} text
 * @returns {{serial: string | null, signature: Uint8Array<ArrayBuffer> | null}}
 */
export function read(text) {
  if ([...text].length > LONGEST_SHOWN) return { serial: null, signature: null };
  return tried(parse, text) ?? { serial: tried(parseSerial, text), signature: null };
}

/**
 * @template T
 * @param {(text: string) => T} reading
 * @param {string} text
 * @returns {T | null} null when it cannot be read so
 */
function tried(reading, text) {
  try {
    return reading(text);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

/**
 * The 64 bytes of 103 digits (RFC 4648, 6); the three bits left over must be zero, so that a signature has one spelling.
 * @param {string} digits
 * @returns {Uint8Array<ArrayBuffer>}
 */
function signatureOf(digits) {
  const bytes = new Uint8Array(SIGNATURE_BYTES);
  let [bits, held, place] = [0, 0, 0];
  for (const digit of digits) {
    bits = (bits << 5) | BASE_32.indexOf(digit);
    held += 5;
    if (held < 8) continue;
    held -= 8;
    bytes[place++] = bits >> held;
    bits &= (1 << held) - 1;
  }
  if (bits !== 0) throw new Unreadable("shape");
  return bytes;
}
