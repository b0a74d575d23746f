/** A visit: one to fifty notes spent together, all or none; the rule of `app/core/visit.py`. */

export const MOST_NOTES = 50;

/**
 * On which terms an offer is taken now.
 * @typedef {object} Terms
 * @property {number} hours its price
 * @property {boolean} isOpen
 * @property {number | null} mostNotes in one visit
 */

/**
 * @typedef {object} Decision
 * @property {"accepted" | "refused"} outcome
 * @property {"note_refused" | "offer_closed" | "offer_limit" | "wrong_hours" | null} reason
 */

/**
 * All or none: every note must be good and, where an offer is named, their hours a multiple of its price.
 * @param {string[]} verdicts
 * @param {Terms | null} terms
 * @returns {Decision}
 */
export function decide(verdicts, terms) {
  const reason = refusal(verdicts, terms);
  return { outcome: reason ? "refused" : "accepted", reason };
}

/**
 * @param {string[]} verdicts
 * @param {Terms | null} terms
 * @returns {Decision["reason"]} the first that applies
 */
function refusal(verdicts, terms) {
  if (verdicts.some((verdict) => verdict !== "good")) return "note_refused";
  if (!terms) return null;
  if (!terms.isOpen) return "offer_closed";
  if (terms.mostNotes !== null && verdicts.length > terms.mostNotes) return "offer_limit";
  return verdicts.length % terms.hours ? "wrong_hours" : null;
}

/**
 * A group that is larger than a visit, as the fewest visits: each has at most `most` notes and pays whole prices. What is left
 * over and pays no whole price comes last, for the service to refuse by its name.
 * @template T
 * @param {T[]} notes
 * @param {number} price in hours, 1 to just count hours
 * @param {number | null} most notes in one visit, null for as many as the contract takes
 * @returns {T[][]}
 */
export function split(notes, price, most = MOST_NOTES) {
  const room = Math.min(most ?? MOST_NOTES, MOST_NOTES);
  const each = Math.max(room - (room % price), price); // where not even one price fits, the service says so
  const parts = [];
  for (let first = 0; first < notes.length; first += each) parts.push(notes.slice(first, first + each));
  return parts;
}
