/** How the desk stands, put together from what it keeps and what it has heard. */

import { leave, notesLeft } from "../rules/apart.js";
import { claimsSince } from "./journal.js";
import { count, notices } from "./owed.js";

/** @typedef {import("../types.js").About} About */
/** @typedef {import("../types.js").Condition} Condition */
/** @typedef {import("../types.js").Notice} Notice */

/**
 * What was heard and seen last; all tabs see for themselves.
 * @typedef {object} Heard
 * @property {boolean} online
 * @property {boolean} isEnrolled
 * @property {boolean} isClosed
 * @property {boolean} hasDisk
 */

/** @type {Condition} of a desk that cannot read its own books */
const BLANK = {
  online: true, knownAt: null, waitingVisits: 0, waitingNotes: 0, waitingElsewhere: 0, notesLeft: 0, apart: "no_snapshot", trouble: null,
  notices: [],
}; // prettier-ignore

/**
 * @param {About} about
 * @param {number | null} knownAt of the snapshot
 * @param {import("./clock.js").Clock} clock
 * @param {Heard} heard
 * @returns {Promise<Condition>} throws DiskGone
 */
export async function stands(about, knownAt, clock, heard) {
  const { waitingVisits, waitingNotes } = await claimsSince(knownAt ?? 0);
  const standing = standingOf(about, knownAt, clock, waitingNotes);
  const { elsewhere } = await count(about.venue.id, new Set());
  return {
    online: heard.online,
    knownAt: standing.knownAt,
    waitingVisits,
    waitingNotes,
    waitingElsewhere: elsewhere,
    notesLeft: notesLeft(standing),
    apart: leave(standing),
    trouble: troubleOf(heard, clock),
    notices: (await notices()).map(noticeOf),
  };
}

/** @param {Heard} heard @returns {Condition} where nothing can be kept */
export function withoutDisk({ online }) {
  return { ...BLANK, online, trouble: "disk" };
}

/**
 * @param {About} about
 * @param {number | null} knownAt
 * @param {import("./clock.js").Clock} clock
 * @param {number} waitingNotes
 * @returns {import("../rules/apart.js").Standing}
 */
export function standingOf({ policy }, knownAt, clock, waitingNotes) {
  return { policy, knownAt: knownAt === null ? null : new Date(knownAt), now: new Date(clock.now()), waitingNotes };
}

/**
 * @param {Heard} heard
 * @param {import("./clock.js").Clock} clock
 * @returns {Condition["trouble"]} the first that applies
 */
function troubleOf(heard, clock) {
  if (!heard.hasDisk) return "disk";
  if (!heard.isEnrolled) return "not_enrolled";
  if (heard.isClosed) return "closed";
  return clock.isWrong ? "clock" : null;
}

/** @param {any} entry @returns {Notice} */
function noticeOf({ id, type, scannedAt, visitAt, reason, answer, serials }) {
  const kept = serials.map((/** @type {string} */ serial) => ({ serial, verdict: "cannot_tell_offline", first_redeemed_at: null, first_venue: null }));
  return { id, deed: type, at: scannedAt ?? visitAt, reason, notes: answer ?? kept };
}
