/** What the desk knows of all notes: a snapshot, kept here and brought up to date. */

import { Snapshot } from "../rules/snapshot.js";
import { asked, read, write } from "./books.js";
import { noteReturned, KEPT_MS, tellAgain } from "./owed.js";
import { Refusal } from "./service.js";
import * as service from "./service.js";

/** `knownAt`: when it was asked for, in milliseconds of the desk's clock. `cursor`: as of when it is, in the books. */
/** @typedef {{cursor: string, knownAt: number}} Known */

/** Refusals after which the whole is taken: whatever is wrong is wrong with the cursor. */
const WHOLE_AGAIN = [400, 404, 410, 414, 422];

export class Knowledge {
  /** @type {{cursor: string, snapshot: Snapshot} | null} what was read last */
  #read = null;

  /** @returns {Promise<{snapshot: Snapshot, knownAt: number} | null>} null before it was ever fetched; throws DiskGone */
  async current() {
    const found = await read(async ({ kept }) => {
      /** @type {Known | undefined} */
      const known = await asked(kept.get("knowledge"));
      const isHere = !known || known.cursor === this.#read?.cursor;
      return { known, told: isHere ? null : await asked(kept.get("told")) };
    });
    if (!found.known) return null;
    if (found.told) this.#read = { cursor: found.known.cursor, snapshot: Snapshot.of(found.told) };
    return { snapshot: /** @type {any} */ (this.#read).snapshot, knownAt: found.known.knownAt };
  }

  /**
   * Fetch what changed, or the whole. Throws NoAnswer, Refusal, DiskGone.
   * @param {() => number} now milliseconds of the desk's clock
   * @returns {Promise<boolean>} whether the books are others than before: they were restored, and are to be told again
   */
  async refresh(now) {
    /** @type {Known | undefined} */
    const before = await read(({ kept }) => asked(kept.get("knowledge")));
    const at = now();
    const { told, isWhole } = await fetched(before?.cursor ?? null);
    return write(async ({ journal, kept }) => {
      /** @type {Known | undefined} */
      const known = await asked(kept.get("knowledge"));
      if (known && (isWhole ? known.knownAt > at : known.cursor !== before?.cursor)) return false; // another tab was faster
      const isSame = !isWhole && told.cursor === known?.cursor;
      if (!isSame) kept.put(isWhole ? Snapshot.of(told).kept : Snapshot.of(await asked(kept.get("told"))).changed(told).kept, "told");
      kept.put({ cursor: told.cursor, knownAt: at }, "knowledge");
      if (!isWhole) await noteReturned(journal, told.given_back, at);
      const isRestored = known !== undefined && epoch(known.cursor) !== epoch(told.cursor);
      if (isRestored) await tellAgain(journal, at - KEPT_MS);
      return isRestored;
    });
  }
}

/**
 * @param {string | null} cursor
 * @returns {Promise<{told: any, isWhole: boolean}>}
 */
async function fetched(cursor) {
  if (cursor !== null) {
    try {
      return { told: await service.snapshot(cursor), isWhole: false };
    } catch (error) {
      if (!(error instanceof Refusal) || !WHOLE_AGAIN.includes(error.status)) throw error;
    }
  }
  return { told: await service.snapshot(null), isWhole: true };
}

/** @param {string} cursor @returns {string} which books it is of */
const epoch = (cursor) => cursor.slice(0, cursor.indexOf("."));
