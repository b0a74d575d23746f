/** The shapes of the answers, as `mark()` in `templates/shown.html` draws them, on a canvas. */

/** @typedef {"tick" | "ring" | "triangle" | "cross"} Shape */

/** What is filled and what is drawn on it, in a square of 48. */
const SHAPES = {
  tick: { body: "M2 24a22 22 0 1 0 44 0a22 22 0 1 0 -44 0z", line: "M13 25l8 8 15-17", open: false },
  ring: { body: "M4 24a20 20 0 1 0 40 0a20 20 0 1 0 -40 0z", line: "M14 25l7 7 14-16", open: true },
  triangle: { body: "M24 3.5L46 43H2z", line: "M24 17v13M24 35.5v2", open: false },
  cross: { body: "M15 2h18l13 13v18L33 46H15L2 33V15z", line: "M16 16l16 16M32 16L16 32", open: false },
};
const SIDE = 48;

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} shape of `tick`, `ring`, `triangle`, `cross`; any other is a cross, as on the page
 * @param {{x: number, y: number, side: number, colour: string, on: string}} how top left and side in pixels; `on`: the colour on it
 */
export function drawShape(pen, shape, { x, y, side, colour, on }) {
  const { body, line, open } = SHAPES[/** @type {Shape} */ (shape)] ?? SHAPES.cross;
  pen.save();
  pen.translate(x, y);
  pen.scale(side / SIDE, side / SIDE);
  pen.lineWidth = 5;
  pen.lineCap = pen.lineJoin = "round";
  pen.fillStyle = pen.strokeStyle = colour;
  if (open) pen.stroke(new Path2D(body));
  else pen.fill(new Path2D(body));
  pen.strokeStyle = open ? colour : on;
  pen.stroke(new Path2D(line));
  pen.restore();
}
