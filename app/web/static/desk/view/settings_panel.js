// @ts-check
import { part } from "./draw.js";

/**
 * The settings as a person changes them.
 * @param {import("./settings.js").Settings} settings
 * @param {import("./sound.js").Sound} sound
 * @param {{onChange: () => void}} also
 */
export function showSettings(settings, sound, { onChange }) {
  const switches = /** @type {const} */ ([["set-by-itself", "byItself"], ["set-practice", "practice"], ["set-sound", "sound"]]);
  for (const [id, name] of switches) {
    /** @type {HTMLInputElement} */
    const box = part(id);
    box.checked = settings[name];
    box.addEventListener("change", () => {
      settings.keep({ [name]: box.checked });
      onChange();
    });
  }
  /** @type {HTMLInputElement} */
  const volume = part("set-volume");
  volume.value = String(settings.volume);
  volume.addEventListener("change", () => {
    settings.keep({ volume: Number(volume.value) });
    sound.play("good");
  });
  for (const each of part("set-try").querySelectorAll("button")) {
    each.addEventListener("click", () => sound.play(each.dataset.sound ?? ""));
  }
  part("practice-end").addEventListener("click", () => {
    settings.keep({ practice: false });
    /** @type {HTMLInputElement} */ (part("set-practice")).checked = false;
    onChange();
    part("main").focus({ preventScroll: true });
  });
}
