// @ts-check
import { listen } from "../eyes/typing.js";
import { Desk } from "../memory/desk.js";
import { Answer } from "./answer.js";
import { BasketList } from "./basket_list.js";
import { CameraPanel } from "./camera_panel.js";
import { carried, carry } from "./carried.js";
import { ConditionLine } from "./condition.js";
import { Counter, MOST_NOTES } from "./counter.js";
import { part, tell } from "./draw.js";
import { listenToKeys } from "./keys.js";
import { Notices } from "./notices.js";
import { Offers } from "./offers.js";
import { Recent } from "./recent.js";
import { Saying } from "./saying.js";
import { Settings } from "./settings.js";
import { showSettings } from "./settings_panel.js";
import { Sound } from "./sound.js";
import { Till } from "./till.js";
import { listenToTyping } from "./typed.js";
import { Words } from "./words.js";

/** Starts the desk page, and wires its parts to one another. */
class Page {
  /**
   * @param {Desk} desk
   * @param {Words} words
   */
  constructor(desk, words) {
    this.desk = desk;
    this.words = words;
    this.settings = new Settings();
    this.sound = new Sound(this.settings);
    this.saying = new Saying(words);
    this.answer = new Answer(words, { onTakeOut: (name) => this.counter.takeOut(name) });
    this.offers = new Offers(words, this.settings);
    this.camera = new CameraPanel(words, this.settings, { onText: (text) => this.counter.scanned(text, "camera") });
    const parts = { ...this, eye: this.camera.eye };
    this.counter = new Counter(parts);
    this.till = new Till(parts, this.counter);
    this.list = new BasketList(words, this.saying, { onTakeOut: (name) => this._takeOut(name) });
    this.condition = new ConditionLine(words, { onTry: () => desk.sync() });
    this.notices = new Notices(words, { onDismiss: (id) => desk.dismiss(id).catch((trouble) => this.counter.trouble(trouble)) });
    this.recent = new Recent(words, {
      visits: () => desk.recent(),
      nameOf: (id) => desk.about.offers.find((offer) => offer.id === id)?.name ?? "",
      partOf: (id) => this.till.partOf.get(id) ?? "",
      onGiveBack: (id, reason) => this._giveBack(id, reason),
    });
    this._typedAt = -Infinity;
  }

  /** Begin to listen and to show. */
  start() {
    this._hear();
    this._press();
    showSettings(this.settings, this.sound, { onChange: () => this.show() });
    const before = carried();
    if (this.isCheckOnly || before?.mode === "check") this.counter.turnTo("check");
    this.counter.restore(before?.texts ?? []);
    carry(() => ({ texts: this.counter.basket.notes.map(({ text }) => text), mode: this.counter.mode }));
    this.showDesk();
    this.recent.show();
    this.camera.resume();
  }

  /** Hear scanners, the typed field, and what the parts tell. */
  _hear() {
    listen({
      onText: (text) => {
        this._typedAt = performance.now();
        this.counter.scanned(text, "scanner");
      },
      isBusy: () => false, // what comes while a visit is accepted is kept for the next one
    });
    listenToTyping(this.words, { onText: (text) => this.counter.scanned(text, "hand") });
    this.desk.addEventListener("change", () => this.showDesk());
    this.offers.addEventListener("change", () => this.show());
    this.counter.addEventListener("change", () => this.show());
    this.counter.addEventListener("complete", () => this.settings.byItself && this._accept());
  }

  /** Take what is pressed. */
  _press() {
    part("accept").addEventListener("click", () => this._accept());
    part("empty").addEventListener("click", () => this.counter.takeAllOut());
    part("mode").addEventListener("click", () => this.counter.turnTo(this.counter.mode === "check" ? "visit" : "check"));
    listenToKeys({
      onEnter: () => this._accept(),
      onEscape: () => this.counter.escape(),
      typedAt: () => this._typedAt,
    });
  }

  /** @returns {boolean} */
  get isCheckOnly() {
    return this.desk.about.scope === "check";
  }

  async _accept() {
    await this.till.accept();
    await this.recent.show();
  }

  /** @param {string} name */
  _takeOut(name) {
    this.counter.takeOut(name);
    part("main").focus({ preventScroll: true });
  }

  /**
   * @param {string} id of a visit
   * @param {string} reason
   */
  async _giveBack(id, reason) {
    try {
      const visit = (await this.desk.recent()).find((each) => each.id === id);
      const answer = await this.desk.giveBack(id, reason);
      if (answer.outcome === "reversed") this.counter.accepted.forget(visit?.serials ?? []);
      this.counter.say(this.saying.givenBack(answer));
    } catch (trouble) {
      this.counter.trouble(trouble);
    }
    await this.recent.show();
    part("stage").scrollIntoView({ block: "nearest" });
  }

  /** Show what the desk is and how it stands. */
  showDesk() {
    const { about, condition } = this.desk;
    this.answer.clearSeconds = about.policy.clear_seconds;
    this.offers.show(this.isCheckOnly ? [] : about.offers);
    part("typed").hidden = !about.policy.keyed;
    this.condition.show(condition);
    this.notices.show(condition.notices);
    const here = document.getElementById("where-am-i");
    if (here) tell(here, `${about.venue.name} · ${about.desk}`);
    this.show();
  }

  /** Show the visit as it is now. */
  show() {
    const checks = this.counter.mode === "check";
    const { practice } = this.settings;
    part("practice-band").hidden = !practice || this.isCheckOnly;
    document.body.classList.toggle("practice", practice && !this.isCheckOnly);
    document.body.classList.toggle("checks", checks);
    part("offers").hidden = checks || !this.desk.about.offers.length;
    part("accept").hidden = checks;
    part("mode").setAttribute("aria-pressed", String(checks));
    part("mode").hidden = this.isCheckOnly;
    this.list.show(this.counter.basket, this.offers, MOST_NOTES, this.counter.told);
    if (checks) this._showChecking();
  }

  _showChecking() {
    tell(part("tally"), this.words.say("check_mode"));
    tell(part("tally-more"), this.words.say("check_more"));
    part("basket").hidden = part("empty").hidden = true;
  }
}

async function start() {
  const words = Words.ofPage();
  const form = document.getElementById("without-script");
  try {
    const page = new Page(await Desk.open(), words);
    part("desk").hidden = false;
    if (form) form.remove();
    page.start();
    document.body.classList.add("started");
  } catch (trouble) {
    part("desk").hidden = false;
    if (form) return void (part("desk").hidden = true); // the form still works
    refuse(words, trouble);
  }
}

/**
 * Say why there is no desk here, and the way out.
 * @param {Words} words
 * @param {unknown} trouble
 */
function refuse(words, trouble) {
  const word = /** @type {{word?: string}} */ (trouble)?.word ?? "broken";
  const condition = { online: word !== "cannot_tell", knownAt: null, waitingVisits: 0, waitingNotes: 0, notesLeft: 0, trouble: word, notices: [] };
  new ConditionLine(words, { onTry: () => location.reload() }).show({ ...condition, apart: "no_snapshot" });
  for (const each of document.querySelectorAll(".counter, #recent, #settings")) each.remove();
}

start();
