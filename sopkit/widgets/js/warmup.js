import { announcer } from "./announce.js";
import { square } from "./coach-words.js";
import { fill, focusOn, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { keysLine } from "./keys.js";
import { Lines } from "./marking-lines.js";
import { note } from "./notes.js";
import { count } from "./words.js";

const KEYS = [["[0]", " ", "[1]", " ", "[2]", " score, then next line"], ["[↑]", " ", "[↓]", " move between lines"], ["[Ctrl]", " ", "[Enter]", " compare"], ["[Ctrl]", " ", "[Z]", " take back"]];

// Samples with known marks, one at a time: the coach marks, then compares.
export class WarmUp {
  constructor(coach, told) {
    Object.assign(this, { coach, told });
    const { element, say } = announcer();
    this.say = say;
    this.rubric = { ...told.rubric, criteria: told.rubric.criteria.filter(({ counts }) => counts) };
    this.title = `Warm-up: ${told.rubric.title}`;
    this.heading = h("h1", { tabindex: -1 }, this.title);
    this.inside = h("div.warm", { keydown: (event) => this.keydown(event) });
    this.element = h("div", h("p.crumb", h("a", { href: "#/mark" }, "To mark")), this.heading,
      h("p.muted.under", `Mark a sample, then see how the authors marked it and why. After ${count(told.needed, "sample")} you can mark learners’ writing.`),
      this.inside, element);
    this.at = told.samples.findIndex(({ yours }) => !yours);
    if (this.at < 0) this.showEnd();
    else this.showSample();
  }

  get sample() { return this.told.samples[this.at]; }

  frame(...content) {
    const { text, family } = this.sample;
    this.head = h("h2", { tabindex: -1 }, `Sample ${this.at + 1} of ${this.told.samples.length}`);
    fill(this.inside, h("div.mark2", h("div.sheet.work", this.head, h("p.sub", h("b", "The practice family: "), family), h("blockquote.stm", text)), ...content));
  }

  showSample() {
    this.lines = new Lines({ rubric: this.rubric, say: this.say, changed: () => fill(this.confirm) });
    const id = uid("warm");
    this.confirm = h("div.confirm");
    this.frame(h("section.sheet.markform", { "aria-labelledby": id },
      h("header", h("h2", { id }, this.lines.title), h("span.small.muted", "No hints here.")), this.lines.element,
      h("div.send", h("button.btn", { type: "button", click: () => this.compare() }, "Compare"), this.confirm, keysLine(KEYS, this.say))));
  }

  async compare() {
    if (this.sending) return;
    if (this.lines.missing) {
      const words = this.lines.askForMissing();
      fill(this.confirm, h("p.pickhint", words));
      return void this.say(words);
    }
    this.sending = true;
    try {
      this.told = await this.coach.ask("warmed", { rubric: this.rubric.id, exemplar: this.sample.id, marks: this.lines.marks });
      if (this.told.warmed) this.coach.warmed(this.rubric.id);
      this.showCompared();
    } catch (error) {
      fill(this.confirm, note("alert", "look", error.message));
      this.say(error.message);
    }
    this.sending = false;
  }

  showCompared() {
    const { yours, marks, why } = this.sample;
    const same = this.rubric.criteria.filter(({ id }) => yours[id] === marks[id]).length;
    const id = uid("compared");
    this.lines = null;
    const last = this.told.samples.every((one) => one.yours);
    const words = `The same in ${same} of ${count(this.rubric.criteria.length, "line")}`;
    const head = h("h2", { id, tabindex: -1 }, words);
    this.frame(h("section.sheet.markform", { "aria-labelledby": id }, h("header", head),
      h("ol.pairs", this.rubric.criteria.map((line, index) => h("li", h("h3", `${index + 1}. ${line.name}`),
        h("p.pairs__m", h("span", "You ", square(yours[line.id])), h("span", "Known ", square(marks[line.id])), apart(Math.abs(yours[line.id] - marks[line.id]))),
        h("p", why[line.id])))),
      h("div.send", h("button.btn", { type: "button", click: () => this.next() }, last ? "See how it went" : "Next sample", icon("right")),
        this.told.warmed && !last && h("a.btn.btn--2", { href: "#/mark" }, "Start marking"))));
    focusOn(head, null);
    this.inside.scrollIntoView({ block: "start" });
    this.say(`${words}.`);
  }

  next() {
    this.at = this.told.samples.findIndex(({ yours }) => !yours);
    if (this.at < 0) {
      this.showEnd();
      return focusOn(this.head);
    }
    this.showSample();
    return focusOn(this.head);
  }

  showEnd() {
    const { same, within, of, samples } = this.told;
    this.lines = null;
    this.head = h("h2", { tabindex: -1 }, samples.length ? `You marked all ${count(samples.length, "sample")}` : "No samples to warm up on");
    fill(this.inside, h("div.sheet.message", this.head,
      samples.length > 0 && h("p", `The same in ${same} of ${count(of, "line")}, within one step in ${within} of ${of}.`),
      h("p.muted", samples.length ? "This is for you. It helps to see which lines you read more strictly or more kindly than the authors." : "You can start marking."),
      h("p", h("a.btn", { href: "#/mark" }, "Start marking", icon("right"))),
      samples.length > 0 && h("details.fold", h("summary", "Look at them again"), samples.map((sample, index) => this.again(sample, index)))));
  }

  again({ text, yours, marks, why }, index) {
    const names = new Map(this.rubric.criteria.map(({ id, name }) => [id, name]));
    return h("div.again", h("h3", `Sample ${index + 1}`), h("p", text), h("ul.plainlist", [...names].filter(([id]) => yours[id] !== marks[id])
      .map(([id, name]) => h("li", h("b", name), `: you ${yours[id]}, known ${marks[id]}. ${why[id]}`))),
    [...names.keys()].every((id) => yours[id] === marks[id]) && h("p.muted", "The same in every line."));
  }

  keydown(event) {
    if (!this.lines) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.compare();
    } else this.lines.keydown(event);
  }
}

function apart(steps) {
  const [sign, words] = [["check", "The same"], ["swap", "One step away"], ["swap", "Two steps away"]][steps];
  return h("span.st", { class: steps ? "st--o" : "st--a" }, icon(sign), words);
}
