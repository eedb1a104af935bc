import { fill, focusOn, h, prose, raiseHeadings, uid } from "./dom.js";
import { Exercise } from "./exercise.js";
import { HandIn } from "./handin.js";
import { icon } from "./icons.js";
import { note } from "./notes.js";
import { exerciseHref, lessonHref } from "./route.js";
import { count, lower } from "./words.js";

const STATES = { new: ["todo", "Not started"], started: ["half", "Started"], done: ["done", "Done"] };
const ACTS = { new: "Start", started: "Keep going", done: "Look again" };

const ON_A_BOARD = { map: "on a map", houses: "in houses", circles: "in circles" };
const an = (title) => `${/^[aeiou]/i.test(title) ? "an" : "a"} ${lower(title)}`;
const SIZES = {
  classify: ({ layout, total }) => (ON_A_BOARD[layout] ? `Place ${count(total, "card")} ${ON_A_BOARD[layout]}` : `Sort ${count(total, "card")}`),
  judge: ({ total }) => `Rate ${count(total, "sample")}`,
  order: ({ total }) => (total > 1 ? `Put ${count(total, "step")} in order` : "Put steps in order"),
  write: ({ rubric }) => (rubric ? `Write ${an(rubric)}` : "Write"),
  tag: () => "Tag a story",
  scale: () => "Choose a number",
  dialogue: () => "Choose what to say",
  reflect: () => "Write for yourself",
};

// What an exercise asks for, how long it takes, and how far the learner is, as the lesson lists it.
export function kindWords(block) {
  const { kind, total, done, state, minutes } = block;
  const time = minutes ? `, about ${count(minutes, "minute")}` : "";
  const far = state === "started" && total > 1 ? `. ${done} of ${total} done` : "";
  return `${(SIZES[kind] || SIZES.classify)(block)}${time}${far}.`;
}

export const stateOf = ({ state }) => STATES[state] || STATES.new;

// A lesson. Its overview lists the exercises; each exercise is a page of its own, with the text that belongs to it.
export class Lesson {
  constructor({ channel, hello, lesson, onProgress }) {
    Object.assign(this, { channel, hello, lesson, onProgress });
    this.heading = h("h1", { tabindex: -1 }, lesson.title);
    this.handIn = new HandIn({ channel, lesson, onProgress });
    this.crumb = h("p.crumb");
    this.body = h("div");
    this.element = h("article", this.crumb, this.heading,
      !lesson.open && note("lock", "plain", "This lesson opens in class."),
      lesson.open && lesson.mode !== "practice" && note("flag", "plain", h("b", "One try for each answer. "), "Your trainer shows the explanations later."),
      this.body);
  }

  get exercises() { return this.lesson.blocks.filter(({ type }) => type === "exercise"); }

  texts(chosen) { return this.lesson.blocks.filter((block) => block.type === "text" && chosen(block)).map(({ html }) => prose(html, this.lesson.title)); }

  // ref: the exercise to show; "hand-in" or null: the overview.
  open(ref, focus) {
    const block = this.lesson.open && this.exercises.find((one) => one.ref === ref);
    if (block && this.exercise?.ref === block.ref) return;
    this.leave();
    if (block) this.showStep(block);
    else this.showOverview();
    if (ref === "hand-in") this.handIn.focus();
    else if (focus && block && block.state !== "new") this.exercise.focus();
    else if (focus) {
      focusOn(this.heading, null);
      window.scrollTo(0, 0);
    }
  }

  showOverview() {
    const { lesson, exercises } = this;
    const done = exercises.filter(({ state }) => state === "done").length;
    this.crumb.textContent = `Lesson ${lesson.number}`;
    this.handIn.draw();
    fill(this.body,
      exercises.length > 0 && h("p.under.muted", `${done} of ${count(exercises.length, "exercise")} done. Take them in order, or go where you like.`),
      h("div.rows", exercises.map((block) => this.row(block))),
      h("details.read", h("summary", "Read the whole lesson text"), this.texts(() => true)),
      exercises.length > 0 && this.handIn.element);
  }

  row(block) {
    const [sign, words] = stateOf(block);
    const id = uid("closed");
    return h("section.ex.ex--closed", { "aria-labelledby": id },
      h("div.ex__body", h("div", h("h2", { id }, `${block.number} ${block.title}`), h("p.muted", kindWords(block))),
        h("p.state", { class: `state--${block.state}` }, icon(sign), words),
        this.lesson.open && h(`a.btn${block.state === "done" ? ".btn--2" : ""}`, { href: exerciseHref(this.lesson.id, block.ref) },
          ACTS[block.state] || ACTS.new, h("span.sr", `: ${block.title}`))));
  }

  showStep(block) {
    const { lesson, exercises } = this;
    const at = exercises.indexOf(block);
    const href = (one) => exerciseHref(lesson.id, one.ref);
    const [before, next] = [exercises[at - 1], exercises[at + 1]];
    const after = next ? { href: href(next), label: "Next exercise" } : { href: exerciseHref(lesson.id, "hand-in"), label: "Finish the lesson" };
    this.exercise = new Exercise({
      channel: this.channel, hello: this.hello, ref: block.ref, block, onProgress: (reply) => this.progressed(block, reply), after,
    });
    const place = lesson.blocks.indexOf(block);
    const here = (one) => one.step === block.ref;
    fill(this.crumb, h("a", { href: lessonHref(lesson.id) }, `Lesson ${lesson.number}`), ` Exercise ${at + 1} of ${exercises.length}`);
    fill(this.body,
      raiseHeadings(this.texts((one) => here(one) && lesson.blocks.indexOf(one) < place)), this.exercise.element,
      this.texts((one) => here(one) && lesson.blocks.indexOf(one) > place),
      h("nav.stepper", { "aria-label": "Exercises" },
        before && h("a.btn.btn--2", { href: href(before) }, icon("left"), "Exercise before"),
        h("a.btn.btn--2", { href: after.href }, after.label, icon("right"))));
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
    this.exercise?.close();
    this.exercise = null;
  }
}
