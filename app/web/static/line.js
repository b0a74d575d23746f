/**
 * Makes the picture of a serial line lively: wheel, drag, pinch and keys ask the server for another window, and its answer
 * takes the place of the picture, the legend, the movements and the table. Without this, links do the same.
 */

const line = /** @type {HTMLElement} */ (document.getElementById("line"));
const picture = /** @type {HTMLElement} */ (line.querySelector("[data-part=picture]"));
const SETTLE_MS = 120;
const CLICK_PX = 5;

/** @typedef {{first: number, last: number}} Window */

/** @returns {Window} What the picture shows. */
const shown = () => ({ first: Number(line.dataset.first), last: Number(line.dataset.last) });
const most = Number(line.dataset.most);

/** What is wanted: the picture runs after it. @type {Window} */
let wanted = shown();
let timer = 0;
/** @type {AbortController | null} */
let asking = null;

/**
 * A window of whole notes on the line, of that length or the nearest that there is.
 * @param {number} first @param {number} length @returns {Window}
 */
function fitted(first, length) {
  const notes = Math.min(Math.max(Math.round(length), 1), most);
  const start = Math.min(Math.max(Math.floor(first), 1), most - notes + 1);
  return { first: start, last: start + notes - 1 };
}

/** @param {Window} window @returns {number} */
const length = (window) => window.last - window.first + 1;

/**
 * Zoom around a place of the picture, 0 its left edge and 1 its right one.
 * @param {number} by @param {number} place
 */
function zoom(by, place) {
  const before = length(wanted);
  let after = before * by;
  if (Math.abs(after - before) < 1) after = before + Math.sign(by - 1); // one note is the least there is
  const notes = Math.min(Math.max(Math.round(after), 1), most);
  want(fitted(wanted.first + (before - notes) * place, notes));
}

/** @param {number} by A part of the length. */
function turn(by) {
  const step = Math.sign(by) * Math.max(1, Math.round(Math.abs(by) * length(wanted)));
  want(fitted(wanted.first + step, length(wanted)));
}

/** @param {Window} next */
function want(next) {
  wanted = next;
  preview();
  clearTimeout(timer);
  timer = setTimeout(() => void show(address(wanted)), SETTLE_MS);
}

/** What is there already, moved to where it will be. */
function preview() {
  const now = shown();
  const scale = length(now) / length(wanted);
  const left = ((now.first - wanted.first) / length(wanted)) * 100;
  const drawn = /** @type {SVGElement | null} */ (picture.querySelector(".line-svg"));
  if (drawn) drawn.style.transform = `translateX(${left}%) scaleX(${scale})`;
}

/** @param {Window} window */
function address(window) {
  const query = new URLSearchParams(location.search);
  query.set("from", String(window.first));
  query.set("to", String(window.last));
  return `${location.pathname}?${query}`;
}

/**
 * Put the server's answer in the place of what is shown; the last that is asked for wins.
 * @param {string} where @param {string} [focus] The name of the link to stay on.
 */
