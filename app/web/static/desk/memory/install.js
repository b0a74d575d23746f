/** The service worker, as the page sees it. */

const WORKER = "/desk/worker.js";
const SCOPE = "/desk";
/** How long a start waits for a new edition to take over. */
const TAKING_OVER_MS = 3_000;

/**
 * At the start of the page, before anybody uses it: let an edition that was fetched meanwhile take over, and load the page
 * again in it. Resolves when there is none, or when it may not: another page of the desk is open.
 */
export async function renew() {
  const registration = await navigator.serviceWorker?.getRegistration(SCOPE);
  if (!registration?.waiting || !navigator.serviceWorker.controller) return;
  const taken = new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", () => resolve(true), { once: true }));
  const late = new Promise((resolve) => setTimeout(() => resolve(false), TAKING_OVER_MS));
  registration.waiting.postMessage({ start: true });
  if (!(await Promise.race([taken, late]))) return;
  location.reload();
  await new Promise(() => {});
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
