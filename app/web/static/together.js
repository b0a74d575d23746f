/**
 * Shows what a form chooses while it is chosen: another picture of the note, what is wrong with it in words, and the picture
 * in its window by dragging. Without this, the button that keeps the choices shows the same.
 */

const form = /** @type {HTMLFormElement} */ (document.getElementById("choices"));
const front = /** @type {HTMLImageElement} */ (document.getElementById("front"));
const remarks = /** @type {HTMLElement} */ (document.getElementById("remarks"));
const SETTLE_MS = 200;
/** What of a drag moves the picture from one end to the other, in parts of the width of the note. */
const REACH = 0.3;

let timer = 0;
let isLoading = false;
let isStale = false;
/** @type {AbortController | null} */
let asking = null;

/** @returns {string} What is chosen now, but for what belongs to the form alone. */
function chosen() {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (name !== "csrf_token" && typeof value === "string") fields.set(name, value);
  }
  return fields.toString();
}

/** Ask for the picture of what is chosen; one at a time, and the last one always. */
function show() {
  if (isLoading) {
    isStale = true;
    return;
  }
  isLoading = true;
  isStale = false;
  front.classList.add("coming");
  front.src = `${form.dataset.front}?${chosen()}`;
  void tell();
}

function arrived() {
  isLoading = false;
  front.classList.remove("coming");
  if (isStale) show();
}

/** Say what is wrong. */
async function tell() {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(`${form.dataset.remarks}?${chosen()}`, { signal: asking.signal });
    const text = answer.ok ? await answer.text() : "";
    if (text && text !== remarks.innerHTML) remarks.innerHTML = text;
  } catch {
    // Another question took its place, or the network is away: the button still works.
  }
}

function soon() {
  clearTimeout(timer);
  timer = window.setTimeout(show, SETTLE_MS);
}

/** @param {string} name @returns {HTMLInputElement | null} A slide of the form. */
function slide(name) {
  return form.querySelector(`input[type=range][name=${name}]`);
}

/** @param {string} name @param {number} by In percent. */
function move(name, by) {
  const field = slide(name);
  if (field) field.value = String(Math.min(Math.max(Number(field.value) + by, 0), 100));
}

/** @type {{x: number, y: number} | null} */
let held = null;

if (slide("across")) {
  front.classList.add("draggable");
  front.draggable = false;
  front.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX, y: event.clientY };
    front.setPointerCapture(event.pointerId);
  });
  front.addEventListener("pointermove", (event) => {
    if (!held) return;
    const whole = front.clientWidth * REACH;
    const [across, down] = [((held.x - event.clientX) * 100) / whole, ((held.y - event.clientY) * 100) / whole];
    if (Math.abs(across) < 1 && Math.abs(down) < 1) return;
    move("across", Math.round(across));
    move("down", Math.round(down));
    held = { x: event.clientX, y: event.clientY };
    soon();
  });
  for (const end of ["pointerup", "pointercancel"]) front.addEventListener(end, () => (held = null));
}

front.addEventListener("load", arrived);
front.addEventListener("error", arrived);
form.addEventListener("input", soon);