async function show(where, focus) {
  clearTimeout(timer); // of an earlier wish, which would take this one's place
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(where, { signal: asking.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("line");
    if (!answer.ok || !next) throw new Error("no line");
    replace(next);
    history.replaceState(null, "", where.replace(/#.*/, ""));
    if (focus) (/** @type {HTMLElement | null} */ (line.querySelector(`[data-way=${focus}]`)) ?? picture).focus();
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "AbortError") location.assign(where); // the page itself tells what is wrong
  }
}

/** @param {HTMLElement} next */
function replace(next) {
  for (const name of ["first", "last", "stretch"]) {
    if (next.dataset[name] === undefined) delete line.dataset[name];
    else line.dataset[name] = next.dataset[name];
  }
  for (const part of line.querySelectorAll("[data-part]")) {
    const other = next.querySelector(`[data-part=${/** @type {HTMLElement} */ (part).dataset.part}]`);
    if (other) part.replaceChildren(...other.childNodes);
  }
  wanted = shown();
  for (const name of ["from", "to"]) {
    const field = /** @type {HTMLInputElement | null} */ (document.getElementById(name));
    if (field) field.value = String(name === "from" ? wanted.first : wanted.last);
  }
}

/** @param {MouseEvent} event @returns {number} Where on the picture, from 0 to 1. */
function place(event) {
  const style = getComputedStyle(picture);
  const left = picture.getBoundingClientRect().left + picture.clientLeft + parseFloat(style.paddingLeft);
  const width = picture.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return Math.min(Math.max((event.clientX - left) / width, 0), 1);
}

picture.classList.add("lively");

picture.addEventListener(
  "wheel",
  (event) => {
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
      turn((event.deltaX || event.deltaY) / picture.clientWidth);
    } else {
      const ends = event.deltaY > 0 ? length(wanted) >= most : length(wanted) <= 1;
      if (ends) return; // nothing more to zoom: the page scrolls on
      zoom(2 ** (Math.max(-100, Math.min(100, event.deltaY)) / 200), place(event));
    }
    event.preventDefault();
  },
  { passive: false },
);

/** @type {Map<number, PointerEvent>} */
const fingers = new Map();
/** @type {{window: Window, x: number, apart: number, middle: number} | null} */
let grip = null;
let moved = false;

/** Where the fingers are now, and what was shown when they came. */
function hold() {
  const xs = [...fingers.values()].map((finger) => finger.clientX);
  const x = xs.reduce((sum, each) => sum + each, 0) / xs.length;
  const apart = xs.length > 1 ? Math.abs(xs[0] - xs[1]) : 0;
  return { x, apart };
}

function regrip() {
  const [finger] = fingers.values();
  grip = finger ? { ...hold(), window: wanted, middle: place(finger) } : null;
}

picture.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  fingers.set(event.pointerId, event);
  if (fingers.size === 1) moved = false;
  regrip();
});

addEventListener("pointermove", (event) => {
  if (!fingers.has(event.pointerId) || !grip) return;
  fingers.set(event.pointerId, event);
  const now = hold();
  if (!moved && Math.abs(now.x - grip.x) < CLICK_PX && Math.abs(now.apart - grip.apart) < CLICK_PX) return;
  moved = true;
  picture.classList.add("drawn");
  const scale = grip.apart && now.apart ? grip.apart / now.apart : 1;
  const notes = length(grip.window) * scale;
  const along = ((grip.x - now.x) / picture.clientWidth) * notes;
  want(fitted(grip.window.first + (length(grip.window) - notes) * grip.middle + along, notes));
});

for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, (event) => {
    if (!fingers.delete(/** @type {PointerEvent} */ (event).pointerId)) return;
    picture.classList.remove("drawn");
    regrip();
  });
}

picture.addEventListener("dragstart", (event) => event.preventDefault());

/** @type {Record<string, () => void>} */
const KEYS = {
  ArrowLeft: () => turn(-0.25),
  ArrowRight: () => turn(0.25),
  "+": () => zoom(0.5, 0.5),
  "=": () => zoom(0.5, 0.5),
  "-": () => zoom(2, 0.5),
  Home: () => follow("ordered"),
  End: () => follow("whole"),
};

picture.addEventListener("keydown", (event) => {
  const deed = KEYS[event.key];
  if (!deed || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  deed();
});

/** @param {string} name The name of a link beside the picture. */
function follow(name) {
  const link = /** @type {HTMLAnchorElement | null} */ (line.querySelector(`[data-way=${name}]`));
  if (link) void show(link.href);
}

line.addEventListener(
  "click",
  (event) => {
    const link = /** @type {Element} */ (event.target).closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const way = link.getAttribute("data-way");
    const inPicture = picture.contains(link);
    if (!way && !inPicture) return;
    event.preventDefault();
    if (inPicture && moved) return; // a drag ends over some stretch or other
    clearTimeout(timer);
    void show(inPicture ? (link.getAttribute("href") ?? "") : /** @type {HTMLAnchorElement} */ (link).href, way ?? undefined);
  },
  true,
);
