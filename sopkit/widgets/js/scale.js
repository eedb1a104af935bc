import { fill, focusOn, h, uid } from "./dom.js";
import { same } from "./draft.js";
import { icon } from "./icons.js";
import { note } from "./notes.js";
import { storyBox } from "./storybox.js";

const NUMBERS = [...Array(11).keys()];
const LONGEST = 6000;

// A 0-10 question with its two text boxes. Never right or wrong. `lock` shows what was sent instead.
export class ScaleForm {
  // family: whether it is about a practice family (else about the learner).
  constructor({ scale, answer, locked, family, change }) {
    Object.assign(this, { scale, family, change });
    this.element = h("div.scale");
    if (locked) this.lock(answer);
    else this.unlock(answer);
  }

  get value() { return { value: this.number, not_lower: this.lower?.value ?? "", one_up: this.up?.value ?? "" }; }
  get number() {
    const chosen = this.element.querySelector("input:checked");
    return chosen && Number(chosen.value);
  }
  get blank() { return this.number === null && !this.value.not_lower.trim() && !this.value.one_up.trim(); }

  // The first part that is still empty, as an element to go to; null when all three are there.
  get missing() {
    if (this.number === null) return this.element.querySelector("input");
    return [this.lower, this.up].find((box) => !box.value.trim()) || null;
  }

  unlock(answer) {
    const { question, low, high, not_lower: notLower, one_up: oneUp } = this.scale;
    const [name, ends] = [uid("scale"), uid("ends")];
    this.lower = this.box(answer?.not_lower);
    this.up = this.box(answer?.one_up);
    fill(this.element, h("fieldset", { "aria-describedby": ends, change: () => this.change() },
      h("legend", question), h("p.hint", "Any number is fine. Your reasons matter more than the number."),
      h("div.scale__row", NUMBERS.map((number) => h("label", h("input", { type: "radio", name, value: number, checked: answer?.value === number }), h("span", String(number))))),
      h("div.scale__ends", { id: ends }, h("p", h("b", "0"), " ", low), h("p", h("b", "10"), " ", high))),
    h("div.scale__why", this.field(this.lower, notLower), this.field(this.up, oneUp)),
    h("p.hint", this.family ? "Write about the practice family only. " : "", "No real names, dates of birth, numbers or places."));
  }

  lock(answer) {
    const { question, not_lower: notLower, one_up: oneUp } = this.scale;
    const row = (asked, said) => h("div", h("dt", asked), h("dd", said || "You left this empty."));
    this.lower = this.up = null;
    fill(this.element, h("h3", question), answer
      ? h("dl.scale__said", row("Your number", answer.value === null ? "" : String(answer.value)), row(notLower, answer.not_lower), row(oneUp, answer.one_up))
      : h("p.muted", "You left this empty."));
  }

  box(text) {
    const box = h("textarea.area", { id: uid("box"), rows: 3, maxlength: LONGEST, input: () => this.change() });
    box.value = text || "";
    return box;
  }

  field(box, label) { return h("div.field", h("label", { for: box.id }, label), box); }
}

// Choosing a number on a 0-10 scale.
export class Scale {
  constructor(host) {
    const { view } = host;
    Object.assign(this, { host, view, say: host.say, sent: view.sent || null, told: view.result || null });
    this.practice = view.mode === "practice";
    this.form = new ScaleForm({
      scale: view.scale, answer: (this.free && host.draft.value) || this.sent, locked: !this.free, family: Boolean(view.story || view.given),
      change: () => this.changed(),
    });
    this.below = h("div");
    this.foot = h("div.ex__foot");
    fill(host.main, storyBox(view.story), view.given && h("p.scale__given", view.given), this.form.element, this.below, this.foot);
    this.draw();
  }

  close() {}

  get progress() { return { sent: this.sent, result: this.told }; }
  get free() { return this.view.open && (this.practice || !this.sent); }
  get fresh() { return this.free && !same(this.form.value, this.sent); }

  draw() {
    const { after } = this.host;
    const open = this.free && (this.fresh || !this.sent);
    this.hint = h("p.pickhint");
    this.confirm = h("div.confirm");
    this.foot.hidden = !open && !after;
    fill(this.below, this.sent && this.saved());
    fill(this.foot, open && h("button.btn.btn--main", { type: "button", click: () => this.save() }, this.sent ? "Save my new number" : "Save my number"),
      after && h("a.btn", { class: open ? "btn--2" : "", href: after.href }, after.label, icon("right")), this.hint, this.confirm);
  }

  saved() {
    const consider = this.told?.consider || [];
    return h("div.considered",
      note("saved", "good", h("b", "Saved. "), this.told ? "There is no right number here. Compare your reasons with the ones below." : this.host.later),
      consider.length > 0 && [h("h3", { tabindex: -1 }, "What others would think about"), h("ul.considered__list", consider.map((text) => h("li", text)))]);
  }

  changed() {
    this.host.draft.set(this.form.value);
    if (this.sent && Boolean(this.foot.querySelector(".btn--main")) !== this.fresh) this.draw();
    this.hint.textContent = "";
  }

  tell(text, element) {
    this.hint.textContent = text;
    this.say(text);
    focusOn(element);
  }

  // Asks once more when a part is empty, or when it can be saved only once.
  save() {
    const { missing, blank } = this.form;
    if (this.sending) return undefined;
    if (blank) return this.tell("Choose a number first. Any number is fine.", missing);
    if (!missing && this.practice) return this.send();
    const back = h("button.btn.btn--2", { type: "button", click: () => { this.draw(); focusOn(missing || this.foot.querySelector(".btn--main")); } }, missing ? "Keep going" : "Keep working");
    fill(this.confirm, h("p", missing && h("b", "A part is still empty. "), missing && "You may leave it out. ", !this.practice && "You can save once."),
      h("div.row", h("button.btn", { type: "button", click: () => this.send() }, missing ? "Save it as it is" : "Save"), back));
    return focusOn(back);
  }

  async send() {
    const { value } = this.form;
    this.sending = true;
    await this.host.draft.flush();
    for (const button of this.foot.querySelectorAll(".btn")) button.setAttribute("aria-disabled", "true");
    this.hint.textContent = "Saving…";
    const reply = await this.host.submit(value, (words) => this.say(this.hint.textContent = words));
    this.sending = false;
    if (!reply) {
      this.draw();
      return focusOn(this.foot.querySelector(".btn--main"), null);
    }
    this.sent = reply.sent || value;
    this.told = reply.result || null;
    if (!this.free) this.form.lock(this.sent);
    this.draw();
    this.say("Saved.");
    return focusOn(this.below.querySelector("h3") || this.below.querySelector("b"));
  }

  keydown(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches("textarea")) return;
    event.preventDefault();
    focusOn(this.foot.querySelector(".btn--main"));
  }
}
