/** Scanners that type, by USB or Bluetooth: they are heard whichever element has the focus, and press nothing there. */

import { Keystrokes, PAUSE_MS, tokenIn } from "./keystrokes.js";

/**
 * @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field
 * @typedef {{field: Field, value: string, from: number | null, to: number | null}} Before a field as it was
 */

const NO_TEXT = new Set(["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"]);

/**
 * Hear scanners. What a person types into a field stays there; a whole token in a field is a scan, and is taken out of it.
 * @param {object} also
 * @param {(text: string) => void} also.onText what was scanned: a token in capitals, or whatever else a scanner typed
 * @param {() => boolean} also.isBusy while it says true, what is scanned is let go (and still presses nothing)
 * @returns {() => void} which ends it
 */
export function listen({ onText, isBusy }) {
  const ear = new Ear((text) => isBusy() || onText(text));
  const ended = new AbortController();
  const first = { capture: true, signal: ended.signal };
  window.addEventListener("keydown", (event) => ear.keyDown(event), first);
  window.addEventListener("keyup", (event) => ear.keyUp(event), first);
  window.addEventListener("beforeinput", (event) => ear.beforeInput(event), first);
  window.addEventListener("input", (event) => ear.input(event), first);
  return () => ended.abort();
}

class Ear {
  /** @param {(text: string) => void} onText */
  constructor(onText) {
    this._onText = onText;
    /** @type {Keystrokes<Before>} */
    this._strokes = new Keystrokes();
    /** @type {Set<string>} */
    this._swallowed = new Set();
    this._resting = 0;
  }

  /** @param {KeyboardEvent} event */
  keyDown(event) {
    if (event.isComposing || event.repeat) return;
    const { key, code, timeStamp: at } = event;
    const field = fieldOf(event.target);
    const isInField = field !== null && !(field instanceof HTMLSelectElement);
    const isChord = event.ctrlKey || event.metaKey || (event.altKey && !event.getModifierState("AltGraph"));
    const before = field ? asItIs(field) : undefined;
    const { isScanners, text, befores } = this._strokes.press({ key, code, at, isChord, isInField, before });
    if (isScanners) this._swallow(event);
    clearTimeout(this._resting);
    if (text === null) this._resting = window.setTimeout(() => this._tell(this._strokes.rest()), PAUSE_MS);
    putBack(befores);
    this._tell(text);
  }

  /** Some browsers press a button when the space bar comes up. @param {KeyboardEvent} event */
  keyUp(event) {
    if (this._swallowed.delete(event.code)) stop(event);
  }

  /** Scanners that are keyboards of a tablet put the whole text in at once. @param {InputEvent} event */
  beforeInput(event) {
    const found = event.cancelable && event.data && tokenIn(event.data);
    if (!found || !fieldOf(event.target)) return;
    stop(event);
    this._strokes.end(event.timeStamp);
    this._tell(found.token);
  }

  /** Where that could not be stopped, it is taken out. @param {Event} event */
  input(event) {
    const field = fieldOf(event.target);
    const found = field && !(field instanceof HTMLSelectElement) && tokenIn(field.value);
    if (!field || !found) return;
    this._strokes.end(event.timeStamp);
    field.value = found.rest;
    this._tell(found.token);
  }

  /** @param {KeyboardEvent} event */
  _swallow(event) {
    this._swallowed.add(event.code);
    stop(event);
  }

  /** @param {string | null} text */
  _tell(text) {
    if (text !== null) this._onText(text);
  }
}

/** @param {Event} event */
function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

/**
 * @param {EventTarget | null} target
 * @returns {Field | null} where letters go
 */
function fieldOf(target) {
  if (target instanceof HTMLInputElement) return NO_TEXT.has(target.type) ? null : target;
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement ? target : null;
}

/**
 * @param {Field} field
 * @returns {Before}
 */
function asItIs(field) {
  if (field instanceof HTMLSelectElement) return { field, value: field.value, from: null, to: null };
  return { field, value: field.value, from: field.selectionStart, to: field.selectionEnd };
}

/** @param {Before[]} befores the first of each field counts */
function putBack(befores) {
  /** @type {Set<Field>} */
  const done = new Set();
  for (const { field, value, from, to } of befores) {
    if (done.has(field)) continue;
    done.add(field);
    if (field.value === value) continue;
    field.value = value;
    if (from !== null && !(field instanceof HTMLSelectElement)) field.setSelectionRange(from, to);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (field instanceof HTMLSelectElement) field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
