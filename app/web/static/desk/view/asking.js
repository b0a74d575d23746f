// @ts-check
/**
 * Asks of scanned notes, those of one picture together, one question at a time.
 * @template T
 */
export class Asking {
  /**
   * @param {(items: T[]) => Promise<void>} ask
   * @param {number} most items of one question
   */
  constructor(ask, most) {
    this._ask = ask;
    this._most = most;
    /** @type {T[]} */
    this._waiting = [];
    /** @type {Promise<void> | null} */
    this._running = null;
  }

  /** @param {T} item */
  add(item) {
    this._waiting.push(item);
    this._running ??= this._drain();
  }

  /** @returns {Promise<void>} when everything is answered */
  async done() {
    await this._running;
  }

  async _drain() {
    await null; // the other notes of the same picture
    try {
      while (this._waiting.length) await this._ask(this._waiting.splice(0, this._most));
    } finally {
      this._running = null;
    }
  }
}
