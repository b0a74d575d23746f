/** What can be in the way of a camera, as a word: the page has the sentence. */

/**
 * `denied`: a person or a policy said no; `none`: there is no camera; `busy`: another program has it; `insecure`: the page
 * came over plain HTTP; `lost`: it went away; `reader`: the reader of codes could not be loaded.
 * @typedef {"denied" | "none" | "busy" | "insecure" | "lost" | "reader"} TroubleWord
 */

/** @type {Record<string, TroubleWord>} */
const WORDS = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};

export class CameraTrouble extends Error {
  /** @param {TroubleWord} word */
  constructor(word) {
    super(`camera: ${word}`);
    this.name = "CameraTrouble";
    this.word = word;
  }

  /**
   * @param {unknown} fault what the browser threw
   * @returns {CameraTrouble}
   */
  static of(fault) {
    if (fault instanceof CameraTrouble) return fault;
    return new CameraTrouble(WORDS[fault instanceof Error ? fault.name : ""] ?? "busy");
  }
}
