// @ts-check
/**
 * What the page says: the table that the service wrote into the page, in the language of the page.
 * @typedef {{text: string, family: string, shape: string, sentence: string, say?: string}} Word
 * @typedef {Record<string, string>} Texts
 * @typedef {object} Table
 * @property {string} language `en` or `cy`
 * @property {Record<string, Word>} verdicts
 * @property {Record<string, Word>} reasons why a visit of good notes was refused
 * @property {Record<string, Word>} troubles
 * @property {Word} given_back
 * @property {{text: string, family: string, shape: string, sentences: Texts}} not_given_back
 * @property {Texts} give_back_reasons
 * @property {Texts} camera
 * @property {Texts} apart
 * @property {Texts} serial
 * @property {Texts} sentences
 * @property {string[]} days from Monday; no browser is sure to have these names in Welsh
 * @property {string[]} short_days
 * @property {string[]} short_months
 * @property {Record<string, Texts>} counts a text for each category of `Intl.PluralRules`
 */

/** The clock of the venues. */
export const CLOCK = "Europe/London";
const PARTS = new Intl.DateTimeFormat("en-GB", {
  timeZone: CLOCK, weekday: "short", day: "numeric", month: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/**
 * @param {Date} at
 * @returns {{weekday: number, day: string, month: number, time: string}} on the clock of the venues; `weekday` from 0 for
 *   Monday, `month` from 0, `time` as `14:05`
 */
export function onTheClock(at) {
  const found = Object.fromEntries(PARTS.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    weekday: DAYS.indexOf(found.weekday ?? ""),
    day: found.day ?? "",
    month: Number(found.month) - 1,
    time: `${found.hour}:${found.minute}`,
  };
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} values
 * @returns {string} the text with its {names} filled in
 */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

export class Words {
  /** @param {Table} table */
  constructor(table) {
    this.table = table;
    this._plural = new Intl.PluralRules(table.language);
  }

  /** @returns {Words} those of this page */
  static ofPage() {
    return new Words(JSON.parse(document.getElementById("desk-words")?.textContent ?? "{}"));
  }

  /**
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   * @returns {string}
   */
  say(key, values = {}) {
    return filled(this.table.sentences[key] ?? key, values);
  }

  /**
   * @param {string} key
   * @param {number} num a whole number
   * @param {Record<string, string | number>} [values]
   * @returns {string} the text in the form for this number
   */
  count(key, num, values = {}) {
    const forms = this.table.counts[key] ?? {};
    return filled(forms[this._plural.select(num)] ?? forms.other ?? key, { num, ...values });
  }

  /**
   * @param {string} verdict
   * @returns {Word} that of a verdict; one that this page does not know is shown as one that cannot be read
   */
  verdict(verdict) {
    return /** @type {Word} */ (this.table.verdicts[verdict] ?? this.table.verdicts.malformed);
  }

  /**
   * @param {string} trouble
   * @returns {Word}
   */
  trouble(trouble) {
    return /** @type {Word} */ (this.table.troubles[trouble] ?? this.table.troubles.cannot_tell);
  }

  /**
   * @param {Date} at
   * @returns {string} `14:05`, on the clock of the venues
   */
  time(at) {
    return onTheClock(at).time;
  }

  /**
   * @param {Date} at
   * @param {Date} [now]
   * @returns {string} `14:05 today`, or `Tue 24 Nov, 14:05`
   */
  moment(at, now = new Date()) {
    const { time } = onTheClock(at);
    const day = this._day(at);
    return day === this._day(now) ? this.say("today", { time }) : `${day}, ${time}`;
  }

  /**
   * @param {Date} at
   * @returns {string} `Monday`
   */
  weekday(at) {
    return this.table.days[onTheClock(at).weekday] ?? "";
  }

  /** @param {Date} at */
  _day(at) {
    const { weekday, day, month } = onTheClock(at);
    return `${this.table.short_days[weekday]} ${day} ${this.table.short_months[month]}`;
  }
}
