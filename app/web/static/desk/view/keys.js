// @ts-check
/** The two keys of the desk: Enter accepts, Esc clears. A scanner's own Enter is no person's. */

/** The Enter of a scanner that typed a note comes within this time. */
const SCANNERS_ENTER_MS = 400;
const OWN_ENTER = "button, a, summary, select, textarea, input:not([type=radio]):not([type=checkbox]):not([type=range])";

/**
 * @param {{onEnter: () => void, onEscape: () => void, typedAt: () => number}} also `typedAt`: when a scanner typed last,
 *   in milliseconds of `performance.now()`
 */
export function listenToKeys({ onEnter, onEscape, typedAt }) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.key === "Escape" && !target.matches("select")) onEscape();
    if (event.key !== "Enter") return;
    if (performance.now() - typedAt() < SCANNERS_ENTER_MS) event.preventDefault();
    else if (!target.closest(OWN_ENTER)) onEnter();
  });
}
