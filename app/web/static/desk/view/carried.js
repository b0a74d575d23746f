// @ts-check
/** The basket over a reload or a change of the language: kept in this window alone, for a moment, and then forgotten. */

const KEY = "hournote.desk.basket";
const LONGEST_MS = 15 * 60_000;

/** @param {() => {texts: string[], mode: string}} present */
export function carry(present) {
  window.addEventListener("pagehide", (event) => {
    const { texts, mode } = present();
    if (event.persisted || (!texts.length && mode === "visit")) return;
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ at: Date.now(), texts, mode }));
    } catch {
      // a window that may keep nothing begins again
    }
  });
}

/** @returns {{texts: string[], mode: string} | null} what this window had a moment ago */
export function carried() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    sessionStorage.removeItem(KEY);
    return kept && Date.now() - kept.at < LONGEST_MS ? kept : null;
  } catch {
    return null;
  }
}
