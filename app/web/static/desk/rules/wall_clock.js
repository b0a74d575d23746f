/** The clock on the wall of the venues, whatever this device's is set to. */

const DIGITS = /** @type {const} */ ("2-digit");
const LONDON = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London", hourCycle: "h23", weekday: "short", year: "numeric", month: DIGITS, day: DIGITS, hour: DIGITS,
  minute: DIGITS,
}); // prettier-ignore

/**
 * @param {Date} date a moment
 * @returns {{day: string, weekday: string, minute: number}} in London: `2026-11-26`, `mon` to `sun`, minutes since midnight
 */
export function inLondon(date) {
  const part = Object.fromEntries(LONDON.formatToParts(date).map(({ type, value }) => [type, value]));
  return {
    day: `${part.year}-${part.month}-${part.day}`,
    weekday: part.weekday.toLowerCase(),
    minute: Number(part.hour) * 60 + Number(part.minute),
  };
}
