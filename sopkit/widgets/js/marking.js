import { tryName } from "./coach-words.js";
import { fill, focusOn, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { keysLine, keysOn, typing } from "./keys.js";
import { Bank } from "./marking-bank.js";
import { Hold } from "./marking-hold.js";
import { KeptMarks } from "./marking-kept.js";
import { Lines } from "./marking-lines.js";
import { Words } from "./marking-words.js";
import { bothReadings, context, readingNote, Statement } from "./marking-work.js";
import { note } from "./notes.js";
import { clock, count, day } from "./words.js";

const WIDE = "(min-width: 64rem)";
const KEYS = [["[0]", " ", "[1]", " ", "[2]", " score, then next line"], ["[A]", " agree with hint"], ["[↑]", " ", "[↓]", " move between lines"], ["[C]", " comments"],
  ["[Ctrl]", " ", "[Enter]", " send and open next"], ["[Ctrl]", " ", "[Z]", " take back"]];

// One writing that a coach has open: the statement and what belongs to it, and the form to mark it with.
export class Marking {
  // sent(queue), lost(error, typed, forget), back(): what the page does then.
  constructor(coach, view, { say, sent, lost, back }) {
    Object.assign(this, { coach, view, say, sent, lost, back });
    this.kept = new KeptMarks(coach.hello.person.id, view);
    const before = this.kept.read();
    this.heading = h("h1", { tabindex: -1 }, view.label);
    this.statement = new Statement(view);
    this.lines = new Lines({
      rubric: view.rubric, suggestions: view.suggestions, marks: before?.marks || view.yours?.marks || agreedByBoth(view), say,
      changed: () => this.changed(), moved: () => this.drawCurrent(),
    });
    this.words = new Words({ ...(before || view.yours), reading: view.reading, changed: () => this.keep(), keep: (box, text) => this.keepComment(box, text) });
    this.bank = new Bank({
      rubric: view.rubric, comments: view.comments, marks: () => this.lines.marks, say,
      insert: (box, text) => this.words.insert(box, text), request: (kind, body) => coach.ask(kind, body),
    });
    this.bank.leave = () => focusOn(this.lines.inputOf(this.lines.at));
    this.work = h("div.sheet.work", this.heading,
      h("p.sub", `${view.title}. ${tryName(view.number)}, ${day(view.at)}.`), readingNote(view),
      view.yours && note("pencil", "plain", `You marked this ${day(view.yours.at)}. You can mend it until the learner revises it. The newest counts.`),
      before && note("saved", "plain", "Your unsent marks are back."),
      this.statement.element, view.reading === "final" && bothReadings(view), context(view));
    this.element = h("div.mark2", { keydown: (event) => this.keydown(event) }, this.work, this.form());
    this.hold = new Hold({
      until: view.until, seconds: before?.seconds || 0, element: this.element, draw: () => this.drawHold(),
      renew: () => this.renew(), lost: (error) => this.lose(error),
    });
    this.wide = window.matchMedia(WIDE);
    this.placeBank = () => (this.wide.matches ? this.work.append(this.bank.element) : this.words.element.before(this.bank.element));
    this.wide.addEventListener("change", this.placeBank);
    this.placeBank();
    this.drawCurrent();
    this.drawHold();
  }

  form() {
    const id = uid("form");
    this.confirm = h("div.confirm");
    this.minutes = h("span.small.muted");
    this.until = h("span.small.muted");
    this.button = h("button.btn", { type: "button", click: () => this.check() }, "Send and open next", icon("right"));
    return h("section.sheet.markform", { "aria-labelledby": id },
      h("header", h("h2", { id }, this.lines.title), h("span.small.muted", Object.keys(this.view.suggestions).length ? "Hints come from word rules. You decide." : "You decide.")),
      this.lines.element, this.words.element,
      h("div.send", this.button, this.minutes, this.confirm,
        h("div.send__2", this.until, h("button.link.small", { type: "button", click: () => this.back() }, "Give it back")),
        keysLine(KEYS, this.say)));
  }

  // ---- Drawing ----
  drawCurrent() { this.statement.draw(this.lines.at); }

  drawHold() {
    const minutes = Math.floor(this.hold.seconds / 60);
    const words = [minutes ? `${count(minutes, "minute")} on this one` : "Less than a minute on this one",
      this.hold.over ? "No longer kept for you. Go on, and it is kept again." : `Kept for you until ${clock(new Date(this.hold.until).toISOString())}.`];
    [this.minutes, this.until].forEach((element, index) => { if (element.textContent !== words[index]) element.textContent = words[index]; });
  }

  // ---- What is typed and marked ----
  get typed() { return { marks: this.lines.marks, ...this.words.value, seconds: this.hold.seconds }; }
  keep() { this.kept.keep(this.typed); }

  changed() {
    fill(this.confirm);
    this.keep();
    this.bank.draw();
    this.drawCurrent();
  }

  async keepComment(box, text) {
    const { lines } = this;
    const weakest = lines.counted.filter(({ id }) => lines.marks[id] < 2).sort((one, other) => lines.marks[one.id] - lines.marks[other.id])[0];
    this.say(await this.bank.add(box === "works" ? null : (weakest || lines.current).id, text));
  }

  // ---- Keeping it for this coach ----
  async renew() {
    const { attempt, reading } = this.view;
    const { until, label } = await this.coach.ask("take", { attempt, reading, names: this.coach.filters.names });
    this.view.label = label;
    this.heading.textContent = label;
    return until;
  }

  // Names were shown or hidden.
  rename() { this.hold.again(true); }

  lose(error) { if (!this.over) this.lost(error, this.typed, () => this.kept.forget()); }

  // ---- Sending ----
  check() {
    if (this.sending) return;
    if (this.lines.missing) return void this.tell(this.lines.askForMissing());
    const { decision } = this.words.value;
    if (!decision) return void this.tell(this.words.askForDecision());
    if (this.view.reading === "second" || !this.words.empty) return void this.send();
    const write = h("button.btn.btn--2", { type: "button", click: () => { fill(this.confirm); focusOn(this.words.works.area); } }, "Write a few words");
    fill(this.confirm, h("p", h("b", "There are no words for the learner yet."), " One thing that works and one next step help most."),
      h("div.row", h("button.btn", { type: "button", click: () => this.send() }, "Send without words"), write));
    focusOn(write);
    this.say("There are no words for the learner yet. Send without words?");
  }

  tell(words) {
    fill(this.confirm, h("p.pickhint", words));
    this.say(words);
  }

  async send() {
    const { attempt, reading } = this.view;
    const { marks, strength, step, decision, seconds } = this.typed;
    this.sending = true;
    this.button.setAttribute("aria-disabled", "true");
    fill(this.confirm, h("p.muted", "Sending…"));
    try {
      const queue = await this.coach.ask("mark", { attempt, reading, marks, strength: strength.trim(), step: step.trim(), decision, seconds, ...this.coach.filters });
      this.kept.forget();
      if (!this.over) this.sent(queue);
    } catch (error) {
      this.sending = false;
      this.button.removeAttribute("aria-disabled");
      if (["locked", "read", "unknown"].includes(error.code)) return void this.lose(error);
      fill(this.confirm, note("alert", "look", error.message));
      this.say(error.message);
      focusOn(this.button);
    }
  }

  keydown(event) {
    const { key, target } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return void this.check();
    }
    if (this.lines.keydown(event)) return;
    if ((key !== "c" && key !== "C") || !keysOn() || event.ctrlKey || event.metaKey || event.altKey || typing(target)) return;
    event.preventDefault();
    this.bank.focus();
  }

  // Leaves this writing. What was marked and typed stays in this tab until it is sent.
  close() {
    this.over = true;
    this.hold.close();
    this.wide.removeEventListener("change", this.placeBank);
  }
}

// The scores on which two readings agree, for settling the others.
function agreedByBoth({ reading, readings, rubric }) {
  if (reading !== "final") return {};
  const two = readings.filter((one) => one.reading !== "final");
  return Object.fromEntries(rubric.criteria.filter(({ id }) => two.length > 1 && two.every(({ marks }) => marks[id] !== undefined && marks[id] === two[0].marks[id]))
    .map(({ id }) => [id, two[0].marks[id]]));
}
