import { fill, focusOn, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { note } from "./notes.js";
import { isBlank } from "./write-form.js";
import { count, lower, quoted, sentence, short, spelled } from "./words.js";

const PAUSE = 2000;
const PATIENCE = 2500;
const KINDS = {
  "birth-date": "a date of birth", "case-number": "a case number", phone: "a phone number", email: "an email address",
  address: "an address", "full-name": "a full name", ssn: "a Social Security number",
};

const about = ({ kind, words }) => `${quoted(words)} looks like ${KINDS[kind] || "something private"}.`;
const keyOf = ({ kind, criterion, defect, words }) => [kind || criterion, defect, words].join("|");

// Questions about a draft, asked when the writer pauses: the strip of parts, the count, identifiers, hints.
export class Hints {
  // read(): the text now; request(text): what the rules find in it, or null when they cannot be asked; takeOut(words): removes words from the text.
  constructor({ view, on, read, request, takeOut, say }) {
    Object.assign(this, { rubric: view.rubric, rows: view.table, on, read, request, takeOut, say, told: null, number: 0, off: new Set(), said: new Set() });
    this.parts = h("ol.parts", { "aria-label": "The parts to write" });
    this.count = h("p.count");
    this.panel = h("div.advice");
    this.draw();
    this.ask(false);
  }

  close() { clearTimeout(this.timer); }

  changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(true), PAUSE);
  }

  // What the rules find in the text as it is now; nothing when they cannot be reached soon.
  async ask(aloud) {
    clearTimeout(this.timer);
    const response = this.read();
    const text = JSON.stringify(response);
    const number = this.number += 1;
    if (isBlank(response)) this.told = null;
    else if (text !== this.asked) {
      try {
        const told = await Promise.race([this.request(response), new Promise((resolve) => { setTimeout(resolve, PATIENCE); })]);
        if (number !== this.number || !told) return;
        this.told = told;
      } catch { return; }
    }
    this.asked = text;
    this.draw();
    if (aloud && this.told) this.speak();
  }

  shown(list) { return (list || []).filter((one) => !this.off.has(keyOf(one))); }
  get hints() { return this.shown(this.told?.hints); }
  get identifiers() { return this.shown(this.told?.identifiers); }
  get open() { return [...this.identifiers.map(about), ...this.hints.map(({ question }) => question)]; }

  speak() {
    const fresh = [...this.identifiers.map((one) => `One thing to check before you send: ${about(one)}`), ...this.hints.map(({ question }) => question)]
      .find((words) => !this.said.has(words));
    if (fresh) this.said.add(fresh);
    this.say([this.told.say, fresh].filter(Boolean).join(" "));
  }

  // ---- Drawing ----
  draw() {
    const held = this.panel.contains(document.activeElement) ? document.activeElement.dataset.key || "" : null;
    const { told, rubric: { words: [least, most] } } = this;
    fill(this.parts, this.rubric.parts.map((part, index) => this.part(part, index)));
    fill(this.count, told && h("b", told.say), !this.rows && ` Aim for ${least} to ${most}${told ? "" : " words"}.`);
    fill(this.panel, this.identifiers.map((one) => this.identifier(one)), this.questions());
    if (held !== null) focusOn([...this.panel.querySelectorAll("[data-key]")].find(({ dataset }) => dataset.key === held) || this.panel.querySelector("h3, button"));
  }

  part({ label, help, criterion }, index) {
    const words = this.told?.found?.[criterion];
    const again = this.hints.some((hint) => hint.criterion === criterion);
    return h("li", { class: again ? "ask" : words ? "has" : "" }, h("b", `${index + 1}. ${label}`),
      again ? h("small", icon("look"), "Look again") : words ? h("small", icon("check"), h("span", h("span.sr", "Found: "), quoted(short(words, 28)))) : h("small", help));
  }

  identifier(one) {
    const key = keyOf(one);
    const name = KINDS[one.kind];
    const button = (kind, text, click) => h(`button.btn.btn--row${kind}`, { type: "button", "data-key": `${key} ${kind}`, click }, text);
    return note("idcard", "look", h("b", about(one)), " Please take it out before you send, even if you made it up. It is a good habit to keep.",
      h("div.row", button("", "Take it out for me", () => {
        this.takeOut(one.words);
        this.ask(true);
      }), button(".btn--2", name ? `It is not ${name}` : "It can stay", () => this.hide(key, "It stays."))));
  }

  questions() {
    if (!this.on || !this.told) return null;
    const id = uid("hints");
    const { hints } = this;
    const hidden = this.told.hints.length - hints.length;
    const also = Object.entries(this.told.found || {}).filter(([name]) => !this.rubric.parts.some((part) => part.criterion === name))
      .flatMap(([name, words]) => this.rubric.criteria.filter((one) => one.id === name).map((one) => `${lower(one.name)} (${quoted(words)})`));
    return h("section.hints", { "aria-labelledby": id },
      h("h3", { id, tabindex: -1 }, hints.length ? `${spelled(hints.length)} ${hints.length === 1 ? "question" : "questions"} before you send` : "No questions from the hints"),
      h("p.small.muted", "Hints come from simple word rules. They can be mistaken, and they never set your score. Your coach decides."),
      h("ul", hints.map((hint) => this.hint(hint)),
        !hints.length && h("li.ok", icon("done"), h("p", "Read it once out loud. Would the family know what you mean?")),
        also.length > 0 && h("li.ok", icon("done"), h("p", `Also found: ${also.join(", ")}.`))),
      hidden > 0 && h("button.link.small", { type: "button", "data-key": "hidden", click: () => this.bringBack() }, `Show ${count(hidden, "hint")} you turned off`));
  }

  hint(hint) {
    const key = keyOf(hint);
    return h("li", icon("ask"), h("div", h("p.q", hint.question), hint.words && h("p", `You wrote ${quoted(sentence(hint.words))}`)),
      h("button.link.off", { type: "button", "data-key": key, click: () => this.hide(key, "This hint is off.") }, "This hint is off", h("span.sr", `: ${hint.question}`)));
  }

  hide(key, words) {
    this.off.add(key);
    this.draw();
    focusOn(this.panel.querySelector(".note button, .hints h3"));
    this.say(words);
  }

  bringBack() {
    this.off.clear();
    this.draw();
    focusOn(this.panel.querySelector(".hints h3"));
  }
}
