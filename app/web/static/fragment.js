/**
 * Takes the secret of a one-time link out of the address, where no server and no log sees it, into the form's field.
 */

/** @type {HTMLFormElement | null} */
const form = document.querySelector("form[data-fragment]");
const secret = location.hash.slice(1);

if (form && secret && secret !== "main") {
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem(form.dataset.fragment ?? ""));
  field.value = secret;
  form.querySelector("[data-fragment-field]")?.setAttribute("hidden", "");
  form.querySelector("[data-fragment-taken]")?.removeAttribute("hidden");
  for (const language of document.querySelectorAll("a[hreflang]")) {
    /** @type {HTMLAnchorElement} */ (language).hash = secret; // else the link would have to be opened again
  }
  history.replaceState(null, "", location.pathname + location.search);
}
