/**
 * Whether a token was signed by the key of its order: Ed25519 (RFC 8032, 5.1) by the browser, or by the library that is shipped
 * with the page where the browser has none. Neither refuses all that `app/core/verifying.py` does, so that is refused first.
 */

import { Point } from "./vendor/noble-ed25519.js";

const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** The field's prime and the group's order (RFC 8032, 5.1). */
const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** y of two of the four points of order 8; of the others it is the negative. */
const ORDER_8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;

/** y of every point of small order: under such a key one signature fits any text (RFC 8032, 8.3). */
const SMALL_ORDER = new Set([0n, 1n, P - 1n, ORDER_8, P - ORDER_8]);

/** @type {Promise<boolean> | undefined} */
let hasPlatform;

/**
 * @param {Uint8Array<ArrayBuffer>} publicKey 32 bytes
 * @param {string} serial canonical
 * @param {Uint8Array<ArrayBuffer>} signature 64 bytes
 * @returns {Promise<boolean>} whether it signs `hournote.v1:<serial>`
 * @throws where the page did not come by https: no browser computes a hash there
 */
export async function verify(publicKey, serial, signature) {
  hasPlatform ??= platformVerifies();
  const message = new TextEncoder().encode(`hournote.v1:${serial}`);
  return verifyBytes((await hasPlatform) ? byPlatform : byLibrary, publicKey, message, signature);
}

/**
 * @param {typeof byPlatform} by `byPlatform` or `byLibrary`
 * @param {Uint8Array<ArrayBuffer>} publicKey
 * @param {Uint8Array<ArrayBuffer>} message
 * @param {Uint8Array<ArrayBuffer>} signature
 * @returns {Promise<boolean>}
 */
export async function verifyBytes(by, publicKey, message, signature) {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
  if (!isPoint(publicKey) || !isPoint(r) || numberOf(s) >= L) return false;
  return by(publicKey, message, signature);
}

/**
 * @param {Uint8Array<ArrayBuffer>} publicKey
 * @param {Uint8Array<ArrayBuffer>} message
 * @param {Uint8Array<ArrayBuffer>} signature
 * @returns {Promise<boolean>}
 */
export async function byPlatform(publicKey, message, signature) {
  let key;
  try {
    key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  } catch (error) {
    if (error instanceof DOMException && error.name === "DataError") return false; // not a point
    throw error;
  }
  return crypto.subtle.verify("Ed25519", key, signature, message);
}

/**
 * [S]B = R + [k]A, with the library's arithmetic: its own `verify` multiplies by the cofactor, and so takes what others refuse.
 * @type {typeof byPlatform}
 */
export async function byLibrary(publicKey, message, signature) {
  const [r, s] = [signature.subarray(0, 32), numberOf(signature.subarray(32))];
  const [pointA, pointR] = [pointOf(publicKey), pointOf(r)];
  if (!pointA || !pointR) return false;
  const hashed = await crypto.subtle.digest("SHA-512", new Uint8Array([...r, ...publicKey, ...message]));
  const k = numberOf(new Uint8Array(hashed)) % L;
  return Point.BASE.multiply(s, false).equals(pointR.add(pointA.multiply(k, false)));
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Point | null} null for what is no point of the curve */
function pointOf(bytes) {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return null;
  }
}

/** @returns {Promise<boolean>} whether the browser has Ed25519: the base point is a key like any other */
export async function platformVerifies() {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32).fill(0x66).fill(0x58, 0, 1), "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {boolean} whether its y is in its one spelling, and not of small order */
function isPoint(bytes) {
  const y = numberOf(bytes) & (2n ** 255n - 1n);
  return y < P && !SMALL_ORDER.has(y);
}

/** @param {Uint8Array<ArrayBuffer>} bytes lowest first @returns {bigint} */
function numberOf(bytes) {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}
