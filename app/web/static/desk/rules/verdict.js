/** The verdict on a note: the table of `app/core/verdict.py`, in the order of the contract. */

/**
 * What is known of one note when it is judged.
 * @typedef {object} Facts
 * @property {boolean} readable it is a token or a serial at all
 * @property {string | null} state of the span it lies in (`issued`, `held`, `void`, ...), null when never ordered
 * @property {"good" | "bad" | "unknown_key" | null} signature null for a serial typed by hand
 * @property {boolean} specimen
 * @property {boolean} redeemed
 * @property {boolean} expired
 * @property {boolean} acceptedHere the offer takes notes of this programme
 * @property {boolean} keyedAllowed whether a typed serial is taken
 */

/** @type {[string, (note: Facts) => boolean][]} the rule of each refusal; a note that none of them names is good */
const PRECEDENCE = [
  ["malformed", (note) => !note.readable],
  ["unknown", (note) => note.state === null],
  ["forged", (note) => note.signature !== null && note.signature !== "good"],
  ["specimen", (note) => note.specimen],
  ["already_redeemed", (note) => note.redeemed],
  ["void", (note) => note.state === "void"],
  ["held", (note) => note.state === "held"],
  ["expired", (note) => note.expired],
  ["not_issued", (note) => note.state !== "issued"],
  ["not_accepted_here", (note) => !note.acceptedHere],
  ["keyed_not_allowed", (note) => note.signature === null && !note.keyedAllowed],
];

/** Every verdict in order of precedence; the last two are given by a desk that is apart. */
export const ORDER = [
  ...PRECEDENCE.map(([verdict]) => verdict), "good", "accepted", "accepted_offline", "cannot_tell_offline",
]; // prettier-ignore

/**
 * @param {Facts} note
 * @returns {string} the first verdict that applies; `good` when none refuses
 */
export function judge(note) {
  return PRECEDENCE.find(([, applies]) => applies(note))?.[0] ?? "good";
}
