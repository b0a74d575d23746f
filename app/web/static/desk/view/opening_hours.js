// @ts-check
import { onTheClock } from "./words.js";

/**
 * When an offer that is closed opens next, on the clock of the venues.
 * @typedef {import("../types.js").Offer} Offer
 */

const DAY_MS = 86_400_000;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/**
 * @param {Offer} offer one that is closed
 * @param {Date} now
 * @returns {{on: Date, time: string, isToday: boolean} | null} the day (at some time of it) and the time it opens; null for
 *   an offer that never does
 */
export function nextOpening(offer, now) {
  const time = offer.from ?? "00:00";
  for (let days = 0; days <= 7; days += 1) {
    const on = new Date(now.getTime() + days * DAY_MS);
    const there = onTheClock(on);
    const isLater = days > 0 || there.time < time;
    if (isLater && (!offer.days || offer.days.includes(DAYS[there.weekday] ?? ""))) return { on, time, isToday: days === 0 };
  }
  return null;
}
