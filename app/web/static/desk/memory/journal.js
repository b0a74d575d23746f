/**
 * The journal: each visit and each give-back, written down before it is sent or shown. This file has what the counter does
 * with it; `owed.js` has what the courier does.
 *
 * Every change looks first whether the entry is still whose it was: another tab may have taken it over meanwhile, or a page
 * that slept found its visit withdrawn. Then nothing is changed and the caller hears null.
 */

import { asked, read, write } from "./books.js";
import { bare, changed, claims } from "./entries.js";

/** @typedef {import("./books.js").Stores} Stores */
/** @typedef {import("./entries.js").Entry} Entry */
/** @typedef {import("./entries.js").RedeemEntry} RedeemEntry */
/** @typedef {import("./entries.js").ReverseEntry} ReverseEntry */
/** @typedef {import("./entries.js").Claims} Claims */

/**
 * @typedef {object} NewVisit
 * @property {string} owner
 * @property {number} venue
 * @property {number} at
 * @property {string} scannedAt
 * @property {string[]} notes
 * @property {string[]} serials canonical, of the notes that can be read
 * @property {number | null} offer
 */

/**
 * Write a visit down that is about to be asked about. One with the same notes for the same offer that nobody was told the end of
 * is asked about again under its own id: had the service spent the notes, it says so once more, and not "already spent".
 * @param {NewVisit} visit
 * @param {Set<string>} alive owners whose pages are open
 * @returns {Promise<{entry: RedeemEntry, before: boolean, owes: boolean}>} `before`: it may have been sent before. `owes`:
 *   something else about these notes has to be told first
 */
export function begin(visit, alive) {
  return write(async ({ journal }) => {
    const open = /** @type {Entry[]} */ (await asked(journal.index("open").getAll()));
    const earlier = open.find((each) => isSame(each, visit));
    for (const each of open) if (each !== earlier && isOrphan(each, alive) && meets(each, visit)) put(journal, withdrawn(each));
    if (earlier) journal.delete(earlier.order);
    const entry = fresh(visit, /** @type {RedeemEntry | undefined} */ (earlier)?.id ?? crypto.randomUUID());
    const order = /** @type {number} */ (await asked(journal.add(entry)));
    const owes = open.some((each) => each !== earlier && meets(each, visit) && !(isAsking(each) && !isOrphan(each, alive)));
    return { entry: { ...entry, order }, before: earlier !== undefined, owes };
  });
}

/** @type {Set<string>} owners whose calls are over, whatever they came to: an entry that still asks for them is nobody's */
const over = new Set();

/**
 * The call for a visit is over. Its end stands in the journal, unless the disk was gone: then it is taken back.
 * @param {RedeemEntry} entry
 */
export function end(entry) {
  over.add(entry.owner);
}

/**
 * Take back visits with these notes whose end nobody was told, before the notes are asked about.
 * @param {string[]} serials
 * @param {Set<string>} alive owners whose pages are open
 * @returns {Promise<boolean>} whether anything about these notes has to be told first: else their answer would be of a visit
 *   that is not left as it is
 */
export function owes(serials, alive) {
  return write(async ({ journal }) => {
    const open = /** @type {Entry[]} */ (await asked(journal.index("open").getAll()));
    const met = open.filter((each) => meets(each, { serials }));
    for (const each of met) if (isOrphan(each, alive)) put(journal, withdrawn(each));
    return met.some((each) => !isAsking(each) || isOrphan(each, alive));
  });
}

/**
 * The service has answered a visit.
 * @param {RedeemEntry} entry
 * @param {import("./service.js").Said} said
 * @param {number} now
 * @returns {Promise<RedeemEntry | null>}
 */
export function answer(entry, said, now) {
  return change(entry, (mine) => {
    const { outcome, hours, reason, notes } = said;
    return bare(changed(mine, { state: outcome, hours, reason, answer: notes, answeredAt: now }));
  });
}

/**
 * Accept a visit by this desk alone. Gives null too where it may not be: another tab spent a note or the allowance meanwhile.
 * @param {RedeemEntry} entry
 * @param {{hours: number, notes: import("../types.js").NoteAnswer[]}} visit
 * @param {{knownAt: number, offlineNotes: number}} leave
 * @returns {Promise<RedeemEntry | null>}
 */
export function accept(entry, visit, leave) {
  return write(async (stores) => {
    const mine = await current(stores.journal, entry);
    if (mine === null) return null;
    const { spent, waitingNotes } = await claimed(stores, leave.knownAt, entry.id);
    if (mine.serials.some((serial) => spent.has(serial))) return null;
    if (waitingNotes + mine.serials.length > leave.offlineNotes) return null;
    const { hours, notes } = visit;
    return put(stores.journal, changed(mine, { state: "waiting", apart: true, hours, answer: notes }));
  });
}

/**
 * The visit was not shown as accepted: it must not be left spent, if it was (`withdrawn`), or came to nothing (`void`).
 * @param {RedeemEntry} entry
 * @param {boolean} perhaps whether the service may have it
 * @returns {Promise<RedeemEntry | null>}
 */
export function leave(entry, perhaps) {
  return change(entry, (mine) => (perhaps ? withdrawn(mine) : bare(changed(mine, { state: "void" }))));
}

/**
 * Write down that the notes of a visit are given back.
 * @param {string} id of the visit
 * @param {{reason: string, at: number, mostMs: number}} what
 * @returns {Promise<ReverseEntry | "not_accepted" | "too_late">} the entry; the one before, if they were given back already
 */
