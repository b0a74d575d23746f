/** The frames of a video as they come, each at most once, and no more often than they are worth looking at. */

/** About 15 a second: a note is held for longer than that, and a tablet stays cool. */
const STEP_MS = 60;
/** A camera that gives no frame for this long is frozen (seen with USB cameras after sleep). */
const FROZEN_MS = 8000;

export class Frames {
  /**
   * @param {HTMLVideoElement} video
   * @param {{onFrame: (at: number) => void, onFrozen: () => void}} also `at`: milliseconds of `performance.now()`
   */
  constructor(video, { onFrame, onFrozen }) {
    this._video = video;
    this._onFrame = onFrame;
    this._onFrozen = onFrozen;
    this._last = 0;
    this._shown = -1;
    this._watch = 0;
    this._turn = 0;
  }

  start() {
    this.stop();
    this._shown = -1;
    this._await(this._turn);
  }

  stop() {
    this._turn++;
    clearTimeout(this._watch);
  }

  /** @param {number} turn */
  _await(turn) {
    clearTimeout(this._watch);
    this._watch = window.setTimeout(() => turn === this._turn && this._onFrozen(), FROZEN_MS);
    if (this._video.requestVideoFrameCallback) this._video.requestVideoFrameCallback(() => this._come(turn));
    else this._poll(turn);
  }

  /**
   * For Firefox before 132, which does not tell of frames.
   * @param {number} turn
   */
  _poll(turn) {
    if (turn !== this._turn) return;
    const { currentTime } = this._video;
    if (currentTime === this._shown) return void setTimeout(() => this._poll(turn), STEP_MS / 4);
    this._shown = currentTime;
    this._come(turn);
  }

  /** @param {number} turn */
  _come(turn) {
    if (turn !== this._turn) return;
    const at = performance.now();
    if (at - this._last >= STEP_MS && this._video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      this._last = at;
      this._onFrame(at);
    }
    this._await(turn);
  }
}
