/**
 * A visit at the counter: written down, asked about, judged here where no answer comes. Nothing is shown as accepted before
 * that stands on disk, and nothing that may be spent is left so when it is not shown as accepted.
 */

import { notesLeft } from "../rules/apart.js";
import { judgeApart, visitApart } from "../rules/judge.js";
import { notSpent } from "../rules/apart.js";
import { read as readNote } from "../rules/token.js";
import { standingOf } from "./condition.js";
import { DiskGone } from "./books.js";
import * as journal from "./journal.js";
import { alive } from "./locks.js";
import { Closed, COUNTER_MS, NoAnswer, Refusal } from "./service.js";
import * as service from "./service.js";
import { Trouble, troubleOf } from "./trouble.js";

/** @typedef {import("../types.js").About} About */
/** @typedef {import("../types.js").VisitAnswer} VisitAnswer */
/** @typedef {import("./entries.js").RedeemEntry} RedeemEntry */
/** @typedef {{notes: string[], offer: number | null, practice: boolean}} Visit */
/** @typedef {Pick<VisitAnswer, "outcome" | "reason" | "hours" | "notes">} Judged */

/** A call that fails sooner than this has met a line that was hung up, and is made once more. */
const HUNG_UP_MS = 1_500;
const MOST_JUDGEMENTS = 3;

export class Counter {
  /** @type {Map<string, Promise<VisitAnswer>>} */
  #asking = new Map();

  /**
   * @param {string} page the id of this page
   * @param {import("./clock.js").Clock} clock
   * @param {import("./knowledge.js").Knowledge} knowledge
   * @param {import("./courier.js").Courier} courier
   */
  constructor(page, clock, knowledge, courier) {
    this.page = page;
    this.clock = clock;
    this.knowledge = knowledge;
    this.courier = courier;
  }

  /**
   * Spend the notes of a visit. The same visit while it is being asked about is the same question.
   * @param {About} about
   * @param {Visit} visit
   * @returns {Promise<VisitAnswer>} throws Trouble, DiskGone
   */
  redeem(about, visit) {
    const key = JSON.stringify([visit.offer, [...visit.notes].sort()]);
    const asking = this.#asking.get(key) ?? this.#redeem(about, visit).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  /**
   * A visit that spends nothing, for practice: nothing of it is kept.
   * @param {About} about
   * @param {Visit} visit
   * @returns {Promise<VisitAnswer>} throws Trouble
   */
  async practise(about, visit) {
    const id = crypto.randomUUID();
    try {
      return { ...(await service.redeem(id, this.#body(visit))), confirmed: true };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw troubleOf(error);
      const { judged } = await this.#judged(about, visit, id);
      return { id, ...definite(judged, error), confirmed: false };
    }
  }

  /**
   * Judge notes by what this desk knows alone.
   * @param {About} about
   * @param {string[]} texts
   * @returns {Promise<import("../types.js").NoteAnswer[]>} throws DiskGone
   */
  async judge(about, texts) {
    const { asked } = await this.#known(about, { notes: texts, offer: null }, null);
    const judged = await judgeApart({ ...asked, notesLeft: asked.notesLeft > 0 ? Infinity : 0 });
    const said = notSpent(judged.map((note) => note.verdict));
    return judged.map((note, place) => ({ ...note, verdict: said[place] }));
  }

  /** @param {About} about @param {Visit} visit @returns {Promise<VisitAnswer>} */
  async #redeem(about, visit) {
    const begun = await journal.begin(this.#newVisit(about, visit), await alive(this.page));
    const asked = new Asked(begun.entry, begun.before);
    try {
      if (begun.owes) await this.#tellFirst();
      return await this.#ask(asked, visit);
    } catch (error) {
      if (error instanceof NoAnswer) return await this.#apart(asked, about, visit, error);
      if (error instanceof Refusal) await journal.leave(asked.entry, asked.perhaps);
      throw troubleOf(error);
    } finally {
      journal.end(asked.entry);
    }
  }

  /**
   * Tell first what is owed about these notes: the service would say "spent here" of a visit that is about to be taken back.
   * @param {string[]} texts
   * @returns {Promise<void>} throws NoAnswer where that is not told in time, Refusal
   */
  async settle(texts) {
    const owed = await journal.owes(serialsOf(texts), await alive(this.page)).catch(unlessDisk);
    if (owed) await this.#tellFirst();
  }

  /** What is owed about these very notes comes first, or the service would refuse them: they are spent in its books. */
  async #tellFirst() {
    const late = new Promise((_, reject) => setTimeout(() => reject(new NoAnswer()), COUNTER_MS));
    await Promise.race([this.courier.carry(), late]);
  }

  /** @param {Asked} asked @param {Visit} visit @returns {Promise<VisitAnswer>} */
  async #ask(asked, visit) {
    const said = await asked.service({ ...this.#body(visit), scanned_at: asked.entry.scannedAt });
    const kept = await journal.answer(asked.entry, said, this.clock.now());
    if (kept === null) throw new Trouble("cannot_tell"); // another tab has taken the visit over, and shows its end
    return { ...said, confirmed: true };
  }

  /**
   * @param {Asked} asked
   * @param {About} about
   * @param {Visit} visit
   * @param {NoAnswer} error
   * @returns {Promise<VisitAnswer>}
   */
  async #apart(asked, about, visit, error) {
    const { entry } = asked;
    let judged = null;
    let left = 0;
    for (let times = 0; times < MOST_JUDGEMENTS; times += 1) {
      const found = await this.#judged(about, visit, entry.id);
      ({ judged, left } = found);
      if (judged.outcome === "refused") break;
      const kept = await journal.accept(entry, judged, { knownAt: found.knownAt, offlineNotes: about.policy.offline_notes });
      if (kept) return { id: entry.id, ...judged, confirmed: false };
      judged = null; // another tab was faster: look again
    }
    await journal.leave(entry, asked.perhaps);
    const why = left > 0 && left < visit.notes.length ? new Trouble("more_than_left") : error;
    return { id: entry.id, ...definite(judged, why), confirmed: false };
  }

  /**
   * @param {About} about
   * @param {Visit} visit
   * @param {string} id its own
   * @returns {Promise<{judged: Judged, knownAt: number, left: number}>} `left`: notes that it may still accept by itself
   */
  async #judged(about, visit, id) {
    const { asked, knownAt } = await this.#known(about, visit, id);
    return { judged: await visitApart(asked), knownAt, left: asked.notesLeft };
  }

  /**
   * @param {About} about
   * @param {{notes: string[], offer: number | null}} visit
   * @param {string | null} id
   * @returns {Promise<{asked: import("../rules/judge.js").Asked, knownAt: number}>}
   */
  async #known(about, { notes, offer }, id) {
    const known = await this.knowledge.current();
    const { spent, returned, waitingNotes } = await journal.claimsSince(known?.knownAt ?? 0, id);
    const back = { cursor: known?.snapshot.cursor ?? "", redeemed: [], given_back: [...returned] };
    const snapshot = known && (returned.size > 0 ? known.snapshot.changed(back) : known.snapshot);
    const left = notesLeft(standingOf(about, known?.knownAt ?? null, this.clock, waitingNotes));
    const chosen = about.offers.find((each) => each.id === offer) ?? null;
    return {
      asked: { texts: notes, snapshot, spentHere: spent, about, offer: chosen, now: this.clock.date(), notesLeft: left },
      knownAt: known?.knownAt ?? 0,
    };
  }

  /** @param {About} about @param {Visit} visit @returns {import("./journal.js").NewVisit} */
  #newVisit(about, { notes, offer }) {
    const serials = serialsOf(notes);
    const owner = `${this.page}:${crypto.randomUUID()}`;
    const at = this.clock.now();
    return { owner, venue: about.venue.id, at, scannedAt: this.clock.date().toISOString(), notes, serials, offer };
  }

