// @ts-check
/**
 * The notes that this desk accepted a moment ago. One that comes back into view, or that a scanner sends twice, is the
 * same note still lying there: that is told calmly, and is no "already spent".
 */

/** How long a note may lie under the camera after it was accepted. */
const IN_VIEW_MS = 60_000;
/** A scanner that sends twice does so at once. */
const TWICE_MS = 4_000;

export class JustAccepted {
  /** @type {Map<string, number>} name of a note to when it was accepted */
  _at = new Map();

  /** @param {string[]} names */
  keep(names) {
    const now = performance.now();
    for (const [name, at] of this._at) if (now - at > IN_VIEW_MS) this._at.delete(name);
    for (const name of names) this._at.set(name, now);
  }

  /** @param {string[]} names of notes that were given back */
  forget(names) {
    for (const name of names) this._at.delete(name);
  }

  /**
   * @param {string} name
   * @param {"camera" | "scanner" | "hand"} how it was read
   */
  has(name, how) {
    const at = this._at.get(name);
    return at !== undefined && performance.now() - at < (how === "camera" ? IN_VIEW_MS : TWICE_MS);
  }
}
