/** Judges the notes of a visit, or of a question, by what this desk knows alone. */

import { verify } from "../signature.js";
import { decide, judgeAll } from "./apart.js";
import { termsOf } from "./opening.js";
import { isSpecimen, programmeOf } from "./serial.js";
import { read } from "./token.js";
import { inLondon } from "./wall_clock.js";

/** @typedef {import("../types.js").NoteAnswer} NoteAnswer */
/** @typedef {import("../types.js").Offer} Offer */

/**
 * @typedef {object} Asked
 * @property {string[]} texts what was scanned or typed
 * @property {import("./snapshot.js").Snapshot | null} snapshot
 * @property {Set<string>} spentHere canonical serials that this desk spent, whether that is confirmed or not
 * @property {Pick<import("../types.js").About, "venue">} about
 * @property {Offer | null} offer null to just count hours
 * @property {Date} now
 * @property {number} notesLeft how many notes it may accept by itself, `notesLeft` of `apart.js`
 */

/**
 * The verdict on each note, in order: a refusal, `accepted_offline` or `cannot_tell_offline`. A note that comes twice is spent
 * already the second time.
 * @param {Asked} asked
 * @returns {Promise<NoteAnswer[]>}
 * @throws what `verify` throws
 */
export async function judgeApart(asked) {
  const shown = asked.texts.map(read);
  const twice = shown.map(({ serial }, place) => serial !== null && place > shown.findIndex((each) => each.serial === serial));
  const facts = await Promise.all(shown.map((note, place) => known(note, twice[place], asked)));
  return judgeAll(facts, asked.notesLeft).map((verdict, place) => answer(shown[place].serial, verdict, asked));
}

/**
 * A visit, all or none, with the offer's hours and limits as of `now`.
 * @param {Asked} asked
 * @returns {Promise<Pick<import("../types.js").VisitAnswer, "outcome" | "reason" | "hours" | "notes">>}
 * @throws what `verify` throws
 */
export async function visitApart(asked) {
  const judged = await judgeApart(asked);
  const terms = asked.offer && termsOf(asked.offer, asked.now);
  const { outcome, reason, said } = decide(judged.map(({ verdict }) => verdict), terms); // prettier-ignore
  const notes = judged.map((note, place) => ({ ...note, verdict: said[place] }));
  return { outcome, reason, hours: outcome === "accepted" ? notes.length : 0, notes };
}

/**
 * @param {ReturnType<typeof read>} shown
 * @param {boolean} isTwice
 * @param {Asked} asked
 * @returns {Promise<import("./verdict.js").Facts>} what is known of a note
 */
async function known({ serial, signature }, isTwice, { snapshot, spentHere, about, offer, now }) {
  if (serial === null) return { ...UNREADABLE };
  const key = snapshot?.keyOf(serial) ?? null;
  return {
    readable: true,
    state: snapshot?.stands(serial) ?? null,
    signature: signature && (await signedBy(key, serial, signature)),
    specimen: isSpecimen(serial),
    redeemed: isTwice || spentHere.has(serial) || (snapshot?.isRedeemed(serial) ?? false),
    expired: key !== null && key.expires_on !== null && inLondon(now).day > key.expires_on,
    acceptedHere: !offer?.local_only || programmeOf(serial) === about.venue.programme,
    keyedAllowed: false,
  };
}

/** @type {import("./verdict.js").Facts} */
const UNREADABLE = {
  readable: false, state: null, signature: null, specimen: false, redeemed: false, expired: false, acceptedHere: true,
  keyedAllowed: false,
}; // prettier-ignore

/**
 * @param {ReturnType<import("./snapshot.js").Snapshot["keyOf"]>} key
 * @param {string} serial
 * @param {Uint8Array<ArrayBuffer>} signature
 * @returns {Promise<"good" | "bad" | "unknown_key">}
 */
async function signedBy(key, serial, signature) {
  if (!key) return "unknown_key";
  return (await verify(key.public_key, serial, signature)) ? "good" : "bad";
}

/**
 * @param {string | null} serial
 * @param {string} verdict
 * @param {Asked} asked
 * @returns {NoteAnswer} when it was spent first is not in a snapshot; where it was is known if that was here
 */
function answer(serial, verdict, { spentHere, about }) {
  const here = verdict === "already_redeemed" && serial !== null && spentHere.has(serial);
  return { serial, verdict, first_redeemed_at: null, first_venue: here ? about.venue.name : null };
}
