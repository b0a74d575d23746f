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

/**
 * @typedef {object} Line of a list
 * @property {string} key what it stands for
 * @property {string} look all that changes how it is drawn
 * @property {() => HTMLElement} draw
 */

/**
 * Show a list as it is now. A line that looks as before stays the very element that it was: what is open in it stays open, and
 * the keyboard stays where it is. A line that is drawn anew keeps the keyboard on the same button; where it is gone, the
 * keyboard goes to the page's content, so that no key is taken for another line.
 * @param {HTMLElement} list
 * @param {Line[]} lines
 */
export function relist(list, lines) {
  const before = new Map(elementsOf(list).map((element) => [element.dataset.key, element]));
  const holder = elementsOf(list).find((element) => element.contains(document.activeElement));
  const place = holder ? pressable(holder).indexOf(/** @type {HTMLElement} */ (document.activeElement)) : -1;
  const now = lines.map(({ key, look, draw }) => {
    const element = before.get(key)?.dataset.look === look ? /** @type {HTMLElement} */ (before.get(key)) : draw();
    Object.assign(element.dataset, { key, look });
    return element;
  });
  for (const element of before.values()) if (!now.includes(element)) element.remove();
  for (const [index, element] of now.entries()) {
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
  }
  if (holder && !holder.contains(document.activeElement)) {
    const again = now.find((element) => element.dataset.key === holder.dataset.key);
    ((again && pressable(again)[place]) ?? part("main")).focus({ preventScroll: true });
  }
}

/** @param {HTMLElement} list */
const elementsOf = (list) => /** @type {HTMLElement[]} */ ([...list.children]);

/** @param {HTMLElement} element @returns {HTMLElement[]} what the keyboard can reach in it */
const pressable = (element) => [...element.querySelectorAll("button, select, summary, a")].map((each) => /** @type {HTMLElement} */ (each));
