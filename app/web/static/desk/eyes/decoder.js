/** The page's end of the reader of frames: one frame at a time is with the worker, and one that fails is replaced. */

/** @typedef {import("./zxing.js").Code} Code */
/** @typedef {{codes: Code[], ms: number}} Reading `ms`: how long the worker took */

const WORKER = new URL("./decoder_worker.js", import.meta.url);
/** Loading the reader over a slow line takes a while; reading a frame does not. */
const PATIENCE_MS = 20_000;

export class Decoder {
  constructor() {
    /** @type {Worker | null} */
    this._worker = null;
    this._asked = 0;
    /** @type {((fault: Error) => void) | null} */
    this._giveUp = null;
  }

  /** Whether a frame is being read: until it is, no other is taken, so that the next one is the newest. */
  get isBusy() {
    return this._giveUp !== null;
  }

  /**
   * Read every code in a picture, which is used up.
   * @param {ImageBitmap} picture
   * @param {"auto" | "never" | "always"} [second] whether to look again at twice the size: by default as there is time for it
   * @returns {Promise<Reading>} with corners in the picture's pixels; a code that is there and cannot be read has a null text
   * @throws {Error} when the reader cannot be loaded or broke; the next call starts it anew
   */
  async read(picture, second = "auto") {
    const id = ++this._asked;
    const worker = (this._worker ??= new Worker(WORKER, { type: "module" }));
    try {
      return await new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error("late")), PATIENCE_MS);
        this._giveUp = (fault) => (clearTimeout(late), reject(fault));
        worker.onerror = () => this._giveUp?.(new Error("broken"));
        worker.onmessage = ({ data }) => {
          if (data.id !== id) return;
          clearTimeout(late);
          if (data.fault) reject(new Error(data.fault));
          else resolve({ codes: data.codes, ms: data.ms });
        };
        worker.postMessage({ id, picture, second }, [picture]);
      });
    } catch (fault) {
      if (worker === this._worker) this._end();
      throw fault;
    } finally {
      if (id === this._asked) this._giveUp = null;
    }
  }

  /** Let the worker go, and the frame that it has. */
  close() {
    this._giveUp?.(new Error("closed"));
    this._end();
  }

  _end() {
    this._worker?.terminate();
    this._worker = null;
  }
}
