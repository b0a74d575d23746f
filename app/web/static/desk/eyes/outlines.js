/** Draws what is in view onto a canvas that lies on the video: an outline round each code, and on it its shape and word. */

import { drawShape } from "./shapes.js";

/**
 * @typedef {{x: number, y: number}} Point
 * @typedef {{family: string, word: string, shape: string}} Mark what is known of a code
 * @typedef {{corners: Point[], mark: Mark | null}} Outline corners in pixels of the page
 * @typedef {{field: string, on: string}} Ink
 */

/** Colours of the page by family; each word stands on its own field, so that it is legible whatever is behind. */
const INKS = {
  good: ["--good", "--on-good"],
  attention: ["--attention", "--on-attention"],
  no: ["--no", "--on-no"],
  asking: ["--surface", "--ink"],
  ring: ["--surface", "--asked"],
};
const PLAIN = { field: "#fffdf7", on: "#14302f" };
/** Sizes in pixels of the page: letters as large as the page's own text at least. */
const LETTER = { least: 18, most: 34, share: 1 / 7 };
const LINE = { colour: 5, halo: 9 };
const DASH = [14, 9];
/** How far outside the code its outline runs, as a share of its side: about its quiet zone. */
const GROW = 0.06;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Outline[]} outlines
 */
export function draw(canvas, outlines) {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const ratio = devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.round(width * ratio); // which clears it
  canvas.height = Math.round(height * ratio);
  pen.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  for (const outline of outlines) drawLine(pen, outline, inkOf(style, outline.mark));
  for (const { corners, mark } of outlines) {
    if (mark?.word) drawWord(pen, corners, mark, inkOf(style, mark), { width, height, family: style.fontFamily });
  }
}

/**
 * @param {CSSStyleDeclaration} style
 * @param {Mark | null} mark
 * @returns {Ink}
 */
function inkOf(style, mark) {
  const family = mark?.family === "good" && mark.shape === "ring" ? "ring" : (mark?.family ?? "asking");
  const [field, on] = INKS[/** @type {keyof INKS} */ (family)] ?? INKS.asking;
  return { field: style.getPropertyValue(field).trim() || PLAIN.field, on: style.getPropertyValue(on).trim() || PLAIN.on };
}

/**
 * A line with a halo of the other colour, seen on white paper and on a dark desk; broken while nothing is known yet.
 * @param {CanvasRenderingContext2D} pen
 * @param {Outline} outline
 * @param {Ink} ink
 */
function drawLine(pen, { corners, mark }, { field, on }) {
  const path = new Path2D();
  grown(corners).forEach(({ x, y }, i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
  path.closePath();
  pen.lineJoin = "round";
  pen.setLineDash(mark && mark.family !== "asking" ? [] : DASH);
  for (const [width, colour] of /** @type {[number, string][]} */ ([[LINE.halo, on], [LINE.colour, field]])) {
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.stroke(path);
  }
  pen.setLineDash([]);
}

/**
 * @param {Point[]} corners
 * @returns {Point[]} a little outside
 */
function grown(corners) {
  const { x, y } = centre(corners);
  return corners.map((each) => ({ x: each.x + (each.x - x) * 2 * GROW, y: each.y + (each.y - y) * 2 * GROW }));
}

/** @param {Point[]} corners */
function centre(corners) {
  return {
    x: corners.reduce((sum, { x }) => sum + x, 0) / corners.length,
    y: corners.reduce((sum, { y }) => sum + y, 0) / corners.length,
  };
}

/**
 * The shape and the word, upright, on the middle of the code: two codes never lie on one another, so neither do their words.
 * @param {CanvasRenderingContext2D} pen
 * @param {Point[]} corners
 * @param {Mark} mark
 * @param {Ink} ink
 * @param {{width: number, height: number, family: string}} room
 */
function drawWord(pen, corners, { word, shape }, { field, on }, { width, height, family }) {
  const side = Math.hypot(corners[0].x - corners[1].x, corners[0].y - corners[1].y);
  const letter = Math.min(LETTER.most, Math.max(LETTER.least, side * LETTER.share));
  pen.font = `700 ${letter}px ${family || "sans-serif"}`;
  const [pad, tall] = [letter * 0.4, letter * 1.85];
  const icon = shape ? letter * 1.3 : 0;
  const ahead = shape ? icon + pad * 2 : pad * 1.5;
  const plate = ahead + pen.measureText(word).width + pad * 1.5;
  const { x, y } = centre(corners);
  const left = Math.max(2, Math.min(x - plate / 2, width - plate - 2));
  const top = Math.max(2, Math.min(y - tall / 2, height - tall - 2));
  pen.fillStyle = field;
  pen.strokeStyle = on;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.roundRect(left, top, plate, tall, 6);
  pen.fill();
  pen.stroke();
  if (shape) drawShape(pen, shape, { x: left + pad, y: top + (tall - icon) / 2, side: icon, colour: on, on: field });
  pen.fillStyle = on;
  pen.textBaseline = "middle";
  pen.fillText(word, left + ahead, top + tall / 2 + letter * 0.05);
}
