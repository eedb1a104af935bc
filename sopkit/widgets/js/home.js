import { h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { kindWords, stateOf } from "./lesson.js";
import { exerciseHref, lessonHref, practiseHref } from "./route.js";
import { count, day, greeting, lower } from "./words.js";

const SHOWN = 5;

// What is next, and what practice shows so far.
export class Home {
  constructor({ channel, hello, terms }) {
    Object.assign(this, { channel, hello, terms });
    this.heading = h("h1", { tabindex: -1 }, greeting(hello.person?.name));
    const done = hello.lessons.filter(({ state }) => state === "done").length;
    this.element = h("div", this.heading,
      h("p.muted.under", `${done} of ${count(hello.lessons.length, "lesson")} done.${hello.session?.title ? ` ${hello.session.title}.` : ""}`),
      this.feedback(), this.next(), this.practice(), this.record());
  }

  // What the coach sent back and the learner has not opened yet.
  feedback() {
    const { feedback } = this.hello;
    if (!feedback?.length) return null;
    const id = uid("feedback");
    return h("section.sheet.back", { "aria-labelledby": id }, h("h2", { id }, icon("chat"), "From your coach"),
      h("ul.plainlist", feedback.map((one) => h("li.row.row--between", h("span", h("b", one.decision), ` ${one.title}`, h("span.muted", `, ${day(one.at)}`)),
        h("a.btn.btn--sm", { href: exerciseHref(one.lesson, one.ref) }, "Read it", h("span.sr", ` ${one.title}`))))));
  }

  // Cards that were mixed up come back after 2 days, 2 weeks and 6 weeks.
  practice() {
    const { practice } = this.hello;
    if (!practice) return null;
    const id = uid("practice");
    const { due, next } = practice;
    const soon = next ? `The next ${count(next.cards, "card comes", "cards come")} back on ${day(next.at)}.` : "";
    return h("section.sheet.back", { "aria-labelledby": id }, h("h2", { id }, icon("again"), "Practice due"),
      due.length ? h("ul.plainlist", due.map((one) => h("li.row.row--between", h("span", h("b", count(one.cards, "card")), ` ${one.title}`),
        h("a.btn.btn--sm", { href: practiseHref(one.lesson, one.ref) }, "Practice now", h("span.sr", ` ${one.title}`)))))
        : h("p.muted", `No practice due today. ${soon || "Cards you mix up come back after 2 days, 2 weeks and 6 weeks."}`),
      due.length > 0 && soon && h("p.small.muted", soon));
  }

  next() {
    const { next, lessons } = this.hello;
    const id = uid("next");
    if (!next) {
      const open = lessons.filter((lesson) => lesson.open);
      const all = open.length > 0 && open.every(({ state }) => state === "done");
      return h("section.sheet.next.next--empty", { "aria-labelledby": id }, h("div.next__a", h("p.lab", "What is next"),
        h("h2", { id }, all ? "You are up to date" : "Nothing to do right now"),
        h("p", all ? "All open lessons are done. You can look through any of them again." : "Your trainer opens each lesson in class. It shows up here.")));
    }
    const lesson = lessons.find((one) => one.id === next.lesson);
    const fresh = !lesson || lesson.state === "new";
    const href = next.ref ? exerciseHref(next.lesson, next.ref) : lessonHref(next.lesson);
    const steps = h("div.next__b", h("h3", lesson ? `Lesson ${lesson.number}. ${lesson.title}` : ""));
    this.steps(next, steps);
    return h("section.sheet.next", { "aria-labelledby": id },
      h("div.next__a", h("p.lab", "What is next"), h("h2", { id }, next.title), next.text && h("p", next.text),
        h("div.row", h("a.btn.btn--lg", { href }, fresh ? "Start" : "Keep going", icon("right")),
          h("span.muted.xs", icon("clock"), " You can stop and come back. Your place is kept."))), steps);
  }

  async steps(next, box) {
    try {
      const { blocks } = await this.channel.request("lesson", { lesson: next.lesson });
      const exercises = blocks.filter(({ type }) => type === "exercise");
      const at = Math.max(0, exercises.findIndex(({ ref }) => ref === next.ref));
      const from = Math.max(0, Math.min(at - 1, exercises.length - SHOWN));
      box.append(h("ol.steps", exercises.slice(from, from + SHOWN).map((block) => {
        const [sign, words] = stateOf(block);
        const here = block.ref === next.ref;
        return h("li", { class: `${block.state}${here ? " now" : ""}` }, icon(sign),
          h("span", `${block.number} ${block.title}`, h("small", here ? `You are here. ${kindWords(block)}` : words)));
      })), h("p", h("a", { href: lessonHref(next.lesson) }, `All ${exercises.length} exercises`)));
    } catch { /* the list is extra */ }
  }

  record() {
    const { named, mixed, sure_missed: sure, answered } = this.hello.record;
    const id = uid("record");
    const name = (option) => lower(this.terms.label(option));
    const facts = answered ? [
      named?.[1] > 0 && h("li", h("b", `${named[0]} of ${named[1]}`), "cards where you named the question that decides"),
      mixed && h("li", h("b", count(mixed.count, "time")), `you called ${name(mixed.best)} “${name(mixed.chose)}.” This is the mix-up to watch`),
      h("li", h("b", count(sure, "card")), "you were sure about and missed"),
      !named?.[1] && h("li", h("b", count(answered, "card")), "answered so far"),
    ] : null;
    return h("section.soft", { "aria-labelledby": id }, h("h2", { id }, "What your practice shows so far"),
      facts ? h("ul.can", facts)
        : h("p.empty", icon("cards"), "Nothing yet. After your first cards you will see here which questions you named and which terms you mix up."),
      h("p", h("a", { href: "#/record" }, "My record: cards, writing, and keeping or deleting it")),
      h("p.small.muted", icon("eye"), " Only you and your coach see this. It describes practice. It is not a grade."));
  }
}
