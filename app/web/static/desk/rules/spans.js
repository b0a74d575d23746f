/** Spans that do not overlap, to look a serial up in: O(log n). */

import { numberOf, seriesOf } from "./serial.js";

/** @typedef {{first: string, last: string}} Span two canonical serials of one series */

export class Spans {
  /** @type {Map<string, {first: number, last: number, place: number}[]>} by series, in order */
  #bySeries = new Map();

  /** @param {Span[]} spans in any order */
  constructor(spans) {
    spans.forEach(({ first, last }, place) => {
      const mine = this.#bySeries.get(seriesOf(first)) ?? [];
      mine.push({ first: numberOf(first), last: numberOf(last), place });
      this.#bySeries.set(seriesOf(first), mine);
    });
    for (const mine of this.#bySeries.values()) mine.sort((one, other) => one.first - other.first);
  }

  /**
   * @param {string} serial canonical
   * @returns {number} the place, in the list that was given, of the span it lies in; -1 when there is none
   */
  find(serial) {
    const [mine, number] = [this.#bySeries.get(seriesOf(serial)) ?? [], numberOf(serial)];
    let [low, high] = [0, mine.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (mine[middle].first <= number) low = middle + 1;
      else high = middle;
    }
    const found = mine[low - 1];
    return found && number <= found.last ? found.place : -1;
  }

  /** @param {string} serial canonical @returns {boolean} whether it lies in one of them */
  has(serial) {
    return this.find(serial) >= 0;
  }
}
