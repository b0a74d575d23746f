/** The browser's own reader of codes, where it has one (Chrome on Android and macOS; none on Linux and Windows, nor in other browsers). */

/** @typedef {import("./zxing.js").Code} Code */
/** @typedef {{detect(picture: ImageBitmap): Promise<{rawValue: string, cornerPoints: {x: number, y: number}[]}[]>}} Detector */

/** On some phones its answer never comes: then it is done without. */
const PATIENCE_MS = 1000;

export class Platform {
  /** @param {Detector} detector */
  constructor(detector) {
    this._detector = detector;
    /** Whether it works: after one failure it is not asked again. */
    this.works = true;
  }

  /** @returns {Promise<Platform | null>} null where the browser reads no QR codes itself */
  static async find() {
    const known = /** @type {any} */ (globalThis).BarcodeDetector;
    try {
      const formats = await known?.getSupportedFormats();
      return formats?.includes("qr_code") ? new Platform(new known({ formats: ["qr_code"] })) : null;
    } catch {
      return null;
    }
  }

  /**
   * @param {ImageBitmap} picture
   * @returns {Promise<Code[]>} nothing when it fails
   */
  async read(picture) {
    if (!this.works) return [];
    try {
      const found = await Promise.race([this._detector.detect(picture), late()]);
      return found.filter(({ rawValue, cornerPoints }) => rawValue && cornerPoints.length === 4).map(codeOf);
    } catch {
      this.works = false;
      return [];
    }
  }
}

/**
 * @param {{rawValue: string, cornerPoints: {x: number, y: number}[]}} found
 * @returns {Code}
 */
function codeOf({ rawValue, cornerPoints: [first, second, third, fourth] }) {
  return { text: rawValue, corners: [first, second, third, fourth] };
}

/** @returns {Promise<never>} */
function late() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("no answer")), PATIENCE_MS));
}
