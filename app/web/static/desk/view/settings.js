// @ts-check
/** What this device remembers of how its people like to work; no note is in it. */

const KEY = "hournote.desk.settings";
const FIRST = { sound: true, volume: 70, byItself: false, practice: false, camera: false, cameraId: "", offer: 0 };

export class Settings {
  constructor() {
    const kept = { ...FIRST, ...read() };
    /** @type {boolean} */ this.sound = kept.sound;
    /** @type {number} loudness, 10 to 100 */ this.volume = kept.volume;
    /** @type {boolean} accept as soon as the hours are complete */ this.byItself = kept.byItself;
    /** @type {boolean} */ this.practice = kept.practice;
    /** @type {boolean} start the camera with the page */ this.camera = kept.camera;
    /** @type {string} which camera, empty for the browser's choice */ this.cameraId = kept.cameraId;
    /** @type {number} the offer that was chosen last, 0 for none */ this.offer = kept.offer;
  }

  /** @param {Partial<typeof FIRST>} changed */
  keep(changed) {
    Object.assign(this, changed);
    try {
      localStorage.setItem(KEY, JSON.stringify(this));
    } catch {
      // a window that may keep nothing still works until it is closed
    }
  }
}

/** @returns {Partial<typeof FIRST>} */
function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}
