/** The camera as the page knows it: it tells which codes come into view, and shows on each what is known of it. */

import { Camera } from "./camera.js";
import { Decoder } from "./decoder.js";
import { boxOf, placing } from "./fit.js";
import { Frames } from "./frames.js";
import { Lens } from "./lens.js";
import { draw } from "./outlines.js";
import { Sightings } from "./sightings.js";

/** @typedef {import("./outlines.js").Mark} Mark */

/** As many codes' marks are remembered: a visit has at most 50 notes. */
const MOST_MARKS = 200;
/** The reader is tried again after this long where it could not be loaded. */
const READER_AGAIN_MS = 2000;

/**
 * Events:
 * - `seen` {detail: {text, corners, ms}}: once for each appearance of a code, again only when it was out of view for a while;
 *   corners are in the frame's own pixels, `ms` is how long ago the frame came;
 * - `lost` {detail: {word}}: the camera went away (or `reader`: the reader cannot be loaded); it is tried again by itself;
 * - `found`: it is back;
 * - `looked` {detail: {count, ms}}: a frame was looked at: codes read in it, and how long ago it came.
 */
export class Eye extends EventTarget {
  /** @param {{video: HTMLVideoElement, canvas: HTMLCanvasElement}} on the canvas lies on the video and is as large */
  constructor({ video, canvas }) {
    super();
    this._video = video;
    this._canvas = canvas;
    this._decoder = new Decoder();
    this._sightings = new Sightings();
    /** @type {Map<string, Mark>} */
    this._marks = new Map();
    this._camera = new Camera();
    this._frames = new Frames(video, { onFrame: (at) => this._look(at), onFrozen: () => this._camera.lose("lost") });
    this._restUntil = 0;
    this._isBlind = false;
    this._isGrabbing = false;
    this._hear();
  }

  /** @returns {Promise<{id: string, label: string}[]>} labels are empty until a camera was allowed */
  static async cameras() {
    return Lens.all();
  }

  /** Whether it was started, and not stopped since; the camera may be lost or released meanwhile. */
  get isOn() {
    return this._camera.isWanted;
  }

  /** @returns {string} of the camera in use, or nothing */
  get cameraId() {
    return this._camera.lens?.id ?? "";
  }

  get hasTorch() {
    return this._camera.lens?.hasTorch ?? false;
  }

  /** Whether the video is shown mirrored, as that of a camera towards the person is. */
  get isMirrored() {
    return this._camera.lens?.isFront ?? false;
  }

  /**
   * @param {string | null} cameraId null for the one chosen before, else the one at the back
   * @returns {Promise<void>}
   * @throws {import("./trouble.js").CameraTrouble} with a `word`: `denied`, `none`, `busy`, `insecure`, `lost`
   */
  async start(cameraId = null) {
    this._close();
    this._sightings.forget();
    await this._camera.start(cameraId);
  }

  /** Let the camera go. */
  stop() {
    this._camera.stop();
    this._close();
    this._decoder.close();
  }

  /**
   * @param {boolean} on
   * @returns {Promise<void>} nothing happens where there is no torch
   */
  async torch(on) {
    await this._camera.lens?.torch(on);
  }

  /**
   * Show on a code what is known of it, as long as it is in view.
   * @param {string} text as it was seen
   * @param {Mark} mark `family`: good, attention, no or asking; `shape`: tick, ring, triangle, cross, or nothing
   */
  mark(text, mark) {
    this._marks.delete(text);
    this._marks.set(text, mark);
    if (this._marks.size > MOST_MARKS) this._marks.delete([...this._marks.keys()][0]);
    this._draw();
  }

  _hear() {
    this._camera.addEventListener("taken", () => this._open());
    this._camera.addEventListener("released", () => this._close());
    this._camera.addEventListener("lost", (event) => {
      this._close();
      this._tell("lost", /** @type {CustomEvent} */ (event).detail);
    });
    this._camera.addEventListener("found", () => this._tell("found"));
    new ResizeObserver(() => this._draw()).observe(this._video);
  }

  _open() {
    this._video.muted = this._video.playsInline = true;
    this._video.srcObject = this._camera.lens?.stream ?? null;
    this._video.style.transform = this.isMirrored ? "scaleX(-1)" : "";
    this._video.play().catch(() => undefined); // it was stopped again before it began
    this._frames.start();
  }

  _close() {
    this._frames.stop();
    this._video.srcObject = null;
    draw(this._canvas, []);
  }

  /** @param {number} at when the frame came */
  async _look(at) {
    if (this._decoder.isBusy || this._isGrabbing || at < this._restUntil) return;
    const { lens } = this._camera;
    const picture = await this._grab();
    if (!picture) return;
    try {
      const { codes } = await this._decoder.read(picture);
      if (lens !== this._camera.lens) return;
      const ms = performance.now() - at;
      this._see(codes, at, ms);
      this._tell("looked", { count: codes.filter(({ text }) => text !== null).length, ms });
    } catch {
      if (this.isOn) this._failed();
    }
  }

  /** @returns {Promise<ImageBitmap | null>} the frame of this moment */
  async _grab() {
    this._isGrabbing = true;
    try {
      return await createImageBitmap(this._video);
    } catch {
      return null; // the camera has just gone
    } finally {
      this._isGrabbing = false;
    }
  }

  /**
   * @param {import("./zxing.js").Code[]} codes
   * @param {number} at when their frame came
   * @param {number} ms how long ago that is
   */
  _see(codes, at, ms) {
    if (this._isBlind) this._tell("found");
    this._isBlind = false;
    const come = this._sightings.look(codes, at);
    for (const { text } of come) this._marks.delete(text);
    this._draw();
    for (const { text, corners } of come) this._tell("seen", { text, corners, ms });
  }

  _failed() {
    this._restUntil = performance.now() + READER_AGAIN_MS;
    if (!this._isBlind) this._tell("lost", { word: "reader" });
    this._isBlind = true;
  }

  _draw() {
    const place = placing(boxOf(this._video, this.isMirrored));
    const inView = this._camera.lens ? this._sightings.inView() : [];
    draw(
      this._canvas,
      inView.map(({ text, corners }) => ({ corners: corners.map(place), mark: this._marks.get(text) ?? null })),
    );
  }

  /**
   * @param {string} name
   * @param {object} [detail]
   */
  _tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
