/** One camera as the browser gives it: asked for, focused, lit and let go. It remembers nothing of other cameras. */

import { CameraTrouble } from "./trouble.js";

/** 30 mm of QR are read to about 45 cm at this size; smaller is taken where a camera has no more. */
const SIZE = { width: { ideal: 1920 }, height: { ideal: 1080 }, frameRate: { ideal: 30 } };

/**
 * What tracks of cameras can do beyond what the types of the platform know.
 * @typedef {MediaTrackCapabilities & {torch?: boolean, focusMode?: string[]}} Abilities
 */

export class Lens {
  /** @param {MediaStream} stream */
  constructor(stream) {
    this.stream = stream;
    this._track = stream.getVideoTracks()[0];
  }

  /**
   * @param {string | null} id of the camera; null for the one at the back, or any
   * @returns {Promise<Lens>} of another camera when that one is not there
   * @throws {CameraTrouble}
   */
  static async open(id) {
    if (!navigator.mediaDevices?.getUserMedia) throw new CameraTrouble(isSecureContext ? "none" : "insecure");
    try {
      return await Lens._ask(id ? { deviceId: { exact: id } } : { facingMode: { ideal: "environment" } });
    } catch (fault) {
      const isGone = id && fault instanceof Error && ["OverconstrainedError", "NotFoundError"].includes(fault.name);
      if (isGone) return Lens.open(null);
      throw CameraTrouble.of(fault);
    }
  }

  /** @returns {Promise<{id: string, label: string}[]>} labels are empty until a camera was allowed */
  static async all() {
    const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
    return devices.filter(({ kind }) => kind === "videoinput").map(({ deviceId, label }) => ({ id: deviceId, label }));
  }

  /** @param {MediaTrackConstraints} which */
  static async _ask(which) {
    const lens = new Lens(await navigator.mediaDevices.getUserMedia({ video: { ...which, ...SIZE }, audio: false }));
    await lens._focus();
    return lens;
  }

  /** @returns {string} */
  get id() {
    return this._track.getSettings().deviceId ?? "";
  }

  /** Whether it looks at whoever stands before the screen, who then expects a mirror. */
  get isFront() {
    return this._track.getSettings().facingMode === "user";
  }

  /** Whether it gives pictures no more, ever. */
  get isOver() {
    return this._track.readyState === "ended";
  }

  get hasTorch() {
    return this._abilities.torch === true;
  }

  /**
   * Nothing happens where it has none.
   * @param {boolean} on
   * @returns {Promise<void>}
   */
  async torch(on) {
    if (this.hasTorch) await this._set({ torch: on });
  }

  /** @param {() => void} onEnd when it was unplugged, or taken away */
  whenOver(onEnd) {
    this._track.addEventListener("ended", onEnd, { once: true });
  }

  /** Let the camera go: its light goes out. */
  close() {
    for (const track of this.stream.getTracks()) track.stop();
  }

  /** @returns {Abilities} */
  get _abilities() {
    return this._track.getCapabilities?.() ?? {};
  }

  async _focus() {
    if (this._abilities.focusMode?.includes("continuous")) await this._set({ focusMode: "continuous" });
  }

  /** @param {object} wish a camera that says it can and then cannot is no trouble: notes are read without */
  async _set(wish) {
    await this._track.applyConstraints({ advanced: [wish] }).catch(() => undefined);
  }
}
