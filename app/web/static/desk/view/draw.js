// @ts-check
/** Elements made by name; text is only ever text. */

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T} the element of the page with this id
 */
export function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no part ${id}.`);
  return /** @type {T} */ (found);
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function made(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/**
 * @param {string} text
 * @param {() => unknown} onPress
 * @param {Record<string, string>} [attributes]
 * @returns {HTMLButtonElement}
 */
export function button(text, onPress, attributes = {}) {
  const made_ = made("button", { type: "button", ...attributes }, text);
  made_.addEventListener("click", () => onPress());
  return made_;
}

/**
 * @param {string} shape `tick`, `ring`, `open`, `triangle` or `cross`
 * @returns {Node} its drawing
 */
export function mark(shape) {
  /** @type {HTMLTemplateElement} */
  const template = part(`mark-${shape}`);
  return template.content.cloneNode(true);
}

/**
 * Change the text of an element that is read aloud only where it differs, so that nothing is said twice.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function tell(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
