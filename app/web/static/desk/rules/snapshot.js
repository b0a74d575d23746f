/** What a desk knows of the books: a snapshot, brought up to date by changes; as `app/core/knowledge.py` reads it. */

import { fromBase64 } from "./bytes.js";
import { numberOf, seriesOf } from "./serial.js";
import { Spans } from "./spans.js";

/** @typedef {import("./spans.js").Span} Span */
/** @typedef {Span & {public_key: string, expires_on: string | null}} KeyTold */

/**
 * `GET /api/v1/desk/snapshot`; a bitmap may be given as its bytes too, as `kept` has it.
 * @typedef {object} Whole
 * @property {string} cursor
 * @property {KeyTold[]} keyring
 * @property {Span[]} issued
 * @property {Span[]} blocked held or void
 * @property {Span[]} [held] those of the blocked that are held; where that is not told, all are, which claims less
 * @property {Record<string, string | Uint8Array<ArrayBuffer>>} redeemed
 */

/**
 * The same with `?since=`: spans and keys only where something moved.
 * @typedef {object} Changes
 * @property {string} cursor
 * @property {string[]} redeemed serials
 * @property {string[]} given_back serials
 * @property {KeyTold[]} [keyring]
 * @property {Span[]} [issued]
 * @property {Span[]} [blocked]
 * @property {Span[]} [held]
 */

export class Snapshot {
  /** @type {Omit<Whole, "redeemed"> & {redeemed: Record<string, Uint8Array<ArrayBuffer>>}} */
  #told;
  #keys;
  #issued;
  #blocked;
  #held;

  /** @param {Whole} told */
  constructor(told) {
    const redeemed = Object.entries(told.redeemed).map(([series, bits]) => [series, asBytes(bits)]);
    this.#told = { ...told, redeemed: Object.fromEntries(redeemed) };
    this.#keys = new Spans(told.keyring);
    this.#issued = new Spans(told.issued);
    this.#blocked = new Spans(told.blocked);
    this.#held = new Spans(told.held ?? told.blocked);
  }

  /**
   * @param {Whole} told by the service, or `kept` by the desk
   * @returns {Snapshot}
   */
  static of(told) {
    return new Snapshot(told);
  }

  /** As of when it knows the books, for `since`. */
  get cursor() {
    return this.#told.cursor;
  }

  /** What `of` takes again, for a structured clone to keep: half the size of the JSON. Not to be changed. */
  get kept() {
    return this.#told;
  }

  /**
   * @param {Changes} told
   * @returns {Snapshot} brought up to date; this one stays as it is
   */
  changed(told) {
    const { redeemed: spent, given_back: unspent, ...moved } = told;
    const redeemed = copied(this.#told.redeemed, [...spent, ...unspent]);
    for (const serial of spent) redeemed[seriesOf(serial)][byteOf(serial)] |= maskOf(serial);
    for (const serial of unspent) redeemed[seriesOf(serial)][byteOf(serial)] &= ~maskOf(serial);
    const held = moved.held ?? moved.blocked ?? this.#told.held;
    return new Snapshot({ ...this.#told, ...moved, held, redeemed });
  }

  /**
   * @param {string} serial canonical
   * @returns {{public_key: Uint8Array<ArrayBuffer>, expires_on: string | null} | null} the key of the order it lies in (32
   *   bytes) and its last day
   */
  keyOf(serial) {
    const key = this.#told.keyring[this.#keys.find(serial)];
    return key ? { public_key: fromBase64(key.public_key), expires_on: key.expires_on } : null;
  }

  /**
   * @param {string} serial canonical
   * @returns {"issued" | "held" | "void" | "ordered" | null} null where no key speaks for it; `ordered` is on its way to be
   *   issued, wherever it is
   */
  stands(serial) {
    if (!this.#keys.has(serial)) return null;
    if (this.#held.has(serial)) return "held";
    if (this.#blocked.has(serial)) return "void";
    return this.#issued.has(serial) ? "issued" : "ordered";
  }

  /** @param {string} serial canonical @returns {boolean} whether it is spent */
  isRedeemed(serial) {
    return ((this.#told.redeemed[seriesOf(serial)]?.[byteOf(serial)] ?? 0) & maskOf(serial)) !== 0;
  }
}

/** @param {string} serial @returns {number} which byte of a bitmap is its */
const byteOf = (serial) => (numberOf(serial) - 1) >> 3;

/** @param {string} serial @returns {number} its bit in that byte, the lowest for the first note */
const maskOf = (serial) => 1 << ((numberOf(serial) - 1) & 7);

/** @param {string | Uint8Array<ArrayBuffer>} bits @returns {Uint8Array<ArrayBuffer>} */
const asBytes = (bits) => (typeof bits === "string" ? fromBase64(bits) : bits);

/**
 * @param {Record<string, Uint8Array<ArrayBuffer>>} redeemed
 * @param {string[]} serials that will be marked
 * @returns {Record<string, Uint8Array<ArrayBuffer>>} the same, with copies that have room for them where they have some
 */
function copied(redeemed, serials) {
  /** @type {Map<string, number>} */
  const lengths = new Map();
  for (const serial of serials) {
    const series = seriesOf(serial);
    lengths.set(series, Math.max(lengths.get(series) ?? redeemed[series]?.length ?? 0, byteOf(serial) + 1));
  }
  const copies = { ...redeemed };
  for (const [series, length] of lengths) {
    copies[series] = new Uint8Array(length);
    copies[series].set(redeemed[series] ?? []);
  }
  return copies;
}
