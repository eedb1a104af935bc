import { fill, focusOn, h, prose, uid } from "./dom.js";
import { Exercise } from "./exercise.js";
import { HandIn } from "./handin.js";
import { icon } from "./icons.js";
import { note } from "./notes.js";
import { exerciseHref } from "./route.js";
import { count } from "./words.js";

const STATES = { new: ["todo", "Not started"], started: ["half", "Started"], done: ["done", "Done"] };
const ACTS = { new: "Start", started: "Keep going", done: "Look again" };

export function kindWords({ kind, total, done, state, minutes }) {
  const size = kind === "tag" ? "Tag a story" : `Sort ${count(total, "card")}`;
  const time = minutes ? `, about ${count(minutes, "minute")}` : "";
  const far = state === "started" && kind !== "tag" ? `. ${done} of ${total} done` : "";
  return `${size}${time}${far}.`;
}

export const stateOf = ({ state }) => STATES[state] || STATES.new;

// A lesson: text and exercises in order, one exercise open at a time, and handing in.
export class Lesson {
  constructor({ channel, hello, lesson, onProgress }) {
    Object.assign(this, { channel, hello, lesson, onProgress, slots: new Map() });
    const total = hello.lessons.length;
    this.heading = h("h1", { tabindex: -1 }, lesson.title);
    this.handIn = new HandIn({ channel, lesson, onProgress });
    this.element = h("article",
      h("p.crumb", `Lesson ${lesson.number} of ${total}`), this.heading,
      !lesson.open && note("lock", "plain", "This lesson opens in class."),
      lesson.blocks.map((block) => (block.type === "text" ? prose(block.html, lesson.title) : this.slot(block))),
      this.exercises.length > 0 && this.handIn.element);
  }

  get exercises() { return this.lesson.blocks.filter(({ type }) => type === "exercise"); }

  slot(block) {
    const element = h("div");
    this.slots.set(block.ref, element);
    this.close(block, element);
    return element;
  }

  close(block, element) {
    const [sign, words] = stateOf(block);
    const id = uid("closed");
    fill(element, h("section.ex.ex--closed", { "aria-labelledby": id },
      h("div.ex__tab", `Exercise ${block.number}`),
      h("div.ex__body", h("div", h("h2", { id }, block.title), h("p.muted", kindWords(block))),
        h("p.state", { class: `state--${block.state}` }, icon(sign), words),
        h(`a.btn${block.state === "done" ? ".btn--2" : ""}`, { href: exerciseHref(this.lesson.id, block.ref) },
          ACTS[block.state] || ACTS.new, h("span.sr", `: ${block.title}`)))));
  }

  // Opens one exercise and closes the one before. Without a ref: the first that is not done.
  open(ref, focus) {
    const block = ref ? this.exercises.find((one) => one.ref === ref) : this.exercises.find(({ state }) => state !== "done");
    if (this.exercise?.ref !== block?.ref) {
      this.leave();
      if (block && this.lesson.open) {
        const next = this.exercises[this.exercises.indexOf(block) + 1];
        this.exercise = new Exercise({
          channel: this.channel, hello: this.hello, ref: block.ref, block, onProgress: (reply) => this.progressed(block, reply),
          after: next
            ? { href: exerciseHref(this.lesson.id, next.ref), label: "Next exercise" }
            : { href: exerciseHref(this.lesson.id, "hand-in"), label: "Finish the lesson" },
        });
        fill(this.slots.get(block.ref), this.exercise.element);
      }
    }
    if (ref === "hand-in") this.handIn.focus();
    else if (focus && ref && this.exercise) this.exercise.focus();
    else if (focus) focusOn(this.heading, null);
  }

  // An answer was saved: what it changes on this page, without asking again.
  progressed(block, { summary }) {
    const before = `${block.done} ${block.state} ${this.lesson.hand_in.state}`;
    block.done = summary ? summary.answered : block.total;
    block.state = block.done >= block.total ? "done" : "started";
    if (this.lesson.hand_in.state === "sent") this.lesson.hand_in.state = "changed";
    if (before === `${block.done} ${block.state} ${this.lesson.hand_in.state}`) return;
    this.handIn.draw();
    if (block.state === "done") this.onProgress();
  }

  leave() {
    if (!this.exercise) return;
    const { ref } = this.exercise;
    this.exercise.close();
    this.exercise = null;
    const block = this.exercises.find((one) => one.ref === ref);
    if (block) this.close(block, this.slots.get(ref));
  }
}
