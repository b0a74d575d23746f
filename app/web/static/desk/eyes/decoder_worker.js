/** Reads frames off the page's own thread, so that the page never stutters; one frame at a time, each answered. */

import { scales, together, Turns } from "./passes.js";
import { Platform } from "./platform.js";
import { prepare, read } from "./zxing.js";

/**
 * `second`: whether a second, larger look is taken: "auto" as there is time for it.
 * @typedef {{id: number, picture: ImageBitmap, second: "auto" | "never" | "always"}} Ask
 * @typedef {{id: number, codes: import("./zxing.js").Code[], ms: number}} Answer
 */

const canvas = new OffscreenCanvas(1, 1);
const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
const turns = new Turns();
const ready = Promise.all([Platform.find(), prepare()]);

/**
 * @param {ImageBitmap} picture
 * @param {number} scale
 * @returns {Promise<import("./zxing.js").Code[]>} with corners in the picture's own pixels
 */
async function look(picture, scale) {
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  pen.imageSmoothingQuality = "high"; // a canvas of another size has forgotten it
  pen.drawImage(picture, 0, 0, width, height);
  const found = await read(pen.getImageData(0, 0, width, height));
  if (scale === 1) return found;
  return found.map(({ text, corners: [a, b, c, d] }) => ({ text, corners: [shrunk(a), shrunk(b), shrunk(c), shrunk(d)] }));

  /** @param {{x: number, y: number}} point */
  function shrunk({ x, y }) {
    return { x: x / scale, y: y / scale };
  }
}

/**
 * @param {ImageBitmap} picture
 * @param {Ask["second"]} second
 * @returns {Promise<import("./zxing.js").Code[]>}
 */
async function codesIn(picture, second) {
  const [platform] = await ready;
  const { cheap, deep } = scales(picture.width, picture.height);
  let codes = platform ? await platform.read(picture) : [];
  if (!codes.length) codes = await look(picture, cheap);
  const from = performance.now();
  const anyRead = codes.some(({ text }) => text !== null);
  if (second === "never" || (second === "auto" && !turns.isDue(anyRead, from))) return codes;
  const more = await look(picture, deep);
  turns.took(from, performance.now());
  return together([codes, more]);
}

addEventListener("message", async (/** @type {MessageEvent<Ask>} */ { data: { id, picture, second } }) => {
  const from = performance.now();
  try {
    const codes = await codesIn(picture, second);
    postMessage(/** @type {Answer} */ ({ id, codes, ms: performance.now() - from }));
  } catch (error) {
    postMessage({ id, fault: error instanceof Error ? error.name : "unknown" });
  } finally {
    picture.close();
  }
});
