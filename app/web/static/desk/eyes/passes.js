/**
 * Which looks at a frame are worth their time. The first is cheap: the browser's own reader, then zxing at the size of the
 * frame. The second is at twice the size, for notes that are far, blurred or tilted: it reads about a third more of hard
 * frames and costs four times as much, so it is for frames in which nothing was found, and now and then for the others (a
 * note that is easy must not hide one that is hard). It never has more than its share of the time.
 */

/** The longest side of a picture that is looked at, in pixels: more costs more than it finds. */
const CHEAP_SIDE = 1920;
const DEEP_SIDE = 2880;
const DEEP_SCALE = 2;
/** After a second look that took 1, this much time goes to first looks: when nothing is in view, and when something is. */
const REST = { empty: 1, busy: 8 };

/**
 * @param {number} width of a frame, pixels
 * @param {number} height
 * @returns {{cheap: number, deep: number}} how many times as large each look is
 */
export function scales(width, height) {
  const side = Math.max(width, height, 1);
  const cheap = Math.min(1, CHEAP_SIDE / side);
  return { cheap, deep: Math.min(DEEP_SCALE, Math.max(cheap, DEEP_SIDE / side)) };
}

/** When the second look has its turn. */
export class Turns {
  constructor() {
    this._cost = 0;
    this._ended = -Infinity;
  }

  /**
   * @param {boolean} anyFound by the first look
   * @param {number} at milliseconds
   * @returns {boolean} whether a second look is due
   */
  isDue(anyFound, at) {
    return at - this._ended >= this._cost * (anyFound ? REST.busy : REST.empty);
  }

  /**
   * A second look was taken.
   * @param {number} from milliseconds
   * @param {number} until milliseconds
   */
  took(from, until) {
    this._cost = until - from;
    this._ended = until;
  }
}

/**
 * What several looks at one frame found together: each code once, and what one of them read is not unread.
 * @param {import("./zxing.js").Code[][]} looks
 * @returns {import("./zxing.js").Code[]}
 */
export function together(looks) {
  const all = looks.flat();
  /** @type {import("./zxing.js").Code[]} */
  const kept = [];
  for (const code of [...all.filter(({ text }) => text !== null), ...all.filter(({ text }) => text === null)]) {
    const isSame = kept.some((other) => (code.text === null || code.text === other.text) && overlap(code.corners, other.corners));
    if (!isSame) kept.push(code);
  }
  return kept;
}

/**
 * @param {import("../types.js").Corners} corners
 * @returns {{x: number, y: number}} their middle
 */
export function middle(corners) {
  return {
    x: corners.reduce((sum, { x }) => sum + x, 0) / 4,
    y: corners.reduce((sum, { y }) => sum + y, 0) / 4,
  };
}

/**
 * @param {import("../types.js").Corners} corners
 * @returns {number} how long its sides are, on average
 */
export function sideOf(corners) {
  return corners.reduce((sum, { x, y }, i) => sum + Math.hypot(x - corners[(i + 1) % 4].x, y - corners[(i + 1) % 4].y), 0) / 4;
}

/**
 * @param {import("../types.js").Corners} one
 * @param {import("../types.js").Corners} other
 * @returns {boolean} whether they are at the same place: two codes side by side are farther apart than half a side
 */
export function overlap(one, other) {
  const [a, b] = [middle(one), middle(other)];
  return Math.hypot(a.x - b.x, a.y - b.y) < Math.max(sideOf(one), sideOf(other)) / 2;
}
