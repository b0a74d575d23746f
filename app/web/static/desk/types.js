/**
 * The shapes that the parts of the desk page hand to one another. What has underscores is as the service says it.
 */

/**
 * A note in an answer; `verdict` is a word of the contract.
 * @typedef {object} NoteAnswer
 * @property {string | null} serial canonical, 13 characters
 * @property {string} verdict
 * @property {string | null} first_redeemed_at RFC 3339
 * @property {string | null} first_venue this venue's name if the note was spent here, else null
 */

/**
 * What a visit came to. `confirmed`: the service said it; otherwise this desk did, by itself.
 * @typedef {object} VisitAnswer
 * @property {string} id
 * @property {"accepted" | "refused"} outcome
 * @property {string | null} reason `note_refused`, `offer_closed`, `offer_limit`, `wrong_hours`
 * @property {number} hours
 * @property {NoteAnswer[]} notes
 * @property {boolean} confirmed
 */

/**
 * @typedef {object} CheckAnswer
 * @property {NoteAnswer[]} notes
 * @property {boolean} confirmed
 */

/**
 * @typedef {object} GiveBackAnswer
 * @property {string} id
 * @property {"reversed" | "refused"} outcome
 * @property {string | null} reason `not_accepted`, `too_late`, `retired`
 * @property {boolean} confirmed
 */

/**
 * @typedef {object} Offer
 * @property {number} id
 * @property {string} name
 * @property {number} hours its price for one person
 * @property {string[] | null} days `mon` to `sun`, null for every day
 * @property {string | null} from `09:00`, on the clock of the venue
 * @property {string | null} until `24:00` at most
 * @property {number | null} most_notes in one visit
 * @property {boolean} local_only notes of the venue's own programme alone
 */

/**
 * What the service says of this desk (`GET /api/v1/desk`).
 * @typedef {object} About
 * @property {string} desk
 * @property {"redeem" | "check"} scope
 * @property {{id: number, name: string, kind: string, programme: string}} venue `programme` is its code, `CWL`
 * @property {Offer[]} offers
 * @property {{offline_notes: number, offline_hours: number, keyed: boolean, clear_seconds: number}} policy
 */

/**
 * How the desk stands.
 * @typedef {object} Condition
 * @property {boolean} online whether the service answered the last time it was asked
 * @property {Date | null} knownAt as of when it knows which notes are spent and stopped
 * @property {number} waitingVisits accepted here and not yet confirmed
 * @property {number} waitingNotes
 * @property {number} [waitingElsewhere] what was written down for another venue and is kept for when this browser is its desk again
 * @property {number} notesLeft how many notes it may still accept by itself
 * @property {"ready" | "no_snapshot" | "too_old" | "used_up" | "not_allowed"} apart whether it can work without the network
 * @property {string | null} trouble null, or what the desk must be told: `not_enrolled`, `disk`, `clock`, `closed`
 * @property {Notice[]} notices what came of visits that were accepted here and then not confirmed, the oldest first
 */

/**
 * What this desk did while it was apart and what was not confirmed.
 * @typedef {object} Notice
 * @property {string} id of the redemption
 * @property {"redeem" | "reverse"} deed a visit that was accepted here, or one whose notes were given back here
 * @property {string} at when the visit was, RFC 3339
 * @property {string | null} reason of a visit, or of a reversal that was refused; `not_taken` where the service could not enter
 *   it into its books at all: the programme office can
 * @property {NoteAnswer[]} notes
 */

/**
 * A visit that may still be given back.
 * @typedef {object} RecentVisit
 * @property {string} id
 * @property {number} leftMs how long it may still be given back, by the desk's own clock, however wrong that is
 * @property {string} at RFC 3339
 * @property {number} hours
 * @property {number | null} offer
 * @property {string[]} serials
 * @property {boolean} practice
 * @property {boolean} confirmed
 */

/**
 * Four corners of a code in a picture, in its pixels, clockwise from the code's own top left.
 * @typedef {[{x: number, y: number}, {x: number, y: number}, {x: number, y: number}, {x: number, y: number}]} Corners
 */

export {};
