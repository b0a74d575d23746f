/** The camera of the desk: the one chosen before, released while the page is hidden, and taken again when it comes back. */

import { Lens } from "./lens.js";
import { CameraTrouble } from "./trouble.js";

const CHOICE = "hournote.camera";
/** How often a camera that is gone is looked for, besides when the browser tells of a new one. */
const AGAIN_MS = 3000;

/**
 * Events: `taken` when pictures come (the stream is there), `released` when it was let go because the page is hidden, `lost`
 * {detail: {word}} when it went away by itself (it is looked for until it is back), and `found` when it is back.
 */
export class Camera extends EventTarget {
  constructor() {
    super();
    /** @type {Lens | null} */
    this.lens = null;
    /** Whether somebody wants it on; it may be hidden or lost all the same. */
    this.isWanted = false;
    this.isLost = false;
    this._turn = 0;
    this._again = 0;
    document.addEventListener("visibilitychange", () => this._turnWithPage());
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.isLost && this._return());
  }

  /**
   * @param {string | null} id null for the one chosen before, else the one at the back
   * @returns {Promise<void>}
   * @throws {CameraTrouble} and is off then
   */
  async start(id) {
    this.stop();
    this.isWanted = true;
    if (id) remember(id);
    try {
      await this._take();
    } catch (trouble) {
      this.stop();
      throw trouble;
    }
  }

  stop() {
    this.isWanted = false;
    this.isLost = false;
    this._release();
  }

  /**
   * It gives no pictures any more: let go of it and look for it, or another.
   * @param {import("./trouble.js").TroubleWord} word
   */
  lose(word) {
    this._release();
    const isNew = !this.isLost;
    this.isLost = true;
    if (word !== "denied") this._again = window.setTimeout(() => this._return(), AGAIN_MS); // else a person is asked again and again
    if (isNew) this.dispatchEvent(new CustomEvent("lost", { detail: { word } }));
  }

  /** Only the last who asks gets the camera: one that comes when it is not wanted any more is closed. */
  async _take() {
    const turn = ++this._turn;
    const lens = await Lens.open(remembered());
    if (turn !== this._turn) return lens.close();
    if (lens.isOver) throw new CameraTrouble("lost");
    this.lens = lens;
    lens.whenOver(() => this.lens === lens && this.lose("lost"));
    this.dispatchEvent(new Event("taken"));
  }

  _release() {
    this._turn++;
    clearTimeout(this._again);
    this.lens?.close();
    this.lens = null;
  }

  async _return() {
    clearTimeout(this._again);
    if (!this.isWanted || this.lens || document.hidden) return;
    try {
      await this._take();
    } catch (trouble) {
      return this.lose(CameraTrouble.of(trouble).word);
    }
    if (this.isLost && this.lens) {
      this.isLost = false;
      this.dispatchEvent(new Event("found"));
    }
  }

  _turnWithPage() {
    if (!this.isWanted) return;
    if (!document.hidden) return void this._return();
    this._release();
    this.dispatchEvent(new Event("released"));
  }
}

/** @param {string} id */
function remember(id) {
  try {
    localStorage.setItem(CHOICE, id);
  } catch {
    // a browser that keeps nothing asks for the camera at the back each time
  }
}

/** @returns {string | null} */
function remembered() {
  try {
    return localStorage.getItem(CHOICE);
  } catch {
    return null;
  }
}