export function giveBack(id, { reason, at, mostMs }) {
  return write(async ({ journal }) => {
    const visit = await deed(journal, id, "redeem");
    if (!visit || !["waiting", "accepted"].includes(visit.state)) return "not_accepted";
    const before = await deed(journal, id, "reverse");
    if (before && before.state !== "refused") return before;
    if (at - visit.at > mostMs) return "too_late";
    if (before) journal.delete(before.order);
    put(journal, { ...visit, returned: true });
    const { venue, serials, scannedAt } = visit;
    const toldAt = new Date(Date.parse(scannedAt) + at - visit.at).toISOString();
    const entry = { type: "reverse", id, venue, at, toldAt, visitAt: scannedAt, state: "waiting", open: 1, why: reason, serials, reason: null };
    const order = await asked(journal.add(entry));
    return /** @type {ReverseEntry} */ ({ ...entry, order });
  });
}

/**
 * The person is told that the notes are given back, though the service was not heard: what it says later is news then.
 * @param {string} id
 * @returns {Promise<ReverseEntry>} as it is by now
 */
export function shown(id) {
  return write(async ({ journal }) => {
    const entry = await deed(journal, id, "reverse");
    return entry.state === "waiting" ? put(journal, { ...entry, shown: true }) : entry;
  });
}

/**
 * The person was told that the notes are not given back, as the service refuses this desk: so it is not told of later.
 * @param {string} id
 */
export function keepSpent(id) {
  return write(async ({ journal }) => {
    const entry = await deed(journal, id, "reverse");
    if (entry?.state !== "waiting") return;
    journal.delete(entry.order);
    put(journal, { ...(await deed(journal, id, "redeem")), returned: false });
  });
}

/**
 * What this desk has done with notes that a snapshot does not know of.
 * @param {number} knownAt of the snapshot
 * @param {string | null} [but] the id of a visit that does not count
 * @returns {Promise<Claims>}
 */
export function claimsSince(knownAt, but = null) {
  return read((stores) => claimed(stores, knownAt, but));
}

/**
 * @param {number} from
 * @returns {Promise<RedeemEntry[]>} visits that were accepted since then and not given back, the newest first
 */
export function acceptedSince(from) {
  return read(async ({ journal }) => {
    const entries = /** @type {any[]} */ (await asked(journal.index("at").getAll(IDBKeyRange.lowerBound(from))));
    const accepted = entries.filter((each) => each.type === "redeem" && ["waiting", "accepted"].includes(each.state));
    return accepted.filter((each) => !each.returned).sort((one, other) => other.order - one.order);
  });
}

/**
 * @param {IDBObjectStore} journal
 * @param {string} id
 * @param {"redeem" | "reverse"} type
 * @returns {Promise<any>} the entry, undefined where there is none
 */
export function deed(journal, id, type) {
  return asked(journal.index("deed").get([id, type]));
}

/** @param {IDBObjectStore} journal @param {any} entry @returns {any} the same */
export function put(journal, entry) {
  journal.put(entry);
  return entry;
}

/** @param {Entry} entry @returns {any} */
export function withdrawn(entry) {
  return changed(entry, { state: "withdrawn" });
}

/** @param {Entry} entry @param {Set<string>} alive @returns {boolean} whether the page, or the call, that asked is gone without an end */
export function isOrphan(entry, alive) {
  if (!isAsking(entry)) return false;
  const { owner } = /** @type {RedeemEntry} */ (entry);
  return over.has(owner) || !alive.has(owner.split(":")[0]);
}

/** @param {Entry} entry @returns {boolean} */
function isAsking(entry) {
  return entry.type === "redeem" && entry.state === "asking";
}

/**
 * @param {RedeemEntry} entry
 * @param {(mine: RedeemEntry) => RedeemEntry} how
 * @returns {Promise<RedeemEntry | null>}
 */
function change(entry, how) {
  return write(async ({ journal }) => {
    const mine = await current(journal, entry);
    return mine === null ? null : put(journal, how(mine));
  });
}

/**
 * @param {IDBObjectStore} journal
 * @param {RedeemEntry} entry
 * @returns {Promise<RedeemEntry | null>} the entry, if its owner still asks
 */
async function current(journal, entry) {
  const now = await deed(journal, entry.id, "redeem");
  return now && isAsking(now) && now.owner === entry.owner ? now : null;
}

/**
 * @param {Stores} stores
 * @param {number} knownAt
 * @param {string | null} but
 * @returns {Promise<Claims>}
 */
async function claimed({ journal }, knownAt, but) {
  const open = asked(journal.index("open").getAll());
  const since = asked(journal.index("answeredAt").getAll(IDBKeyRange.lowerBound(knownAt)));
  /** @type {Map<number, Entry>} */
  const found = new Map([...(await open), ...(await since)].map((each) => [each.order, each]));
  return claims([...found.values()].sort((one, other) => one.order - other.order), but);
}

/** @param {NewVisit} visit @param {string} id @returns {Omit<RedeemEntry, "order">} */
function fresh(visit, id) {
  return { type: "redeem", id, ...visit, state: "asking", open: 1, hours: 0, reason: null, answer: null };
}

/** @param {Entry} each @param {{serials: string[]}} visit @returns {boolean} whether they have a note in common */
function meets(each, visit) {
  return each.serials.some((serial) => visit.serials.includes(serial));
}

/** @param {Entry} each @param {NewVisit} visit @returns {boolean} whether it is this very visit, and nobody was told its end */
function isSame(each, visit) {
  if (each.type !== "redeem" || each.venue !== visit.venue || each.offer !== visit.offer || each.sent) return false;
  if (!["asking", "withdrawn"].includes(each.state) || each.serials.length !== each.notes.length) return false;
  const all = each.serials.length === visit.notes.length && visit.serials.length === visit.notes.length;
  return all && each.serials.every((serial) => visit.serials.includes(serial));
}
