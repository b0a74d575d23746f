/**
 * The desk page: keeps the field ready for a scanner, sends a whole token by itself, gathers several notes, asks again
 * with the same visit when no answer came, and clears the answer after a while. Without this script the page does the
 * same by the Enter key and the buttons, one page after another.
 */

/** A whole token; a scanner that sends no Enter has then sent everything. */
const TOKEN = /^https?:\/\/[a-z0-9.-]{1,253}(:[0-9]{1,5})?\/n\/([a-z0-9]{13})[a-z2-7]{103}$/i;
/** Time in which a scanner's own Enter may still come. */
const ENTER_WAIT_MS = 250;
const ANSWER_WAIT_MS = 15_000;
const AGAIN_AFTER_MS = 2_000;

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T}
 */
const part = (id) => /** @type {T} */ (document.getElementById(id));

/** @type {HTMLFormElement} */
const form = part("scan");
/** @type {HTMLInputElement} */
const field = part("note");
/** @type {HTMLDetailsElement} */
const several = part("several");
/** @type {HTMLTextAreaElement} */
const lines = part("notes");
const basket = part("basket");
const progress = part("progress");
const answers = part("answers");
const visits = part("visits");

/** @type {string[]} the gathered notes */
let notes = [];
let sending = false;
/** @type {URLSearchParams | null} the visit that was given a new CSRF token */
let renewed = null;
let entering = 0;
let clearing = 0;

/** @returns {number} the price in hours of the chosen offer */
function price() {
  /** @type {HTMLInputElement | null} */
  const chosen = form.querySelector("input[name=offer]:checked");
  return Number(chosen?.dataset.price ?? "1");
}

/** @returns {boolean} whether notes are gathered before they are sent */
function gathers() {
  return several.open || price() > 1;
}

/**
 * @param {string} text what was scanned or typed
 * @returns {string} its serial as people read it
 */
function serialOf(text) {
  const bare = (TOKEN.exec(text)?.[2] ?? text).toUpperCase().replace(/[\s-]+/g, "");
  return bare.length === 13 ? `${bare.slice(0, 5)} ${bare.slice(5, 12)} ${bare.slice(12)}` : bare.slice(0, 20);
}

/**
 * @param {string | undefined} text
 * @param {Record<string, string | number>} values
 * @returns {string} the text with its {names} filled in
 */
