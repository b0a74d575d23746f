/** What is no answer: the desk cannot do what it was asked, and why, as a word that the page has a sentence for. */

import { Closed, NoAnswer, Refusal } from "./service.js";

/** @typedef {"too_often" | "not_enrolled" | "disk" | "check_only" | "closed" | "more_than_left" | "wrong" | "cannot_tell"} TroubleWord */

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

/**
 * @param {unknown} error
 * @returns {unknown} the same as Trouble, where it is the service's
 */
export function troubleOf(error) {
  if (error instanceof Closed) return new Trouble("closed", error.retryAfterSeconds);
  if (error instanceof NoAnswer) return new Trouble("cannot_tell", error.retryAfterSeconds);
  if (!(error instanceof Refusal)) return error;
  if (error.status === 401) return new NotEnrolled();
  if (error.status === 429) return new Trouble("too_often", error.retryAfterSeconds);
  return new Trouble(error.status === 403 ? "check_only" : "wrong");
}
