/** Text that is not what it was read as. `word` says what is wrong with it, for the page to put into a sentence. */
export class Unreadable extends Error {
  /** @param {"length" | "shape" | "check"} word how many characters it has, how they stand, or its check character */
  constructor(word) {
    super(word);
    this.name = "Unreadable";
    this.word = word;
  }
}
