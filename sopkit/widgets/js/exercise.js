import { announcer } from "./announce.js";
import { Board } from "./board.js";
import { Classify } from "./classify.js";
import { Dialogue } from "./dialogue.js";
import { Draft } from "./draft.js";
import { fill, focusOn, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { Judge } from "./judge.js";
import { note, problem, waiting } from "./notes.js";
import { Order } from "./order.js";
import { Reflect } from "./reflect.js";
import { Scale } from "./scale.js";
import { Tag } from "./tag.js";
import { Terms } from "./terms.js";
import { MODES } from "./words.js";
import { Write } from "./write.js";

const KINDS = { classify: Classify, dialogue: Dialogue, judge: Judge, order: Order, reflect: Reflect, scale: Scale, tag: Tag, write: Write };
// Who sees it, where that matters more than the mode.
const READERS = { write: ["chat", "Goes to your coach"], reflect: ["lock", "Private"] };
const NARROW = 640;

// A deck that is laid out on a board is placed, not sorted card by card.
const kindOf = ({ kind, layout = "cards" }) => (kind === "classify" && layout !== "cards" ? Board : KINDS[kind]);

// One exercise, open on the page: its frame, its messages, and the kind that fills it.
export class Exercise {
  // block: what the lesson said of it (or null); after: {href, label} of what comes next (or null).
  constructor({ channel, hello, ref, block = null, view = null, after = null, verbs = { open: "open", answer: "answer" }, onProgress = () => {} }) {
    Object.assign(this, { channel, hello, ref, block, after, verbs, onProgress });
    const { element, say } = announcer();
    this.say = say;
    this.body = h("div.ex__body");
    this.tab = h("div.ex__tab");
    this.element = h("section.ex", { keydown: (event) => this.kind?.keydown(event) }, this.tab, this.body, element);
    this.sizes = new ResizeObserver(([entry]) =>
      this.element.classList.toggle("ex--narrow", entry.contentRect.width < NARROW));
    this.sizes.observe(this.element);
    if (view) this.show(view);
    else this.load();
  }

  async load() {
    this.frame(this.block || { title: "", number: "" }, waiting("Getting this exercise…"));
    try {
      this.show(await this.channel.request(this.verbs.open, { ref: this.ref }));
    } catch (error) {
      this.frame(this.block || { title: "", number: "" }, problem("This part did not load.", `${error.message} Your answers are safe.`, () => this.load()));
    }
  }

  frame({ title, number, kind, mode, instructions, graded_later: later }, ...content) {
    const id = uid("ex");
    const [sign, words] = READERS[kind] || [mode === "practice" ? "pencil" : "flag", later ? "Graded when you hand in" : MODES[mode]];
    this.element.setAttribute("aria-labelledby", id);
    this.tab.textContent = number ? `Exercise ${number}` : "Exercise";
    this.heading = h("h2", { id, tabindex: -1 }, title);
    this.notices = h("div.ex__notices");
    fill(this.body,
      h("div.ex__head", this.heading, mode && h("span.chip", icon(sign), words)),
      instructions && h("p.ex__how", instructions), this.notices, ...content);
  }

  show(view) {
    this.leave();
    this.view = view;
    this.terms = new Terms(view.options);
    this.main = h("div");
    this.frame(view, this.main);
    this.draft = new Draft(this.channel, view, (error) => (error.code === "stale" ? this.overtaken(error) : this.refused(error)));
    this.later = view.graded_later ? "They are graded when you hand in." : "You will see the explanations when your trainer shows them.";
    this.notice([view.notice && note("info", "plain", view.notice),
      !view.open && note("lock", "plain", "This exercise is closed now. What you did is kept.")]);
    const Kind = kindOf(view);
    if (!Kind) return fill(this.main, problem("This exercise cannot be shown here.", "Ask your trainer to update the workbook."));
    this.kind = new Kind(this);
    if (this.wantsFocus) this.focus();
    this.seen(view.tries || []);
    return undefined;
  }

  // A coach's words that are on the screen now are no longer news.
  async seen(tries) {
    const here = tries.map(({ mark }) => mark?.id);
    const { feedback = [] } = this.hello;
    for (const { mark } of feedback.filter((one) => here.includes(one.mark))) {
      try {
        this.hello.feedback = (await this.channel.request("seen", { mark })).feedback;
      } catch { /* it stays on the start page */ }
    }
  }

  // What needs an answer stays in sight while the learner scrolls.
  notice(element) {
    fill(this.notices, element);
    this.notices.classList.toggle("ex__notices--now", Boolean(element?.classList?.contains("note--look")));
  }

  focus() {
    this.wantsFocus = !this.view;
    if (!this.heading) return;
    focusOn(this.heading, null);
    this.element.scrollIntoView({ block: "start" });
  }

  // Sends an answer. Null means it was refused; the reason is then on screen, and the work too.
  // offline(words): told once, when the line is down while the answer waits.
  async submit(response, offline = () => {}) {
    const { ref, version } = this.view;
    const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    const stop = this.channel.onChange((channel) => {
      if (!channel.offline) return;
      stop();
      offline("Saved on this device. It is sent when the connection is back.");
    });
    try {
      const reply = await this.channel.request(this.verbs.answer, { ref, version, key, response }, { keep: true });
      this.notice(null);
      this.onProgress(reply);
      return reply;
    } catch (error) {
      this.refused(error);
      return null;
    } finally {
      stop();
    }
  }

  refused({ code, message }) {
    const words = { version: "Get the new version", answered: "Show what is saved" }[code];
    this.notice(note("alert", "look", message,
      words && h("button.btn.btn--2.btn--sm", { type: "button", click: () => this.load() }, words)));
    this.say(message);
  }

  overtaken(newer) {
    const use = h("button.btn.btn--sm", { type: "button", click: () => {
      this.draft.adopt(newer);
      this.show({ ...this.view, ...this.kind.progress, draft: newer.draft, revision: newer.revision });
      this.focus();
    } }, "Use the newest");
    const hold = h("button.btn.btn--2.btn--sm", { type: "button", click: () => {
      this.draft.overwrite(newer.revision);
      this.notice(null);
      this.focus();
    } }, "Keep what is on this screen");
    this.notice(note("alert", "look", "You changed this on another tab or device.", h("div.row", use, hold)));
    this.say("You changed this on another tab or device. Choose which to use.");
  }

  leave() {
    this.kind?.close?.();
    this.draft?.close();
    this.kind = this.draft = null;
  }

  close() {
    this.leave();
    this.sizes.disconnect();
  }
}
