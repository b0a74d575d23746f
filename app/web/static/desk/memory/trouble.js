/** What is no answer: the desk cannot do what it was asked, and why, as a word that the page has a sentence for. */

/** @typedef {"too_often" | "not_enrolled" | "disk" | "check_only" | "closed" | "wrong" | "cannot_tell"} TroubleWord */

/** The desk cannot do what it was asked. */
export class Trouble extends Error {
  /**
   * @param {TroubleWord} word
   * @param {number | null} [retryAfterSeconds] when to ask again, where the service said it
   */
  constructor(word, retryAfterSeconds = null) {
    super(word);
    this.name = "Trouble";
    this.word = word;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** This browser is no desk: it has to be enrolled first. */
export class NotEnrolled extends Trouble {
  constructor() {
    super("not_enrolled");
    this.name = "NotEnrolled";
  }
}
