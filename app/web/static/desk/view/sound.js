// @ts-check
/**
 * Three sounds that nobody confuses - good rises, attention knocks twice, no falls low - and a short tick for a note
 * that was read. A device that can shakes as well.
 */

/** Each tone: frequency in Hz (from, to), start and length in seconds, and its wave. */
/** @type {Record<string, {from: number, to: number, at: number, length: number, wave: OscillatorType, gain: number}[]>} */
const TONES = {
  good: [
    { from: 659, to: 659, at: 0, length: 0.12, wave: "sine", gain: 0.9 },
    { from: 988, to: 988, at: 0.12, length: 0.24, wave: "sine", gain: 0.9 },
  ],
  attention: [
    { from: 440, to: 440, at: 0, length: 0.14, wave: "triangle", gain: 1 },
    { from: 440, to: 440, at: 0.24, length: 0.14, wave: "triangle", gain: 1 },
  ],
  no: [{ from: 233, to: 116, at: 0, length: 0.55, wave: "sawtooth", gain: 0.7 }],
  read: [{ from: 1319, to: 1319, at: 0, length: 0.045, wave: "sine", gain: 0.35 }],
};
/** @type {Record<string, number[]>} milliseconds on, off, on */
const SHAKES = { good: [70], attention: [80, 90, 80], no: [350] };
const SOFTEST = 0.0001;

export class Sound {
  /** @param {{sound: boolean, volume: number}} settings whether to be heard, and how loud, 10 to 100 */
  constructor(settings) {
    this._settings = settings;
    /** @type {AudioContext | null} */
    this._audio = null;
    for (const gesture of ["pointerdown", "keydown"]) {
      document.addEventListener(gesture, () => this._wake(), { capture: true, passive: true });
    }
  }

  /**
   * Play it, if this device is to make sounds.
   * @param {string} name `good`, `attention`, `no` or `read`
   */
  play(name) {
    const shake = SHAKES[name];
    if (shake && navigator.userActivation?.hasBeenActive) navigator.vibrate?.(shake);
    const audio = this._audio;
    if (!audio || !this._settings.sound) return;
    for (const tone of TONES[name] ?? []) sing(audio, tone, this._settings.volume / 100);
  }

  /** Browsers let a page be heard once somebody has touched it. */
  _wake() {
    if (!this._audio && "AudioContext" in window) this._audio = new AudioContext();
    if (this._audio?.state === "suspended") this._audio.resume().catch(() => {});
  }
}

/**
 * @param {AudioContext} audio
 * @param {{from: number, to: number, at: number, length: number, wave: OscillatorType, gain: number}} tone
 * @param {number} loudness 0 to 1
 */
function sing(audio, { from, to, at, length, wave, gain }, loudness) {
  const begin = audio.currentTime + at;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = wave;
  tone.frequency.setValueAtTime(from, begin);
  tone.frequency.exponentialRampToValueAtTime(to, begin + length);
  volume.gain.setValueAtTime(SOFTEST, begin);
  volume.gain.exponentialRampToValueAtTime(gain * loudness, begin + 0.01);
  volume.gain.exponentialRampToValueAtTime(SOFTEST, begin + length);
  tone.connect(volume).connect(audio.destination);
  tone.start(begin);
  tone.stop(begin + length);
}
