// @ts-check
import * as serials from "../rules/serial.js";
import * as tokens from "../rules/token.js";
import { made, part } from "./draw.js";

/** The field for a serial that is typed by hand, for a note whose code is torn; what is wrong with it is explained. */

const GROUPS = /^(.{0,5})(.{0,7})(.*)$/;

/**
 * @param {import("./words.js").Words} words
 * @param {{onText: (text: string) => void}} also
 */
export function listenToTyping(words, { onText }) {
  /** @type {HTMLInputElement} */
  const field = part("serial");
  const fault = part("serial-fault");
  part("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    const wrong = faultOf(text);
    field.setAttribute("aria-invalid", String(wrong !== null));
    fault.replaceChildren(...(wrong ? explained(words, wrong, text) : []));
    if (wrong) return field.select();
    field.value = "";
    onText(text);
  });
  field.addEventListener("input", () => {
    fault.replaceChildren();
    field.removeAttribute("aria-invalid");
  });
}

/**
 * @param {string} text
 * @returns {string | null} `length`, `shape`, `check`, or null for a serial or a whole token
 */
function faultOf(text) {
  if (tokens.TOKEN.test(text)) return null;
  try {
    serials.parse(text);
    return null;
  } catch (unreadable) {
    return /** @type {{word?: string}} */ (unreadable).word ?? "shape";
  }
}

/**
 * @param {import("./words.js").Words} words
 * @param {string} fault
 * @param {string} text
 */
function explained(words, fault, text) {
  const bare = text.toUpperCase().replace(/[\s-]+/g, "");
  const said = (words.table.serial[fault] ?? "").replace("{count}", String(bare.length));
  const parts = [made("p", {}, said)];
  if (fault !== "check") return parts;
  const groups = (GROUPS.exec(bare) ?? []).slice(1).filter(Boolean);
  return [...parts, made("p", { class: "serial-groups" }, ...groups.map((group) => made("span", {}, group)))];
}