function filled(text, values) {
  return (text ?? "").replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Show the gathered notes, and how many of how many. */
function draw() {
  lines.value = notes.join("\n");
  basket.replaceChildren(...notes.map(line));
  basket.hidden = notes.length === 0;
  const said = price() > 1 ? form.dataset.progress : notes.length > 0 ? form.dataset.several : "";
  progress.textContent = filled(said, { count: notes.length, price: price() });
}

/**
 * @param {string} note
 * @returns {HTMLLIElement} a gathered note, with a button to take it out
 */
function line(note) {
  const name = document.createElement("span");
  name.className = "serial";
  name.textContent = serialOf(note);
  const out = document.createElement("button");
  out.type = "button";
  out.className = "quiet-button";
  out.textContent = form.dataset.out ?? "";
  out.setAttribute("aria-label", `${out.textContent} ${name.textContent}`);
  out.addEventListener("click", () => {
    notes = notes.filter((other) => other !== note);
    draw();
    field.focus();
  });
  const item = document.createElement("li");
  item.append(name, out);
  return item;
}

/** Put the scanned note with the others, and send them once they come to the price. */
function gather() {
  const note = field.value.trim();
  field.value = "";
  if (!note) return;
  if (notes.some((other) => serialOf(other) === serialOf(note))) {
    progress.textContent = form.dataset.twice ?? "";
    return;
  }
  notes.push(note);
  several.open = true;
  draw();
  if (price() > 1 && notes.length === price()) send(form.action);
}

/** Take what is in the field. */
function take() {
  clearTimeout(entering);
  if (sending) return;
  if (gathers() && field.value.trim()) gather();
  else send(form.action);
}

/**
 * Send the visit, and again with the same id until there is an answer: the service answers a repeat as it did at first.
 * @param {string} address
 */
async function send(address) {
  if (sending) return;
  sending = true;
  const visit = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  field.value = "";
  field.readOnly = true;
  progress.textContent = form.dataset.asking ?? "";
  let answer = await ask(address, visit);
  while (!answer) {
    progress.textContent = form.dataset.again ?? "";
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    answer = await ask(address, visit);
  }
  field.readOnly = false;
  sending = false;
  show(answer);
}

/**
 * @param {string} address
 * @param {URLSearchParams} visit
 * @returns {Promise<Document | null>} the page of the answer, or null when the service can't be reached or can't answer now
 */
async function ask(address, visit) {
  try {
    const response = await fetch(address, { method: "POST", body: visit, signal: AbortSignal.timeout(ANSWER_WAIT_MS) });
    if (response.status >= 500 || response.status === 429) return null;
    if (response.status === 400 && (await renew(visit))) return null;
    return new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return null;
  }
}

/**
 * A page left open overnight has outlived its session: give the visit the CSRF token of a new one.
 * @param {URLSearchParams} visit
 * @returns {Promise<boolean>} whether there was one, so that the visit can be sent again
 */
async function renew(visit) {
  if (renewed === visit) return false; // once: whatever else is wrong, another token does not mend
  const answer = await fetch("/desk", { signal: AbortSignal.timeout(ANSWER_WAIT_MS) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  renewed = visit;
  /** @type {HTMLInputElement | null} */
  const token = page.querySelector("#scan input[name=csrf_token]");
  visit.set("csrf_token", token?.value ?? "");
  return token !== null;
}

/**
 * Show the answer, and make the form ready for the next visit.
 * @param {Document} page
 */
function show(page) {
  const next = page.getElementById("scan");
  if (!next) {
    location.assign("/desk"); // no longer a desk, or the page is too old
    return;
  }
  for (const name of ["redemption", "csrf_token"]) {
    /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value =
      /** @type {HTMLInputElement | null} */ (next.querySelector(`input[name=${name}]`))?.value ?? "";
  }
  answers.replaceChildren(...(page.getElementById("answers")?.children ?? []));
  visits.replaceChildren(...(page.getElementById("visits")?.children ?? []));
  document.title = page.title;
  if (answers.querySelector(".good:not(.asked)")) {
    notes = [];
    several.open = false;
  }
  draw();
  arm();
  field.focus();
  scrollTo({ top: 0 });
}

/** Let the answer clear itself, unless somebody keeps it. */
function arm() {
  clearTimeout(clearing);
  /** @type {HTMLElement | null} */
  const answer = answers.querySelector(".answer");
  const keep = answer?.querySelector("button");
  const seconds = Number(answer?.dataset.clearSeconds ?? "0");
  if (!answer || !keep || seconds <= 0) return;
  clearing = window.setTimeout(() => answer.remove(), seconds * 1000);
  keep.hidden = false;
  keep.addEventListener("click", () => {
    clearTimeout(clearing);
    keep.remove();
    field.focus();
  });
}

/** @returns {boolean} whether nobody is using a control or marking text */
function isIdle() {
  const focused = document.activeElement;
  return (focused === document.body || focused?.id === "main") && String(getSelection()) === "";
}

field.addEventListener("input", () => {
  clearTimeout(entering);
  if (TOKEN.test(field.value.trim())) entering = window.setTimeout(take, ENTER_WAIT_MS);
});

field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  take();
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(entering);
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  send(button?.hasAttribute("formaction") ? button.formAction : form.action);
});

form.addEventListener("change", (event) => {
  if (!(event.target instanceof HTMLInputElement) || event.target.name !== "offer") return;
  draw();
  if (price() > 1 && notes.length === price()) send(form.action);
});

// What a scanner types goes into the field, wherever the focus was.
document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const types = target.matches("input:not([type=radio]), textarea, select");
  const printable = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (printable && !types) field.focus();
});
window.addEventListener("focus", () => {
  if (isIdle()) field.focus();
});
document.addEventListener("pointerup", () => {
  window.setTimeout(() => {
    if (isIdle()) field.focus();
  }, 0);
});

// A page that comes back out of the browser's memory may have been used: take a fresh one.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace("/desk");
});

// A visit is known to this page alone until its answer is here.
window.addEventListener("beforeunload", (event) => {
  if (sending) event.preventDefault();
});

lines.hidden = true;
part("notes-hint").hidden = true;
draw();
arm();
field.focus();