  /** @param {Visit} visit @returns {import("./service.js").Body} */
  #body({ notes, offer, practice }) {
    return { notes, offer, practice, offline: false, scanned_at: this.clock.date().toISOString() };
  }
}

/** @param {string[]} texts @returns {string[]} the serials of those that can be read */
function serialsOf(texts) {
  return texts.map((text) => readNote(text).serial).filter((serial) => serial !== null);
}

/** @param {unknown} error @returns {false} without a disk nothing is owed by it */
function unlessDisk(error) {
  if (error instanceof DiskGone) return false;
  throw error;
}

/** A visit while it is being asked about; `perhaps`: the service may have it by now. */
class Asked {
  /** @param {RedeemEntry} entry @param {boolean} perhaps */
  constructor(entry, perhaps) {
    this.entry = entry;
    this.perhaps = perhaps;
  }

  /**
   * Ask the service; once more under the same id where the line was hung up at once. Throws NoAnswer, Refusal.
   * @param {import("./service.js").Body} body
   * @returns {Promise<import("./service.js").Said>}
   */
  async service(body) {
    const from = performance.now();
    try {
      return await this.#once(body);
    } catch (error) {
      if (!(error instanceof NoAnswer) || error instanceof Closed || performance.now() - from > HUNG_UP_MS) throw error;
      return this.#once(body);
    }
  }

  /** @param {import("./service.js").Body} body */
  async #once(body) {
    try {
      return await service.redeem(this.entry.id, body);
    } catch (error) {
      this.perhaps ||= error instanceof NoAnswer && !(error instanceof Closed);
      throw error;
    }
  }
}

/**
 * @param {Judged | null} judged
 * @param {NoAnswer | Trouble} error why it was judged here, or why that is no end
 * @returns {Judged} it, if it is an end; throws Trouble where only the network could tell
 */
function definite(judged, error) {
  const says = judged?.outcome === "accepted" || judged?.notes.some((note) => !["good", "cannot_tell_offline"].includes(note.verdict))
    || (judged?.reason ?? "note_refused") !== "note_refused"; // prettier-ignore
  if (judged && says) return judged;
  throw troubleOf(error);
}
