// @ts-check
/**
 * The service worker of the desk page: it keeps one whole edition of the page, every file of it checked, and answers with that
 * before any network. The service puts `self.edition` before this text.
 *
 * A new edition is fetched beside the old one and takes its place at a start of the page, when no other page of the desk is
 * open: no page ever gets parts of two, and none changes in the middle of a visit. What the desk asks of the service, and
 * whatever changes anything, goes past this worker.
 */

/** @typedef {{version: string, files: Record<string, string>, languages: string[]}} Edition */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const { version, files, languages } = /** @type {Edition} */ (/** @type {any} */ (self).edition);

const PREFIX = "hournote-desk-";
const HERE = PREFIX + version;
/** In which language the page was asked for last; it outlives editions. */
const LANGUAGE = "hournote-language";
const PAGE = "/desk";

worker.addEventListener("install", (event) => event.waitUntil(fill()));
worker.addEventListener("activate", (event) => event.waitUntil(settle()));
worker.addEventListener("message", (event) => event.waitUntil(hear(event.data)));
worker.addEventListener("fetch", (event) => {
  const { origin, pathname, search, searchParams } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== worker.location.origin) return;
  if (event.request.mode === "navigate") {
    if (pathname === PAGE) event.respondWith(page(event.request, searchParams.get("lang"), (more) => event.waitUntil(more)));
  } else if (pathname + search in files) {
    event.respondWith(kept(pathname + search, event.request));
  }
});

/** Fetch the whole edition; the browser refuses a file of another one (`integrity`), and then all of it is fetched later. */
async function fill() {
  const cache = await caches.open(HERE);
  await Promise.all(Object.entries(files).map(([address, digest]) => fetchInto(cache, address, digest)));
}

/** @param {Cache} cache @param {string} address @param {string} digest */
async function fetchInto(cache, address, digest) {
  const response = await fetch(address, {
    integrity: `sha256-${digest}`, cache: "no-cache", credentials: "omit", redirect: "error",
  }); // prettier-ignore
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  await cache.put(address, response);
}

/** Let go of older editions. */
async function settle() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== HERE).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/**
 * @param {{language?: string, start?: boolean}} told by a page: its language; that it starts and is the only one, so that this
 *   edition may take the place of the one before
 */
async function hear({ language, start }) {
  if (language && languages.includes(language)) await remember(language);
  if (start) await worker.skipWaiting();
}

/**
 * @param {Request} request
 * @param {string | null} asked a language, in the address
 * @param {(more: Promise<unknown>) => void} also what goes on after the answer
 * @returns {Promise<Response>} the desk page
 */
async function page(request, asked, also) {
  const language = asked && languages.includes(asked) ? asked : null;
  if (language) {
    await remember(language);
    also(fetch(`/desk/manifest.webmanifest?lang=${language}`).catch(() => {})); // the service remembers it in a cookie
  }
  return kept(`/desk/shell/${language ?? (await spoken())}`, request);
}

/**
 * @param {string} address
 * @param {Request} request
 * @returns {Promise<Response>} what is kept, or, where the browser has thrown it away, what the network says
 */
async function kept(address, request) {
  const cache = await caches.open(HERE);
  return (await cache.match(address, { ignoreVary: true })) ?? fetch(request);
}

/** @param {string} language */
async function remember(language) {
  const cache = await caches.open(LANGUAGE);
  await cache.put("/", new Response(language));
}

/** @returns {Promise<string>} the language of the page */
async function spoken() {
  const cache = await caches.open(LANGUAGE);
  const told = await (await cache.match("/", { ignoreVary: true }))?.text();
  return told ?? (worker.navigator.language.startsWith("cy") ? "cy" : "en");
}
