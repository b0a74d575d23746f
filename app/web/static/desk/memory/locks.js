/** Tabs of one desk among each other: one courier at a time, and which pages are alive. Pages without https have no locks. */

const COURIER = "hournote-courier";
const PAGE = "hournote-page:";

/** @type {Promise<unknown>} */
let here = Promise.resolve();

/**
 * Do something that no two tabs may do at once.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export function alone(work) {
  if (navigator.locks) return /** @type {Promise<T>} */ (navigator.locks.request(COURIER, work));
  const done = here.then(work, work);
  here = done.catch(() => {});
  return done;
}

/** @returns {string} the id of this page, known to the others as alive until it is gone */
export function live() {
  const id = crypto.randomUUID();
  navigator.locks?.request(PAGE + id, () => new Promise(() => {})).catch(() => {});
  return id;
}

/**
 * @param {string} me
 * @returns {Promise<Set<string>>} the ids of the pages that are alive
 */
export async function alive(me) {
  const held = (await navigator.locks?.query())?.held ?? [];
  const names = held.map((lock) => lock.name ?? "").filter((name) => name.startsWith(PAGE));
  return new Set([me, ...names.map((name) => name.slice(PAGE.length))]);
}
