import { DECISIONS } from "./coach-words.js";
import { focusOn, h, uid } from "./dom.js";
import { icon } from "./icons.js";

const LONGEST = 2000;

// The coach's words to the learner, and what comes then.
export class Words {
  // keep(box, text): puts a text into the comment bank. reading "second" goes to nobody but the academy.
  constructor({ strength = "", step = "", decision = null, reading, changed, keep }) {
    Object.assign(this, { changed, keep });
    this.works = this.box("works", "One thing that works", strength);
    this.step = this.box("step", "One next step", step);
    this.hint = h("p.pickhint");
    const name = uid("then");
    this.choices = h("fieldset", { change: () => { this.hint.textContent = ""; changed(); } }, h("legend.label", "Then"),
      h("div.dec", Object.entries(DECISIONS).map(([value, [sign, words]]) => h("label",
        h("input", { type: "radio", name, value, checked: decision === value }), h("span", icon(sign), words)))), this.hint);
    this.element = h("div.say", reading === "second" && h("p.hint", "The learner does not see this reading. Your words help to settle it if the two differ."),
      this.works.element, this.step.element, this.choices);
  }

  box(name, label, text) {
    const id = uid(name);
    const area = h("textarea.area", { id, rows: 2, maxlength: LONGEST, input: () => this.changed() });
    area.value = text;
    const keep = h("button.link.small", { type: "button", click: () => this.keep(name, area.value.trim()) }, "Keep this in the bank", h("span.sr", `: ${label}`));
    return { area, element: h("div.field", h("div.field__h", h("label", { for: id }, label), keep), area) };
  }

  get value() {
    return { strength: this.works.area.value, step: this.step.area.value, decision: this.choices.querySelector("input:checked")?.value || null };
  }
  get empty() { return !this.works.area.value.trim() && !this.step.area.value.trim(); }

  // Adds a comment to what is there; nothing is replaced.
  insert(name, text) {
    const { area } = this[name];
    const before = area.value.trimEnd();
    area.value = before ? `${before} ${text}` : text;
    this.changed();
  }

  askForDecision() {
    const words = "Choose what comes then: accept, try again or talk.";
    this.hint.textContent = words;
    focusOn(this.choices.querySelector("input"));
    return words;
  }
}
