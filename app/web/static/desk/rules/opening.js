/** Opening hours of an offer, told by the clock on the wall: the rule of `app/core/opening_hours.py`. */

import { inLondon } from "./wall_clock.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** @typedef {Pick<import("../types.js").Offer, "days" | "from" | "until">} Hours */

/**
 * Whether an offer is open. Hours that end before they begin run past midnight, and what comes after belongs to the day before.
 * @param {Hours} offer
 * @param {Date} date a moment
 * @returns {boolean}
 */
export function isOpenAt(offer, date) {
  const { weekday, minute } = inLondon(date);
  if (offer.from === null || offer.until === null) return isOn(offer, weekday);
  const [from, until] = [minuteOf(offer.from), minuteOf(offer.until)];
  if (from < until) return isOn(offer, weekday) && from <= minute && minute < until;
  const yesterday = DAYS[(DAYS.indexOf(weekday) + 6) % 7];
  return (isOn(offer, weekday) && minute >= from) || (isOn(offer, yesterday) && minute < until);
}

/**
 * @param {import("../types.js").Offer} offer
 * @param {Date} date a moment
 * @returns {import("./visit.js").Terms} on which it is taken then
 */
export function termsOf(offer, date) {
  return { hours: offer.hours, isOpen: isOpenAt(offer, date), mostNotes: offer.most_notes };
}

/** @param {Hours} offer @param {string} day @returns {boolean} */
const isOn = (offer, day) => offer.days === null || offer.days.includes(day);

/** @param {string} text `09:00` @returns {number} minutes since midnight */
function minuteOf(text) {
  const [hours, minutes] = text.split(":").map(Number);
  return hours * 60 + minutes;
}
