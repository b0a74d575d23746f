// @ts-check
import { printed } from "./basket.js";
import { button, made, mark, part, relist } from "./draw.js";

/**
 * Visits that were accepted here without the network and then not confirmed, until somebody has read of them.
 * @typedef {import("../types.js").Notice} Notice
 */

/** @type {Record<string, string>} the sentence for a reason that has one of its own */
const SAYS = { not_taken: "not_entered", left_spent: "left_spent" };

export class Notices {
  /**
   * @param {import("./words.js").Words} words
   * @param {{onDismiss: (id: string) => unknown}} also
   */
  constructor(words, { onDismiss }) {
    this._words = words;
    this._onDismiss = onDismiss;
  }

  /** @param {Notice[]} notices */
  show(notices) {
    relist(part("notices"), notices.map((notice) => ({ key: notice.id, look: "", draw: () => this._drawn(notice) })));
  }

  /** @param {Notice} notice */
  _drawn({ id, deed, at, reason, notes }) {
    const { _words: words } = this;
    const key = SAYS[reason ?? ""] ?? (deed === "reverse" ? "not_reversed" : "not_confirmed");
    const bad = notes.filter((note) => words.verdict(note.verdict).family !== "good");
    const said = made("p", {}, words.say(key, { at: words.moment(new Date(at)) }));
    const lines = bad.map((note) =>
      made("li", {}, made("span", { class: "serial" }, printed(note.serial ?? "")), ` ${words.verdict(note.verdict).text}`));
    const why = words.table.reasons[reason ?? ""]?.text ?? words.table.not_given_back.sentences[reason ?? ""];
    if (why && (deed === "reverse" || !lines.length)) lines.unshift(made("li", {}, why));
    const read = button(words.say("dismiss"), () => this._onDismiss(id), { class: "quiet-button" });
    const body = made("div", { class: "notice-body" }, said, made("ul", { class: "plain" }, ...lines), read);
    return made("section", { class: "notice" }, mark("triangle"), body);
  }
}
