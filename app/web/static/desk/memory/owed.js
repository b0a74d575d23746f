/** What the journal owes the service: what has to be told, in its order, and what the answers come to. */

import { asked, read, write } from "./books.js";
import { bare, changed } from "./entries.js";
import { deed, isOrphan, put, withdrawn } from "./journal.js";

/** @typedef {import("./entries.js").Entry} Entry */
/** @typedef {Record<string, any>} Line an entry of `POST /redemptions/batch`, or its answer */
/** @typedef {{entry: any, lines: Line[]}} Owed */

/** Journals are kept so long, for books that were restored from a backup. */
export const KEPT_MS = 60 * 24 * 3_600_000;

/** What a person is told of a visit that the service could not take at all: more than 60 days old, of an offer that is gone. */
const NOT_TAKEN = "not_taken";
/** And of one that was not accepted here, and is spent all the same. */
const LEFT_SPENT = "left_spent";

/**
 * What to send next, in order. A withdrawal is marked as sent before it is: from then on nobody may ask under its id again.
 * @param {number} venue
 * @param {number} most entries
 * @param {Set<string>} alive owners whose pages are open; the visits of others that nobody was told the end of are withdrawn
 * @returns {Promise<Owed[]>}
 */
export function next(venue, most, alive) {
  return write(async ({ journal }) => {
    const open = /** @type {Entry[]} */ (await asked(journal.index("open").getAll()));
    const left = open.map((each) => (isOrphan(each, alive) ? put(journal, withdrawn(each)) : each));
    const mine = left.filter((each) => each.venue === venue && each.state !== "asking").slice(0, most);
    return mine.map((each) => ({ entry: each.state === "withdrawn" ? put(journal, { ...each, sent: true }) : each, lines: lines(each) }));
  });
}

/**
 * @param {number | null} venue null before it is known
 * @param {Set<string>} alive
 * @returns {Promise<{here: number, elsewhere: number}>} entries that are owed, of this venue and of others
 */
export function count(venue, alive) {
  return read(async ({ journal }) => {
    const open = /** @type {Entry[]} */ (await asked(journal.index("open").getAll()));
    const owed = open.filter((each) => each.state !== "asking" || isOrphan(each, alive));
    const here = owed.filter((each) => each.venue === venue).length;
    return { here, elsewhere: owed.length - here };
  });
}

/**
 * @param {any} entry
 * @returns {Line[]} how the service is told of it
 */
function lines(entry) {
  const { id, type, state, notes, offer, scannedAt, why, toldAt } = entry;
  if (type === "reverse") return [{ type, id, reason: why, at: toldAt }];
  const visit = { type, id, notes, offer, scanned_at: scannedAt, offline: entry.apart ?? false };
  if (state !== "withdrawn") return [{ ...visit, practice: false }];
  // Under its id nothing can be spent any more once the service knows it as practice, whenever the first call may arrive;
  // where that was first, it is given back.
  return [{ ...visit, practice: true }, { type: "reverse", id, reason: "no answer came", at: scannedAt }];
}

/**
 * Keep the answers to what was sent.
 * @param {{entry: any, answers: Line[]}[]} told
 * @param {number} now
 * @returns {Promise<number>} how many are settled; the others are owed still
 */
export function settle(told, now) {
  return write(async ({ journal }) => {
    let settled = 0;
    for (const { entry, answers } of told) {
      const said = answers[answers.length - 1];
      const mine = await deed(journal, entry.id, entry.type);
      if (!mine || mine.state !== entry.state || !isAnswer(said)) continue;
      if (mine.type === "reverse") settleReversal(journal, mine, said, now, await deed(journal, mine.id, "redeem"));
      else put(journal, mine.state === "withdrawn" ? undone(mine, said) : confirmed(mine, said, now));
      settled += 1;
    }
    return settled;
  });
}

/** @param {Line} said @returns {boolean} whether it is final: nothing that may go well the next time */
function isAnswer(said) {
  const { outcome, problem } = said;
  return problem ? problem.status >= 400 && problem.status < 500 && problem.status !== 401 && problem.status !== 429 : typeof outcome === "string";
}

/** @param {any} mine a visit @param {Line} said @param {number} now @returns {any} */
function confirmed(mine, said, now) {
  const { outcome = "refused", reason = NOT_TAKEN, hours = 0, notes: answer = mine.answer } = said;
  if (outcome === "accepted") {
    return bare(changed(mine, { state: "accepted", reason: null, hours, answer, answeredAt: now }));
  }
  const refused = bare(changed(mine, { state: "refused", reason, answer, answeredAt: now }));
  return mine.returned ? refused : { ...refused, notice: 1 };
}

/** @param {any} mine a visit that was withdrawn @param {Line} said @returns {any} */
function undone(mine, said) {
  const left = bare(changed(mine, { state: "void" }));
  const isSpent = said.reason === "too_late" || said.reason === "retired" || said.problem?.status === 403;
  return isSpent ? { ...left, reason: LEFT_SPENT, notice: 1 } : left;
}

/**
 * @param {IDBObjectStore} journal
 * @param {any} mine
 * @param {Line} said
 * @param {number} now
 * @param {any} visit
 */
function settleReversal(journal, mine, said, now, visit) {
  const { outcome = "refused", reason = NOT_TAKEN } = said;
  const isBack = outcome === "reversed" || reason === "not_accepted" || said.problem?.status === 404;
  const told = changed(mine, { state: isBack && visit?.state !== "refused" ? "reversed" : outcome, reason: reason ?? null, answeredAt: now });
  put(journal, !isBack && mine.shown ? { ...told, notice: 1 } : told);
  if (visit) put(journal, { ...visit, returned: isBack });
}

/**
 * The books were restored: tell them again what they said yes to, under the same ids.
 * @param {IDBObjectStore} journal
 * @param {number} from milliseconds of the desk's clock
 */
export async function tellAgain(journal, from) {
  const entries = /** @type {any[]} */ (await asked(journal.index("at").getAll(IDBKeyRange.lowerBound(from))));
  const told = entries.filter((each) => each.state === "reversed" || (each.state === "accepted" && !each.returned));
  for (const each of told) put(journal, { ...each, open: 1 });
}

/**
 * These notes were given back, by whomever: restored books need not hear of their visits again.
 * @param {IDBObjectStore} journal
 * @param {string[]} serials
 * @param {number} asOf visits that were answered later are others
 */
export async function noteReturned(journal, serials, asOf) {
  for (const serial of serials) {
    const entries = /** @type {any[]} */ (await asked(journal.index("serials").getAll(serial)));
    for (const each of entries) {
      if (each.type === "redeem" && each.state === "accepted" && each.answeredAt < asOf) put(journal, { ...each, returned: true });
    }
  }
}

/**
 * Remove what was settled before then.
 * @param {number} before milliseconds
 */
export function prune(before) {
  return write(async ({ journal }) => {
    const old = /** @type {Entry[]} */ (await asked(journal.index("at").getAll(IDBKeyRange.upperBound(before, true))));
    for (const each of old) if (!each.open && !each.notice) journal.delete(each.order);
  });
}

/** @returns {Promise<Entry[]>} what a person must be told of, the oldest first */
export function notices() {
  return read(async ({ journal }) => /** @type {Promise<Entry[]>} */ (asked(journal.index("notice").getAll())));
}

/** @param {string} id whose notices were read */
export function dismiss(id) {
  return write(async ({ journal }) => {
    for (const type of /** @type {const} */ (["redeem", "reverse"])) {
      const { notice: _, ...entry } = (await deed(journal, id, type)) ?? {};
      if (entry.order) put(journal, entry);
    }
  });
}
