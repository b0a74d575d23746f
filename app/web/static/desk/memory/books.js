/**
 * What this browser keeps for the desk, in IndexedDB: the journal and a few records beside it. All tabs share them. A write
 * is done when it is on disk (`durability: "strict"`): a killed page or a lost battery forgets nothing that was shown.
 */

const NAME = "hournote-desk";
const VERSION = 1;
/** An open that takes longer will not end: some browsers never answer on a damaged profile. */
const OPEN_MS = 10_000;

/** Of the journal; `open` and `notice` stand on few entries only, so that those are found without a look at the others. */
export const JOURNAL = "journal";
/** Single records by name: `about`, `clock`, `knowledge`, `told`. */
export const KEPT = "kept";

/** Nothing can be kept: the disk is full, the browser is private, or its storage was cleared or is damaged. */
export class DiskGone extends Error {
  /** @param {unknown} [cause] */
  constructor(cause) {
    super("the browser's storage cannot be used", { cause });
    this.name = "DiskGone";
  }
}

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

/**
 * Read from the books. `work` may await nothing but requests of the transaction (`asked`). Throws DiskGone.
 * @template T
 * @param {(stores: Stores) => Promise<T>} work
 * @returns {Promise<T>}
 */
export function read(work) {
  return within("readonly", work);
}

/**
 * Change the books: all of it is on disk when this resolves, or none of it is there. Throws DiskGone, and what `work` throws.
 * @template T
 * @param {(stores: Stores) => Promise<T>} work
 * @returns {Promise<T>}
 */
export function write(work) {
  return within("readwrite", work);
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new DiskGone(request.error));
  });
}

/** @typedef {{journal: IDBObjectStore, kept: IDBObjectStore}} Stores */

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(stores: Stores) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function within(mode, work) {
  const transaction = await begun(mode);
  const stores = { journal: transaction.objectStore(JOURNAL), kept: transaction.objectStore(KEPT) };
  const ended = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(undefined);
    transaction.onabort = () => reject(new DiskGone(transaction.error));
  });
  ended.catch(() => {}); // told by `work` where that failed first
  let done;
  try {
    done = await work(stores);
  } catch (error) {
    abort(transaction);
    throw error instanceof DOMException ? new DiskGone(error) : error;
  }
  await ended;
  return done;
}

/**
 * @param {IDBTransactionMode} mode
 * @returns {Promise<IDBTransaction>} on a new connection, where the one before is gone
 */
async function begun(mode) {
  for (let again = false; ; again = true) {
    const database = await (opened ??= open());
    try {
      return database.transaction([JOURNAL, KEPT], mode, { durability: "strict" });
    } catch (error) {
      opened = null;
      if (again) throw new DiskGone(error);
    }
  }
}

/** @param {IDBTransaction} transaction */
function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // it is over already
  }
}

/** @returns {Promise<IDBDatabase>} */
function open() {
  /** @type {Promise<IDBDatabase>} */
  const opening = new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => draw(request.result);
    request.onsuccess = () => resolve(attended(request.result));
    request.onerror = () => reject(new DiskGone(request.error));
    setTimeout(() => reject(new DiskGone()), OPEN_MS);
  });
  return opening.catch((error) => {
    opened = null;
    throw error instanceof DiskGone ? error : new DiskGone(error);
  });
}

/** @param {IDBDatabase} database of version 0 */
function draw(database) {
  const journal = database.createObjectStore(JOURNAL, { keyPath: "order", autoIncrement: true });
  journal.createIndex("deed", ["id", "type"], { unique: true });
  for (const name of ["open", "notice", "at", "answeredAt"]) journal.createIndex(name, name);
  journal.createIndex("serials", "serials", { multiEntry: true });
  database.createObjectStore(KEPT);
}

/**
 * @param {IDBDatabase} database
 * @returns {IDBDatabase} one that gives way to a newer page, and is opened again when the browser closed it
 */
function attended(database) {
  database.onversionchange = () => {
    database.close();
    opened = null;
  };
  database.onclose = () => (opened = null);
  return database;
}
