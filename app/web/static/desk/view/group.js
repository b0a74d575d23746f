// @ts-check
/**
 * A group of more notes than one visit takes: several visits under one heading, each all or none.
 * @typedef {import("./basket.js").Gathered} Gathered
 * @typedef {import("../types.js").NoteAnswer} NoteAnswer
 * @typedef {import("../types.js").VisitAnswer} VisitAnswer
 * @typedef {object} Account
 * @property {{notes: Gathered[], answer: VisitAnswer}[]} visits those that were answered
 * @property {Gathered[]} untried those that were not sent, because of `trouble`
 * @property {unknown} trouble what stopped the rest, or null
 */

/**
 * Enter the visits one after another. A part that is refused leaves the others as they are; where the desk itself has a
 * trouble, the rest is not tried.
 * @param {Gathered[][]} parts
 * @param {(notes: Gathered[]) => Promise<VisitAnswer>} redeem
 * @param {(part: number) => void} onPart told which part begins, counted from 1
 * @returns {Promise<Account>}
 */
export async function enter(parts, redeem, onPart) {
  /** @type {Account} */
  const account = { visits: [], untried: [], trouble: null };
  for (const [index, notes] of parts.entries()) {
    if (account.trouble === null) {
      onPart(index + 1);
      try {
        account.visits.push({ notes, answer: await redeem(notes) });
        continue;
      } catch (trouble) {
        account.trouble = trouble;
      }
    }
    account.untried.push(...notes);
  }
  return account;
}
