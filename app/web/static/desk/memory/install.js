/** The service worker, as the page sees it. */

import { alive } from "./locks.js";

const WORKER = "/desk/worker.js";
const SCOPE = "/desk";
/** How long a start waits for a new edition to take over. */
const TAKING_OVER_MS = 3_000;
/** The browser may still count a page that was closed, or this very one before it was loaded again, for a moment. */
const LOOKS = 5;
const LOOK_EVERY_MS = 100;

/**
 * At the start of the page, before anybody uses it: let an edition that was fetched meanwhile take over, and load the page
 * again in it. Resolves when there is none, or when it may not: another page of the desk is open.
 * @param {string} page the id of this page
 */
export async function renew(page) {
  const registration = await navigator.serviceWorker?.getRegistration(SCOPE);
  if (!registration?.waiting || !navigator.serviceWorker.controller) return;
  if (!(await isAlone(page))) return;
  const taken = new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", () => resolve(true), { once: true }));
  const late = new Promise((resolve) => setTimeout(() => resolve(false), TAKING_OVER_MS));
  registration.waiting.postMessage({ start: true });
  if (!(await Promise.race([taken, late]))) return;
  location.reload();
  await new Promise(() => {});
}

/** @param {string} page @returns {Promise<boolean>} whether no other page of the desk is open */
async function isAlone(page) {
  for (let look = 1; look < LOOKS; look += 1) {
    if ((await alive(page)).size === 1) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return (await alive(page)).size === 1;
}

/** Have the page kept, so that it opens without network; and let the worker know in which language. */
export async function install() {
  if (!navigator.serviceWorker) return; // a page that did not come by https
  try {
    await navigator.serviceWorker.register(WORKER, { scope: SCOPE, updateViaCache: "none" });
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage({ language: document.documentElement.lang });
  } catch {
    // no network, or the disk is full: the page works as it is, and the next start tries again
  }
}
