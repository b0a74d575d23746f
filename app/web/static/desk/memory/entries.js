/** The entries of the journal: their shape, and what they come to. */

/** @typedef {import("../types.js").NoteAnswer} NoteAnswer */

/**
 * A visit. Its state:
 * - `asking`: it is being asked about, by `owner`;
 * - `waiting`: this desk accepted it by itself;
 * - `accepted`, `refused`: the service said so (`accepted` too of what it once said, when it must be told `again`);
 * - `withdrawn`: nothing was shown as accepted, and the service may have spent the notes: it must not be left so;
 * - `void`: it came to nothing, for certain.
 * @typedef {object} RedeemEntry
 * @property {number} order
 * @property {"redeem"} type
 * @property {string} id
 * @property {number} venue its id: a journal is sent for the venue where it was written alone
 * @property {string} owner who asks: its page and its call
 * @property {number} at milliseconds of the desk's clock
 * @property {string} scannedAt RFC 3339
 * @property {"asking" | "waiting" | "accepted" | "refused" | "withdrawn" | "void"} state
 * @property {1} [open] on those that are not settled
 * @property {boolean} [sent] a withdrawal that has been sent: nobody may ask under this id again
 * @property {boolean} [apart] accepted by this desk before the service was heard
 * @property {boolean} [returned] given back, or known to be
 * @property {1} [notice] on those that a person must be told of
 * @property {string[]} notes tokens; serials once there is an answer, which is all that restored books ask for
 * @property {string[]} serials canonical; of what could be read
 * @property {number | null} offer
 * @property {number} hours
 * @property {string | null} reason
 * @property {NoteAnswer[] | null} answer
 * @property {number} [answeredAt] by the service, milliseconds of the desk's clock
 */

/**
 * Notes given back: `waiting` to be told, or what the service said.
 * @typedef {object} ReverseEntry
 * @property {number} order
 * @property {"reverse"} type
 * @property {string} id of the redemption
 * @property {number} venue
 * @property {number} at
 * @property {string} toldAt RFC 3339, on the same clock as the visit's `scannedAt`
 * @property {"waiting" | "reversed" | "refused"} state
 * @property {1} [open]
 * @property {boolean} [shown] the person was told "given back" before the service was heard
 * @property {1} [notice]
 * @property {string} why
 * @property {string} [visitAt] of the visit, RFC 3339
 * @property {string[]} serials
 * @property {string | null} reason of a refusal
 * @property {number} [answeredAt]
 */

/** @typedef {RedeemEntry | ReverseEntry} Entry */

/**
 * What the journal says of notes beyond a snapshot.
 * @typedef {object} Claims
 * @property {Set<string>} spent serials that this desk spent, or is about to
 * @property {Set<string>} returned serials that it gave back
 * @property {number} waitingVisits
 * @property {number} waitingNotes
 */

/**
 * @param {Entry[]} entries in order: those that are open, and those that were answered since the snapshot
 * @param {string | null} but the id of a visit that does not count
 * @returns {Claims}
 */
export function claims(entries, but = null) {
  /** @type {Claims} */
  const found = { spent: new Set(), returned: new Set(), waitingVisits: 0, waitingNotes: 0 };
  for (const each of entries) if (each.id !== but) (each.type === "redeem" ? spend : giveBack)(found, each);
  return found;
}

/** @param {Claims} found @param {any} each a RedeemEntry */
function spend(found, each) {
  if (!["asking", "waiting", "accepted"].includes(each.state)) return;
  for (const serial of each.serials) found.spent.add(serial), found.returned.delete(serial);
  if (each.state !== "waiting" || each.returned) return;
  found.waitingVisits += 1;
  found.waitingNotes += each.serials.length;
}

/** @param {Claims} found @param {any} each a ReverseEntry */
function giveBack(found, each) {
  if (each.state === "refused") return;
  for (const serial of each.serials) found.spent.delete(serial), found.returned.add(serial);
}

/**
 * @param {Entry} entry
 * @param {Record<string, any>} changes its state among them
 * @returns {any} the entry as it is now: open as long as its state is, or it has to be told `again`
 */
export function changed(entry, changes) {
  /** @type {any} */
  const now = { ...entry, ...changes };
  if (["asking", "waiting", "withdrawn"].includes(now.state)) now.open = 1;
  else delete now.open;
  return now;
}

/**
 * @param {RedeemEntry} entry
 * @returns {RedeemEntry} without its tokens: each could be worth an hour to whoever reads it here
 */
export function bare(entry) {
  return { ...entry, notes: entry.serials };
}
