import { announcer } from "./announce.js";
import { markHref, square, tryName } from "./coach-words.js";
import { fill, focusOn, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { goalPart } from "./learner-goal.js";
import { minutesPart, notesPart, questionsPart } from "./learner-talk.js";
import { count, day, lower } from "./words.js";

const MOST_DOTS = 40;

// All that a coach may know of one learner, to get ready for a conversation.
export class LearnerPage {
  constructor(coach, told) {
    Object.assign(this, { coach, terms: coach.terms, session: told.session.id, id: told.person.id });
    const { element, say } = announcer();
    this.say = say;
    this.title = told.person.name;
    this.first = told.person.name.split(/\s+/)[0];
    this.heading = h("h1", { tabindex: -1 }, told.person.name);
    this.inside = h("div");
    this.picked = new Set();
    this.element = h("div.one", h("p.crumb.no-print", h("a", { href: "#/learners" }, "Learners")), this.inside, element);
    this.draw(told);
  }

  // Sends a change, and draws the parts it touches anew; what is typed in the others stays. Returns an error message, or null.
  async change(kind, body, words, touched) {
    try {
      this.told = await this.coach.ask(kind, { session: this.session, person: this.id, ...body });
    } catch (error) {
      this.say(error.message);
      return error.message;
    }
    for (const name of touched) this.redraw(name);
    this.say(words);
    return null;
  }

  redraw(name) {
    const made = PARTS[name](this) || h("div");
    this.parts[name].replaceWith(made);
    this.parts[name] = made;
  }

  draw(told) {
    this.told = told;
    this.parts = Object.fromEntries(Object.entries(PARTS).map(([name, make]) => [name, make(this) || h("div")]));
    const { who, goal, mixed, writings, reflections, questions, shared_notes: shared, notes, minutes, stays } = this.parts;
    fill(this.inside, who, h("div.cols", h("div", goal, mixed, writings, reflections), h("div", questions, shared, notes, minutes, stays)));
  }

  who() {
    const { session, minutes, writings } = this.told;
    const next = writings.find((one) => this.waits(one));
    return h("div.who", h("div", this.heading, h("p.muted", `${session.title}. ${minutes.total ? `${count(minutes.total, "minute")} of coaching so far.` : "No coaching yet."}`)),
      next && h("a.btn.btn--2.no-print", { href: markHref(next.attempt, "first") }, `Mark ${this.first}’s new writing`));
  }

  part(title, ...content) {
    const id = uid("part");
    return h("section.sheet.part", { "aria-labelledby": id }, h("h2", { id, tabindex: -1 }, title), ...content);
  }

  // Puts the focus where a part begins, after the page was drawn anew.
  focusPart(title) { focusOn([...this.element.querySelectorAll("h2")].find((head) => head.textContent === title)); }

  // Whether a writing needs a mark: the newest try of its exercise does.
  waits(one) {
    return !one.decision && !this.told.writings.some((other) => other.title === one.title && other.number > one.number);
  }

  // ---- Cards ----
  mixed() {
    const { mixed, options, calibration: { sure, not_sure: unsure } } = this.told;
    const name = (option) => this.terms.chip(option);
    const dots = (filled, of) => of <= MOST_DOTS && h("span.dots", { "aria-hidden": "true" }, Array.from({ length: of }, (_, index) => h("i", { class: index < filled ? "on" : "" })));
    const fact = (pair, words) => pair[1] > 0 && h("li", h("b", `${pair[0]} of ${pair[1]}`), words);
    return this.part(`What ${this.first} mixes up`,
      mixed.length > 0 && h("p.sub", "First tries at practice cards. One dot is one card; a filled dot is a mix-up."),
      mixed.length ? h("ul.pat", mixed.map(({ best, chose, count: number, of }) => h("li",
        h("p.pr", name(best), " called ", name(chose)), h("div", dots(number, of), h("p.small", `${number} of ${count(of, "card")}${number < 2 ? ". Too few to call a pattern." : ""}`)))))
        : h("p.empty", icon("cards"), options.length ? "No mix-ups so far." : "Nothing yet. After the first cards, the terms that get mixed up show here."),
      options.length > 0 && h("p.small.muted", "Fit at first: ", options.map(({ option, fit, of }) => `${lower(this.terms.label(option))} ${fit} of ${of}`).join(", "), "."),
      sure[1] + unsure[1] > 0 && h("ul.cal", fact(sure, `fit when ${this.first} was sure`), fact(unsure, `fit when ${this.first} was not sure`)));
  }

  // ---- Writing ----
  writings() {
    const { writings } = this.told;
    const skills = [...new Set(writings.map(({ skill }) => skill))];
    return this.part("Writing so far", skills.length
      ? skills.map((skill) => this.skill(skill, writings.filter((one) => one.skill === skill)))
      : h("p.empty", icon("pencil"), "Nothing yet. What this learner sends shows here with its marks."));
  }

  skill(skill, rows) {
    const [{ criteria }] = rows;
    return [h("h3", skill), h("div.scroll-x", { tabindex: 0, role: "region", "aria-label": `${skill}, marks by line` }, h("table.tbl.hist", h("caption.sr", `${skill}, marks by line`),
      h("thead", h("tr", h("th", { scope: "col" }, "Statement"), criteria.map(({ name }, index) => h("th.sc", { scope: "col" }, String(index + 1), h("span.sr", ` ${name}`))), h("th", { scope: "col" }, "Outcome"))),
      h("tbody", rows.map((one) => this.row(one, criteria))))),
    h("p.small.muted", "Lines: ", criteria.map(({ name }, index) => `${index + 1} ${name}`).join(". "), ".")];
  }

  row(one, criteria) {
    const { title, number, at, text, marks, decision, level, attempt } = one;
    return h("tr", h("th", { scope: "row" }, title, h("small", `${tryName(number)}, ${day(at)}`),
      h("details.fold", h("summary", "Read it", h("span.sr", `: ${title}, ${tryName(number)}`)), h("p.lines", text))),
    criteria.map(({ id }) => h("td.sc", square(marks?.[id]))),
    h("td", decision ? [h("b", decision), level && h("small", level)]
      : this.waits(one) ? h("a.btn.btn--2.btn--sm.no-print", { href: markHref(attempt, "first") }, "Mark", h("span.sr", `: ${title}, ${tryName(number)}`))
        : h("span.muted", "A newer try took its place")));
  }

  reflections() {
    const { reflections } = this.told;
    return reflections.length > 0 && this.part(`What ${this.first} shared with you`,
      reflections.map(({ title, text }) => h("figure.cue", h("figcaption", title), h("blockquote.lines", text))));
  }

  stays() {
    const fact = (sign, words) => h("li", icon(sign), h("span", words));
    const part = this.part("What stays here", h("ul.prv", fact("lock", "Your own notes are yours. Shared notes are for the two of you."),
      fact("eye", "This describes practice. It does not decide if someone is ready, and it gives no advice on real cases.")));
    part.classList.add("no-print");
    return part;
  }
}

const PARTS = {
  who: (page) => page.who(), goal: goalPart, mixed: (page) => page.mixed(), writings: (page) => page.writings(), reflections: (page) => page.reflections(),
  questions: questionsPart, shared_notes: (page) => notesPart(page, "shared_notes"), notes: (page) => notesPart(page, "notes"),
  minutes: minutesPart, stays: (page) => page.stays(),
};
