// @ts-check
import { printed } from "./basket.js";
import { made, part, relist, tell } from "./draw.js";

/**
 * The last visits of this desk, each of which can be given back as long as its 15 minutes run.
 * @typedef {import("../types.js").RecentVisit} RecentVisit
 */

const MINUTE_MS = 60_000;
const EVERY_MS = 10_000;

export class Recent {
  /**
   * @param {import("./words.js").Words} words
   * @param {{visits: () => Promise<RecentVisit[]>, nameOf: (offer: number) => string,
   *   partOf: (id: string) => string, onGiveBack: (id: string, reason: string) => unknown}} also
   */
  constructor(words, { visits, nameOf, partOf, onGiveBack }) {
    this._words = words;
    this._visits = visits;
    this._nameOf = nameOf;
    this._partOf = partOf;
    this._onGiveBack = onGiveBack;
    setInterval(() => this.show(), EVERY_MS);
  }

  /** Show those that can still be given back; what is open stays open. */
  async show() {
    const made = await this._visits().catch(() => []); // what is wrong with the disk is told above
    const visits = made.filter((visit) => !visit.practice);
    relist(part("recent-visits"), visits.map((visit) => (
      { key: visit.id, look: this._partOf(visit.id), draw: () => this._drawn(visit) })));
    part("recent").hidden = visits.length === 0;
    for (const { id, leftMs } of visits) {
      tell(part(`left-${id}`), this._words.count("minutes", Math.max(1, Math.ceil(leftMs / MINUTE_MS))));
    }
  }

  /** @param {RecentVisit} visit */
  _drawn(visit) {
    const { _words: words } = this;
    const { id, at, hours, offer, serials } = visit;
    const count = words.count("hours", hours);
    const name = offer === null ? "" : this._nameOf(offer);
    const what = name ? `${count} – ${name}` : count;
    const first = made("span", { class: "serial" }, printed(serials[0] ?? "") + (serials.length > 1 ? " …" : ""));
    const summary = made("summary", {},
      made("span", { class: "recent-time" }, words.time(new Date(at))),
      made("span", { class: "recent-what" }, [what, this._partOf(id)].filter(Boolean).join(" · ")),
      first, made("span", { class: "recent-left", id: `left-${id}` }));
    return made("li", {}, made("details", {}, summary, this._form(visit)));
  }

  /** @param {RecentVisit} visit */
  _form({ id, hours }) {
    const { _words: words } = this;
    const choice = made("select", { id: `why-${id}`, required: "" }, made("option", { value: "" }, words.say("choose")));
    for (const [value, text] of Object.entries(words.table.give_back_reasons)) choice.append(made("option", { value }, text));
    const form = made("form", { class: "stacked" },
      made("div", { class: "field" }, made("label", { for: choice.id }, words.say("why")), choice),
      made("button", { class: "quiet-button" }, words.count("give_back", hours)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this._onGiveBack(id, choice.value);
    });
    return form;
  }
}
