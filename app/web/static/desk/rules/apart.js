/** What a desk may say of notes, and accept, while the network is gone: the rule of `app/core/apart.py`, which says why. */

import { judge as judgeAtService } from "./verdict.js";
import { decide as decideAtService } from "./visit.js";

/** By how much an honest clock may be wrong. */
const SKEW_MS = 2 * 60_000;
const HOUR_MS = 3_600_000;

/**
 * How a desk stands: what its venue leaves to it, as of when it knows the books (null without a snapshot), and how many notes
 * it accepted that are not confirmed yet.
 * @typedef {object} Standing
 * @property {{offline_notes: number, offline_hours: number}} policy
 * @property {Date | null} knownAt
 * @property {Date} now
 * @property {number} waitingNotes
 */

/**
 * Whether a desk may accept one more note by itself, or the first reason why not.
 * @param {Standing} standing
 * @returns {"not_allowed" | "no_snapshot" | "too_old" | "used_up" | "ready"}
 */
export function leave({ policy, knownAt, now, waitingNotes }) {
  if (policy.offline_notes <= 0 || policy.offline_hours <= 0) return "not_allowed";
  if (!knownAt) return "no_snapshot";
  const age = now.getTime() - knownAt.getTime();
  if (age < -SKEW_MS || age > policy.offline_hours * HOUR_MS) return "too_old";
  return waitingNotes < policy.offline_notes ? "ready" : "used_up";
}

/**
 * @param {Standing} standing
 * @returns {number} how many notes a desk may still accept by itself: none unless it is ready
 */
export function notesLeft(standing) {
  return leave(standing) === "ready" ? standing.policy.offline_notes - standing.waitingNotes : 0;
}

/**
 * What may be said of one note: a refusal, `accepted_offline` or `cannot_tell_offline`.
 * @param {import("./verdict.js").Facts} note as the desk knows it; `state` null and `signature` `unknown_key` where no key of
 *   its snapshot speaks for the serial, `redeemed` by the snapshot or by itself since
 * @param {boolean} mayAccept its allowance lasts for this note
 * @returns {string}
 */
export function judge(note, mayAccept) {
  const isSigned = note.signature !== "unknown_key";
  const atBest = {
    ...note,
    state: note.state ?? "issued",
    signature: isSigned ? note.signature : /** @type {const} */ ("good"),
    keyedAllowed: false,
  };
  const said = judgeAtService(atBest);
  if (said !== "good") return said;
  return mayAccept && isSigned && note.state !== null ? "accepted_offline" : "cannot_tell_offline";
}

/**
 * What may be said of each note of a visit; the allowance goes to the first of those that nothing speaks against.
 * @param {import("./verdict.js").Facts[]} notes
 * @param {number} left how many may be accepted
 * @returns {string[]}
 */
export function judgeAll(notes, left) {
  return notes.map((note) => {
    const said = judge(note, left > 0);
    if (said === "accepted_offline") left -= 1;
    return said;
  });
}

/**
 * All or none, as at the service: what becomes of the visit, and what is said of each note of it.
 * @param {string[]} said of each note, apart
 * @param {import("./visit.js").Terms | null} terms
 * @returns {import("./visit.js").Decision & {said: string[]}} in a refused visit `good` for what nothing speaks against
 */
export function decide(said, terms) {
  const unspent = notSpent(said);
  const decision = decideAtService(unspent, terms);
  return { ...decision, said: decision.outcome === "accepted" ? said : unspent };
}

/**
 * @param {string[]} said
 * @returns {string[]} the verdicts where nothing is spent: of a desk that only asks, or a visit that is refused
 */
export function notSpent(said) {
  return said.map((verdict) => (verdict === "accepted_offline" ? "good" : verdict));
}
