import { fill, focusOn, h } from "./dom.js";
import { dragging } from "./dragging.js";
import { same } from "./draft.js";
import { icon } from "./icons.js";
import { keysLine, keysOn, typing } from "./keys.js";
import { note } from "./notes.js";
import { orderResult } from "./orderresult.js";
import { short } from "./words.js";

// Steps to put in order, by buttons, keys or dragging.
export class Order {
  constructor(host) {
    const { view } = host;
    Object.assign(this, { host, view, say: host.say, sent: view.sent || null, result: view.result || null });
    this.practice = view.mode === "practice";
    this.steps = new Map(view.steps.map((step) => [step.id, step]));
    const drafted = this.whole(host.draft.value?.order);
    const unsent = drafted && !same(drafted, this.sent?.order) ? drafted : null;
    this.order = unsent || this.whole(this.sent?.order) || [...this.steps.keys()];
    if (this.free && (!this.sent || unsent)) this.showEditor();
    else this.showSent();
  }

  close() { this.endDrag?.(); }

  get progress() { return { sent: this.sent, result: this.result }; }
  get free() { return this.view.open && (this.practice || !this.sent); }
  get act() { return `${!this.practice ? "Hand in" : this.view.graded_later ? "Save" : "Check"} my order`; }

  // `order` when it has each step once, as the exercise is now; else null.
  whole(order) { return Array.isArray(order) && same([...order].sort(), [...this.steps.keys()].sort()) ? order : null; }

  // ---- Screens ----
  showEditor(focus = false) {
    this.close();
    this.list = h("ol.order", this.order.map((id) => this.row(id)));
    this.hint = h("p.pickhint");
    this.confirm = h("div.confirm");
    const box = h("div.orderbox", this.list);
    this.endDrag = dragging(box, (id, onto) => this.moveTo(id, this.order.indexOf(onto)));
    fill(this.host.main, box, h("div.ex__foot",
      h("button.btn.btn--main", { type: "button", click: () => (this.practice ? this.send() : this.ask()) }, this.act),
      this.sent && h("button.btn.btn--3", { type: "button", click: () => this.showSent(true) }, this.result ? "My last result" : "What I saved"),
      this.hint, this.confirm,
      keysLine([["[Alt]", "[↑]", "[↓]", " move the step"], ["[Home]", "[End]", " to the first or last place"]], this.say)));
    this.number();
    if (focus) focusOn(this.list.querySelector("button"));
  }

  row(id) {
    const { text } = this.steps.get(id);
    const button = (name, words, step) => h("button.updown", { type: "button", "data-step": step, click: () => this.move(id, step) }, icon(name), h("span.sr", `${words}: ${short(text)}`));
    return h("li.step", { "data-id": id, "data-drag": id, "data-drop": id }, h("b.step__n"), h("p", { "data-words": "" }, text), button("up", "Move up", -1), button("down", "Move down", 1));
  }

  // Numbers, and the buttons that lead nowhere.
  number() {
    const rows = [...this.list.children];
    rows.forEach((row, at) => {
      row.querySelector(".step__n").textContent = String(at + 1);
      for (const button of row.querySelectorAll("button")) {
        const able = rows[at + Number(button.dataset.step)];
        able ? button.removeAttribute("aria-disabled") : button.setAttribute("aria-disabled", "true");
      }
    });
  }

  showSent(focus = false) {
    this.close();
    const { after } = this.host;
    const given = this.order.map((id) => h("li.step.step--still", h("p", this.steps.get(id).text)));
    const again = this.free && h("button.btn", { class: after && !this.again ? "btn--2" : "", type: "button", click: () => this.showEditor(true) }, "Change my order");
    const saved = !this.sent ? null : note("saved", "good", h("b", { tabindex: -1 }, "Your order is saved. "), this.host.later);
    fill(this.host.main, this.result ? orderResult(this) : [saved, h("ol.order", given)],
      h("div.ex__foot", again, after && h("a.btn", { class: again && this.again ? "btn--2" : "", href: after.href }, after.label, icon("right"))));
    if (!focus) return;
    focusOn(this.host.main.querySelector("h3, b[tabindex]"), null);
    this.host.element.scrollIntoView({ block: "start" });
  }

  // Whether some steps are still to move.
  get again() { return Boolean(this.result?.steps.some(({ state }) => state === "move")); }

  // ---- Acts ----
  move(id, step) { this.moveTo(id, this.order.indexOf(id) + step, step); }

  // Puts a step at a place. Elements move with it, so that the focus can go back to the button that was used.
  moveTo(id, place, step = 0) {
    const at = this.order.indexOf(id);
    if (place < 0 || place >= this.order.length || place === at) {
      this.say(`This is step ${at + 1} of ${this.order.length} already.`);
      return;
    }
    this.order = this.order.filter((one) => one !== id);
    this.order.splice(place, 0, id);
    const row = this.list.children[at];
    row.remove();
    this.list.insertBefore(row, this.list.children[place] || null);
    this.number();
    this.hint.textContent = "";
    fill(this.confirm);
    this.host.draft.set({ order: this.order });
    focusOn(row.querySelector(`button[data-step="${step || 1}"]`));
    this.say(`Now step ${place + 1} of ${this.order.length}.`);
  }

  ask() {
    const no = h("button.btn.btn--2", { type: "button", click: () => { fill(this.confirm); focusOn(this.host.main.querySelector(".btn--main")); } }, "Keep working");
    fill(this.confirm, h("p", h("b", "Hand in this order?"), " You can hand in once. You cannot change it after."),
      h("div.row", h("button.btn", { type: "button", click: () => this.send() }, "Hand in"), no));
    focusOn(no);
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    await this.host.draft.flush();
    const buttons = this.host.main.querySelectorAll(".ex__foot .btn");
    for (const button of buttons) button.setAttribute("aria-disabled", "true");
    this.hint.textContent = "Sending your order…";
    const reply = await this.host.submit({ order: this.order }, (words) => this.say(this.hint.textContent = words));
    this.sending = false;
    if (!reply) {
      for (const button of buttons) button.removeAttribute("aria-disabled");
      this.hint.textContent = "";
      fill(this.confirm);
      focusOn(this.host.main.querySelector(".btn--main"), null);
      return;
    }
    this.sent = reply.sent || { order: this.order };
    this.result = reply.result || null;
    this.showSent(true);
    if (!this.result) this.say("Your order is saved.");
  }

  // Alt with an arrow, Home and End move the step that has the focus. Home and End can be turned off.
  keydown(event) {
    const { key, altKey: alt, target } = event;
    const id = target.closest?.(".step")?.dataset.id;
    if (!id || event.ctrlKey || event.metaKey || event.shiftKey || typing(target)) return;
    const step = alt ? { ArrowUp: -1, ArrowDown: 1 }[key] : null;
    const end = !alt && keysOn() ? { Home: 0, End: this.order.length - 1 }[key] : undefined;
    if (!step && end === undefined) return;
    event.preventDefault();
    if (step) this.move(id, step);
    else this.moveTo(id, end, end ? 1 : -1);
  }
}
