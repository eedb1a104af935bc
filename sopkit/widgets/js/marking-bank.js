import { lineNumber } from "./coach-words.js";
import { fill, focusOn, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { listed } from "./rubric.js";

// Ready comments: those for lines below 2 first, all of them on demand.
export class Bank {
  // marks(): the scores so far. insert(box, text): puts a comment into "works" or "step". request(kind, body) -> {comments}.
  constructor({ rubric, comments, marks, insert, request, say }) {
    Object.assign(this, { rubric, comments, marks, insert, request, say, all: false, gone: null });
    this.id = uid("bank");
    this.element = h("section.bank", { "aria-labelledby": this.id, keydown: (event) => this.keydown(event) });
    this.draw();
  }

  number(line) { return this.rubric.criteria.findIndex(({ id }) => id === line) + 1; }
  get below() { return this.rubric.criteria.filter(({ id, counts }) => counts && this.marks()[id] < 2).map(({ id }) => id); }

  // Comments on a line below 2, as that line was scored; what coaches added says no score.
  get fitting() {
    const marks = this.marks();
    return this.comments.filter(({ line, for: score }) => line && marks[line] < 2 && (score === null || score === marks[line]));
  }

  // Where a comment goes: praise to what works, all others to the next step.
  static box({ line, for: score }) { return line === null || score === 2 ? "works" : "step"; }

  draw() {
    const held = this.element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const { below, fitting } = this;
    const shown = this.all ? this.comments : fitting;
    const lines = listed(below.map((line) => String(this.number(line))));
    fill(this.element,
      h("h2", { id: this.id, tabindex: -1 }, this.all || !below.length ? "Comment bank" : `Comment bank, for line${below.length > 1 ? "s" : ""} ${lines}`),
      !shown.length && h("p.small.muted", below.length ? "No ready comment for these lines yet." : "Score a line below 2, and comments for it show here."),
      h("ul", shown.map((one) => h("li", this.comment(one)))),
      this.gone && h("p.small", "Taken out of the bank. ", h("button.link", { type: "button", "data-key": "back", click: () => this.putBack() }, "Put it back")),
      h("button.link.small", { type: "button", "data-key": "all", "aria-expanded": String(this.all), click: () => { this.all = !this.all; this.draw(); } },
        this.all ? "Only for these lines" : `All ${this.comments.length} comments`));
    if (held) focusOn([...this.element.querySelectorAll("[data-key]")].find(({ dataset }) => dataset.key === held) || this.element.querySelector("h2"));
  }

  comment(one) {
    const box = Bank.box(one);
    const where = box === "works" ? "One thing that works" : "One next step";
    return [
      h("button.bank__c", { type: "button", "data-key": `${one.line} ${one.text}`, click: () => { this.insert(box, one.text); this.say(`Added to: ${where}.`); } },
        one.line ? lineNumber(this.number(one.line)) : icon("star"), h("span", one.text, h("span.sr", `. Add to: ${where}`)), icon("plus")),
      one.id !== null && h("button.btn.btn--3.btn--sm", { type: "button", "data-key": `out ${one.id}`, click: () => this.drop(one) }, "Take out", h("span.sr", ` of the bank: ${one.text}`)),
    ];
  }

  // Keeps a text that the coach typed. Returns what to say.
  async add(line, text) {
    if (!text) return "Write the comment first. Then keep it.";
    if (this.comments.some((one) => one.text === text)) return "The bank has this one already.";
    await this.change("add_comment", { line, text });
    return `Kept in the bank${line ? `, for line ${this.number(line)}` : ""}.`;
  }

  async drop(one) {
    this.gone = one;
    const done = await this.change("drop_comment", { id: one.id });
    if (!done) this.gone = null;
    this.draw();
    focusOn(this.element.querySelector('[data-key="back"]'));
    this.say(done ? "Taken out of the bank." : "It could not be taken out. Try again.");
  }

  async putBack() {
    const { line, text } = this.gone;
    this.gone = null;
    await this.change("add_comment", { line, text });
    focusOn(this.element.querySelector("h2"));
    this.say("It is back in the bank.");
  }

  async change(kind, body) {
    try {
      this.comments = (await this.request(kind, { rubric: this.rubric.id, ...body })).comments;
      this.draw();
      return true;
    } catch {
      return false;
    }
  }

  focus() { focusOn(this.element.querySelector("button")); }

  keydown(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.leave?.();
  }
}
