/** zxing-cpp, compiled to WebAssembly and shipped with the page: reads every QR code of a picture. */

import { prepareZXingModule, readBarcodes } from "../vendor/zxing-wasm/reader/index.js";

/**
 * A code in a picture; `text` is null where there is a code that could not be read.
 * @typedef {{text: string | null, corners: import("../types.js").Corners}} Code
 */

const WASM = new URL("../vendor/zxing-wasm/reader/zxing_reader.wasm", import.meta.url).href;

/**
 * Model 2 alone: a Micro QR is so small that noise passes for one. A note is never printed inverted, so that is not tried.
 * What is found and not read is told as well: it is how a note that lies still is known to be there yet.
 * @type {import("../vendor/zxing-wasm/reader/index.js").ReaderOptions}
 */
const OPTIONS = {
  formats: ["QRCodeModel2"],
  tryHarder: true,
  tryRotate: true,
  tryInvert: false,
  tryDownscale: true,
  returnErrors: true,
  textMode: "Plain",
};

/**
 * Have the reader ready.
 * @returns {Promise<void>}
 * @throws {Error} when it cannot be loaded
 */
export async function prepare() {
  await prepareZXingModule({ overrides: { locateFile: () => WASM }, fireImmediately: true });
}

/**
 * @param {ImageData} picture
 * @returns {Promise<Code[]>} with corners in its pixels
 */
export async function read(picture) {
  const found = await readBarcodes(picture, OPTIONS);
  return found.map(({ isValid, text, position: { topLeft, topRight, bottomRight, bottomLeft } }) => ({
    text: isValid && text ? text : null,
    corners: [topLeft, topRight, bottomRight, bottomLeft],
  }));
}
