/**
 * The service as a desk calls it: one function a call, and for each call one of four ends, which decide whether notes may
 * have been spent.
 *
 * - an *answer*: what it gives back;
 * - a `Refusal`: the service itself said that it did nothing (it can only say that in its own problem details);
 * - `Closed`: the same, because the books were restored and wait to be reopened;
 * - `NoAnswer`: anything else. Nobody knows whether the call arrived. The page of a captive portal is one of these.
 */

/** How long a person at the counter is kept waiting. */
export const COUNTER_MS = 4_000;
/** Journals are entered visit by visit, and snapshots come over the line of a village hall. */
const PATIENT_MS = 120_000;
/** How long a desk waits for what it only asks about itself. */
const ASIDE_MS = 15_000;

/** @typedef {import("../types.js").About} About */
/** @typedef {import("../types.js").NoteAnswer} NoteAnswer */
/** @typedef {{id: string, outcome: "accepted" | "refused", reason: string | null, hours: number, notes: NoteAnswer[]}} Said */
/** @typedef {{notes: string[], offer: number | null, scanned_at: string, offline: boolean, practice: boolean}} Body the body of a visit */

/** No answer came, or none of the service's own. */
export class NoAnswer extends Error {
  /** @param {number | null} [retryAfterSeconds] when to ask again, where somebody said it */
  constructor(retryAfterSeconds = null) {
    super("no answer from the service");
    this.name = "NoAnswer";
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The service did nothing, and says so. */
export class Refusal extends Error {
  /**
   * @param {number} status of HTTP: 400 to 499
   * @param {number | null} [retryAfterSeconds]
   */
  constructor(status, retryAfterSeconds = null) {
    super(`refused with ${status}`);
    this.name = "Refusal";
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The books are closed to redemption: nothing was done. */
export class Closed extends NoAnswer {
  /** @param {number | null} [retryAfterSeconds] */
  constructor(retryAfterSeconds = null) {
    super(retryAfterSeconds);
    this.name = "Closed";
  }
}

/**
 * Spend the notes of a visit. Throws NoAnswer, Refusal, Closed.
 * @param {string} id
 * @param {Body} body
 * @param {number} [mostMs]
 * @returns {Promise<Said>}
 */
export async function redeem(id, body, mostMs = COUNTER_MS) {
  const said = await call("PUT", `redemptions/${id}`, { body, mostMs });
  return isOfVisit(said, id, body.notes.length) ? said : noAnswer();
}

/**
 * Judge notes without spending. Throws NoAnswer, Refusal.
 * @param {string[]} notes
 * @returns {Promise<NoteAnswer[]>}
 */
export async function check(notes) {
  const said = await call("POST", "checks", { body: { notes }, mostMs: COUNTER_MS });
  return areNotes(said.notes, notes.length) ? said.notes : noAnswer();
}

/**
 * What became of a visit of this venue, whichever of its desks made it. Throws NoAnswer, Refusal.
 * @param {string} id
 * @returns {Promise<Said & {reversed_at: string | null}>}
 */
export async function became(id) {
  const said = await call("GET", `redemptions/${id}`, { mostMs: ASIDE_MS });
  return isOfVisit(said, id, null) ? said : noAnswer();
}

/**
 * This desk and its venue. Throws NoAnswer, Refusal.
 * @param {number} [mostMs]
 * @returns {Promise<About>}
 */
export async function about(mostMs = ASIDE_MS) {
  const said = await call("GET", "desk", { mostMs });
  return Number.isInteger(said.venue?.id) && Array.isArray(said.offers) && said.policy ? said : noAnswer();
}

/**
 * What is known of all notes: the whole, or what changed since a cursor. Throws NoAnswer, Refusal (410: take the whole).
 * @param {string | null} since
 * @returns {Promise<Record<string, any>>} with a `cursor`
 */
export async function snapshot(since) {
  const query = since === null ? "" : `?since=${encodeURIComponent(since)}`;
  const said = await call("GET", `desk/snapshot${query}`, { mostMs: PATIENT_MS });
  return typeof said.cursor === "string" && said.redeemed ? said : noAnswer();
}

/**
 * Hand over what was done while apart, in its order. Throws NoAnswer, Refusal.
 * @param {Record<string, any>[]} entries
 * @param {number} [mostMs]
 * @returns {Promise<Record<string, any>[]>} an answer for each entry, in the same order
 */
export async function batch(entries, mostMs = PATIENT_MS) {
  const { answers } = await call("POST", "redemptions/batch", { body: { entries }, mostMs });
  const fits = Array.isArray(answers) && answers.length === entries.length;
  return fits && answers.every((each, n) => each?.id === entries[n].id) ? answers : noAnswer();
}

/**
 * Whether redemption is open again, as far as the service says so.
 * @returns {Promise<boolean>}
 */
export async function isOpen() {
  try {
    const response = await fetch("/readyz", { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(ASIDE_MS) });
    return (await response.json()).redemption === "open";
  } catch {
    return false;
  }
}

/**
 * What every call hears: "answer" from the service itself, with its time and this desk's (milliseconds), "closed" when its books
 * are, and "silence" when nothing of it came.
 */
export const heard = new EventTarget();

/**
 * @param {string} method
 * @param {string} path below `/api/v1`
 * @param {{body?: object, mostMs: number}} how
 * @returns {Promise<any>} the JSON of the answer
 */
async function call(method, path, { body, mostMs }) {
  const askedAt = performance.now();
  let response, said;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method, credentials: "same-origin", cache: "no-store", redirect: "error",
      headers: body ? { "Content-Type": "application/json" } : {},
      body: body && JSON.stringify(body), signal: AbortSignal.timeout(mostMs),
    }); // prettier-ignore
    said = await jsonOf(response);
  } catch {
    return silence(null);
  }
  return sorted(response, said, performance.now() - askedAt);
}

/** @param {number | null} retryAfter @returns {never} */
function silence(retryAfter) {
  heard.dispatchEvent(new Event("silence"));
  throw new NoAnswer(retryAfter);
}

/**
 * @param {Response} response
 * @param {any} said null where it is no JSON object
 * @param {number} tookMs
 * @returns {any}
 */
function sorted(response, said, tookMs) {
  const retryAfter = seconds(response.headers.get("Retry-After"));
  const is = response.headers.get("Content-Type") ?? "";
  const isOurs = said !== null && (response.ok || (is.startsWith("application/problem+json") && said.status === response.status));
  const isClosed = isOurs && response.status === 503 && said.reason === "closed";
  if (!isOurs || (response.status >= 500 && !isClosed)) return silence(retryAfter);
  tell(response, tookMs);
  if (response.ok) return said;
  if (isClosed) heard.dispatchEvent(new Event("closed"));
  if (isClosed) throw new Closed(retryAfter);
  throw new Refusal(response.status, retryAfter);
}

/**
 * @param {Response} response
 * @returns {Promise<any>} an object, or null for what is no JSON object of a service
 */
async function jsonOf(response) {
  const text = await response.text(); // an answer that breaks off is none: its error goes to the caller
  if (!/^application\/(problem\+)?json\b/.test(response.headers.get("Content-Type") ?? "")) return null;
  try {
    const said = JSON.parse(text);
    return typeof said === "object" && !Array.isArray(said) ? said : null;
  } catch {
    return null;
  }
}

/**
 * @param {Response} response
 * @param {number} tookMs
 */
function tell(response, tookMs) {
  const serviceMs = Date.parse(response.headers.get("Date") ?? "");
  heard.dispatchEvent(new CustomEvent("answer", { detail: { serviceMs, deskMs: Date.now(), tookMs } }));
}

/**
 * @param {any} said
 * @param {string} id
 * @param {number | null} many notes, null for any number
 * @returns {boolean}
 */
function isOfVisit(said, id, many) {
  return said.id === id && ["accepted", "refused"].includes(said.outcome) && areNotes(said.notes, many);
}

/**
 * @param {any} notes
 * @param {number | null} many
 * @returns {boolean}
 */
function areNotes(notes, many) {
  return Array.isArray(notes) && (many === null || notes.length === many)
    && notes.every((note) => typeof note?.verdict === "string");
}

/**
 * @param {string | null} text of a Retry-After: seconds, or an HTTP date
 * @returns {number | null}
 */
function seconds(text) {
  if (text === null) return null;
  const found = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(found) ? Math.max(1, Math.ceil(found)) : null;
}

/** @returns {never} */
function noAnswer() {
  throw new NoAnswer();
}
