// @ts-check
import { Eye } from "../eyes/eye.js";
import { made, part } from "./draw.js";

/** The camera as a person handles it: one large button, then which camera, its light, and an end. */
export class CameraPanel {
  /**
   * @param {import("./words.js").Words} words
   * @param {import("./settings.js").Settings} settings
   * @param {{onText: (text: string) => void}} also
   */
  constructor(words, settings, { onText }) {
    this._words = words;
    this._settings = settings;
    /** @type {HTMLVideoElement} */
    const video = part("video");
    /** @type {HTMLCanvasElement} */
    const canvas = part("outlines");
    this.eye = new Eye({ video, canvas });
    this.eye.addEventListener("seen", (event) => {
      this._tell("");
      onText(/** @type {CustomEvent<{text: string}>} */ (event).detail.text);
    });
    this.eye.addEventListener("lost", (event) => {
      this._tell(/** @type {CustomEvent<{word?: string}>} */ (event).detail?.word ?? "lost");
    });
    this.eye.addEventListener("found", () => this._tell(""));
    this._wire();
  }

  /** Start with the page where it was started before. */
  async resume() {
    if (this._settings.camera) await this.start();
  }

  /** Start the camera that was used last; what is in the way is told on the page. */
  async start() {
    this._tell("");
    try {
      await this.eye.start(this._settings.cameraId || null);
      this._settings.keep({ camera: true });
    } catch (trouble) {
      this._tell(/** @type {{word?: string}} */ (trouble).word ?? "none");
    }
    await this._show();
  }

  _wire() {
    part("eye-start").addEventListener("click", () => this.start());
    part("eye-stop").addEventListener("click", async () => {
      this.eye.stop();
      this._settings.keep({ camera: false });
      await this._show();
      part("eye-start").focus();
    });
    const torch = part("eye-torch");
    torch.addEventListener("click", async () => {
      const on = torch.getAttribute("aria-pressed") !== "true";
      await this.eye.torch(on);
      torch.setAttribute("aria-pressed", String(on));
    });
    part("eye-camera").addEventListener("change", async (event) => {
      this._settings.keep({ cameraId: /** @type {HTMLSelectElement} */ (event.target).value });
      this.eye.stop();
      await this.start();
    });
  }

  async _show() {
    const { isOn } = this.eye;
    part("eye").classList.toggle("on", isOn);
    for (const id of ["video", "outlines", "eye-tools"]) part(id).hidden = !isOn;
    part("eye-off").hidden = isOn;
    part("eye-torch").hidden = !this.eye.hasTorch;
    part("eye-torch").setAttribute("aria-pressed", "false");
    if (isOn) await this._list();
  }

  /** Name the cameras that there are, where there is a choice. */
  async _list() {
    const cameras = await Eye.cameras();
    const named = cameras.map(({ id, label }, index) =>
      made("option", { value: id }, label || this._words.say("camera", { number: index + 1 })));
    /** @type {HTMLSelectElement} */
    const choice = part("eye-camera");
    choice.replaceChildren(...named);
    choice.value = this._settings.cameraId || this.eye.cameraId || (cameras[0]?.id ?? "");
    part("eye-choice").hidden = cameras.length < 2;
  }

  /** @param {string} trouble a word, or nothing when all is well */
  _tell(trouble) {
    const text = this._words.table.camera[trouble] ?? "";
    if (part("eye-trouble").textContent !== text) part("eye-trouble").textContent = text;
    part("eye").classList.toggle("troubled", text !== "");
  }
}
