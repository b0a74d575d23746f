/** The button of the camera, which opens a live picture and puts each code that is read where the page wants it. */

import { Eye } from "../desk/eyes/eye.js";
import { CameraTrouble } from "../desk/eyes/trouble.js";
import { Sound } from "../desk/view/sound.js";
import { filled } from "../desk/view/words.js";
import { codeOf } from "./code.js";
import { placeOf } from "./places.js";

/**
 * @typedef {object} Words
 * @property {string} language
 * @property {Record<string, string>} trouble by word
 * @property {Record<string, string>} sentences
 * @property {Record<string, string>} so_far a text for each category of `Intl.PluralRules`
 */

/** How a code is outlined for what became of it. */
const MARKS = {
  added: { family: "good", shape: "tick", word: "short_added" },
  twice: { family: "attention", shape: "triangle", word: "short_twice" },
  no: { family: "no", shape: "cross", word: "short_no" },
};

class Box {
  /** @param {HTMLElement} root */
  constructor(root) {
    this._root = root;
    /** @type {HTMLDialogElement} */ this._dialog = this._part("dialog");
    /** @type {HTMLVideoElement} */ const video = this._part("video");
    /** @type {HTMLCanvasElement} */ const canvas = this._part("canvas");
    /** @type {HTMLSelectElement} */ this._choice = this._part(".camera-choice select");
    /** @type {Words} */ this._words = JSON.parse(this._part(".camera-words").textContent ?? "{}");
    this._plural = new Intl.PluralRules(this._words.language);
    this._sound = new Sound({ sound: true, volume: 70 });
    this._eye = new Eye({ video, canvas });
    this._place = this._placed();
    /** @type {string[]} */ this._news = [];
    this._wire();
    root.hidden = false;
  }

  _placed() {
    return placeOf(/** @type {HTMLElement} */ (document.getElementById(this._root.dataset.into ?? "")), {
      needsWhole: this._takes === "notes",
      sends: this._root.hasAttribute("data-sends"),
    });
  }

  get _takes() {
    return this._root.dataset.takes;
  }

  _wire() {
    this._part(".camera-open").addEventListener("click", () => this._open());
    this._part(".camera-done").addEventListener("click", () => this._dialog.close());
    this._dialog.addEventListener("close", () => this._eye.stop()); // Escape closes it as well
    this._choice.addEventListener("change", () => this._start(this._choice.value));
    const light = this._part(".camera-light");
    light.addEventListener("click", async () => {
      const on = light.getAttribute("aria-pressed") !== "true";
      await this._eye.torch(on);
      light.setAttribute("aria-pressed", String(on));
    });
    this._eye.addEventListener("seen", (event) => this._see(/** @type {CustomEvent<{text: string}>} */ (event).detail.text));
    this._eye.addEventListener("lost", (event) => this._trouble(/** @type {CustomEvent<{word: string}>} */ (event).detail.word));
    this._eye.addEventListener("found", () => this._trouble(""));
  }

  async _open() {
    this._part(".camera-told").textContent = "";
    this._place = this._placed();
    this._dialog.showModal();
    await this._start(null);
  }

  /** @param {string | null} cameraId */
  async _start(cameraId) {
    this._trouble("");
    try {
      await this._eye.start(cameraId);
    } catch (trouble) {
      this._trouble(CameraTrouble.of(trouble).word);
    }
    if (!this._dialog.open) this._eye.stop(); // it was closed before the camera was there
    const light = this._part(".camera-light");
    light.hidden = !this._eye.hasTorch;
    light.setAttribute("aria-pressed", "false");
    await this._list();
  }

  /** Name the cameras that there are, where there is a choice. */
  async _list() {
    const cameras = await Eye.cameras();
    this._choice.replaceChildren(
      ...cameras.map(({ id, label }, index) => new Option(label || this._say("camera", { number: String(index + 1) }), id)),
    );
    this._choice.value = this._eye.cameraId;
    this._part(".camera-choice").hidden = cameras.length < 2;
  }

  /** @param {string} text of a code; of what is none of ours nothing is kept */
  _see(text) {
    const { word, what } = this._take(text);
    const outcome = word === "added" || word === "twice" ? word : "no";
    const mark = MARKS[outcome];
    this._eye.mark(text, { ...mark, word: this._say(mark.word) });
    this._sound.play(outcome === "added" ? "read" : "attention");
    this._news.push(this._say(word, { what }));
    if (this._news.length === 1) queueMicrotask(() => this._tell()); // with all else of this frame
    if (this._place.isDone) this._dialog.close();
  }

  _tell() {
    const { count } = this._place;
    const soFar = filled(this._words.so_far[this._plural.select(count)] ?? this._words.so_far.other, { num: count });
    this._part(".camera-told").textContent = [...new Set(this._news), soFar].join(" ");
    this._news = [];
  }

  /** @param {string} text @returns {{word: string, what: string}} what became of it, and how it is called */
  _take(text) {
    const code = codeOf(text);
    if (!code) return { word: "strange", what: "" };
    if (this._takes === "notes" && code.kind === "label") return { word: "no_label", what: "" };
    if (this._takes === "labels" && code.kind === "note") return { word: "no_note", what: "" };
    return { word: this._place.take(code), what: code.shown };
  }

  /** @param {string} word what is in the way, or nothing */
  _trouble(word) {
    this._part(".camera-trouble").textContent = word && (this._words.trouble[word] ?? this._words.trouble.lost);
  }

  /**
   * @param {string} key
   * @param {Record<string, string>} [values]
   */
  _say(key, values = {}) {
    return filled(this._words.sentences[key] ?? key, values);
  }

  /**
   * @template {HTMLElement} T
   * @param {string} selector
   * @returns {T}
   */
  _part(selector) {
    return /** @type {T} */ (this._root.querySelector(selector));
  }
}

for (const root of document.querySelectorAll(".camera")) new Box(/** @type {HTMLElement} */ (root));
