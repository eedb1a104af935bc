import { fill, focusOn, h, uid } from "./dom.js";
import { feedbackScreen, marked, spoken } from "./feedback.js";
import { icon } from "./icons.js";
import { activates, keycap, keysLine, keysOn, typing } from "./keys.js";
import { note } from "./notes.js";
import { summaryScreen } from "./summary.js";

// Brings `top` into view when `seen` is above the window or low in it.
function reveal(seen, top = seen) {
  const at = seen.getBoundingClientRect().top;
  if (at < 0 || at > window.innerHeight * 0.6) top.scrollIntoView({ block: "start" });
}

// Cards, one at a time. Rounds: "first" (not answered yet), "review" (those that come back), "browse".
export class Classify {
  constructor(host) {
    const { view } = host;
    Object.assign(this, { host, view, terms: host.terms, say: host.say });
    this.answers = { ...view.answers };
    this.summary = view.summary;
    this.practice = view.mode === "practice";
    const group = view.group && ["worry", "well"].every((side) => view.options.some((option) => option.side === side));
    this.sides = group
      ? [["Worried about", view.options.filter((option) => option.side !== "well")], ["Working well", view.options.filter((option) => option.side === "well")]]
      : [[null, view.options]];
    this.options = this.sides.flatMap(([, options]) => options);
    const offline = () => this.sending && host.channel.offline && this.showWaiting();
    this.close = host.channel.onChange(offline);
    this.startRound("first", view.open ? view.items.map(({ id }) => id).filter((id) => !this.answers[id]) : []);
  }

  get progress() { return { answers: this.answers, summary: this.summary }; }
  get id() { return this.queue[this.at]; }
  get item() { return this.view.items.find(({ id }) => id === this.id); }
  get number() { return this.view.items.indexOf(this.item) + 1; }

  startRound(round, queue) {
    Object.assign(this, { round, queue, at: 0, saved: null });
    this.showCard();
  }

  // ---- Screens ----
  showCard(focus = false) {
    this.shown = this.round === "browse" ? this.answers[this.id] : null;
    this.sending = false;
    if (!this.id) this.showSummary(focus);
    else if (this.shown) this.showFeedback(focus);
    else this.showQuestion(focus);
  }

  showQuestion(focus) {
    const draft = this.host.draft.value;
    const start = draft && draft.item === this.id ? draft : this.round === "review" && !this.summary.revealed ? this.answers[this.id] : {};
    const name = uid("card");
    this.statement = this.card();
    const choice = (option, index) => h("label.choice",
      h("input", { type: "radio", name, value: option.id, checked: start.choice === option.id }),
      h("span.choice__face", this.terms.square(option.id),
        h("span", h("b", option.label), option.definition && h("span.def", option.definition)),
        h("span.choice__end", keycap(String(index + 1)), icon("done"))));
    const side = ([title, options]) => {
      const id = uid("side");
      return h("div.col", title && { role: "group", "aria-labelledby": id }, title && h("h3", { id }, title),
        options.map((option) => choice(option, this.options.indexOf(option))));
    };
    this.fields = h("fieldset.choices", { change: () => this.changed() }, h("legend", "Which one fits best?"),
      h("div.choices__grid", { class: this.sides.length > 1 || this.options.length > 3 ? "" : "choices__grid--one" }, this.sides.map(side)));
    this.which = this.view.ask_question ? this.questionField(start.question) : null;
    this.hint = h("p.pickhint");
    const button = (kind, text, key, act) => h(`button.btn${kind}`, { type: "button", click: act }, text, key && keycap(key));
    this.checks = [button("", "I am sure", "S", () => this.check(true)), button("", "Not sure", "N", () => this.check(false))];
    const foot = h("div.ex__foot", h("div.sure", h("p", this.practice ? "Check my answer:" : "Save my answer:"), this.checks,
      button(".btn--3", "Pass this card", null, () => this.submit(null, null))), this.hint,
      keysLine([["[1]", " to ", `[${this.options.length}]`, " choose"], ["[S]", " or ", "[N]", " check"], ["[P]", " pass"], ["[Enter]", " next card"]], this.say));
    this.draw(this.statement, this.fields, this.which?.element, foot);
    this.changed(true);
    if (!focus) return;
    focusOn(this.statement.querySelector(".statement"), null);
    reveal(this.host.main);
  }

  questionField(value) {
    const id = uid("which");
    const select = h("select.select", { id, change: () => this.changed() }, h("option", { value: "" }, "You may skip this"),
      this.host.hello.questions.map((question) => h("option", { value: question.id, selected: question.id === value }, question.text)));
    return { select, element: h("div.which", h("label", { for: id }, "Which question decided it?", h("span.hint", " Optional")), select) };
  }

  showWaiting() {
    this.sending = false;
    this.waiting = this.id;
    this.draw(this.card(), h("div.after.after--one", note("saved", "look", h("b", "Saved on this device. "),
      this.summary.revealed ? "The explanation comes when the connection is back. You can go on." : "It is sent when the connection is back. You can go on.")),
    this.nextFoot());
    focusOn(this.host.main.querySelector(".ex__foot .btn"));
  }

  showFeedback(focus) {
    const { feedback } = this.shown;
    const returns = this.practice && this.summary.come_back.includes(this.id);
    const screen = feedback
      ? feedbackScreen({ options: this.options, answer: this.shown, returns, terms: this.terms })
      : note("saved", "plain", this.shown.choice ? ["You chose ", this.terms.chip(this.shown.choice), ". "] : "You passed this card. ", "The explanation is not shown yet.");
    this.draw(this.card(feedback?.words), screen, this.nextFoot());
    if (!focus) return;
    const head = screen.querySelector(".fb__head") || this.host.main.querySelector(".statement");
    focusOn(head, null);
    reveal(head, screen);
    if (feedback) this.say(spoken(this.shown, this.terms));
  }

  nextFoot() {
    const browse = this.round === "browse";
    const last = this.at === this.queue.length - 1;
    return h("div.ex__foot",
      browse && this.at > 0 && h("button.btn.btn--2", { type: "button", click: () => this.go(-1) }, icon("left"), "Card before"),
      h("button.btn", { type: "button", click: () => this.go(1) }, last ? (browse ? "Back to the summary" : "See how it went") : "Next card", icon("right")),
      browse && !last && h("button.btn.btn--3", { type: "button", click: () => this.startSummary() }, "Back to the summary"),
      keysOn() && h("span.keys.keys--end", h("span", keycap("Enter"), "next card")));
  }

  showSummary(focus) {
    const screen = summaryScreen(this);
    this.saved = null;
    fill(this.host.main, ...screen);
    if (!focus) return;
    focusOn(this.host.main.querySelector("h3"), null);
    reveal(this.host.main);
  }

  // ---- Pieces ----
  card(words = null) {
    const { danger, text } = this.item;
    return h("div.case",
      danger && h("div.ctx", this.terms.square("danger"), h("p", h("b", "The danger in this case"), danger)),
      h("p.statement", { tabindex: -1 }, h("small", `Made-up family. Card ${this.number}`), marked(text, words)));
  }

  draw(...content) {
    this.where = this.pips();
    fill(this.host.main, this.where, this.saved && this.savedNote(), ...content);
  }

  savedNote() {
    const done = this.saved;
    this.saved = null;
    return note("saved", "plain", h("b", `Card ${done} saved.`), ` ${this.host.later}`);
  }

  pips() {
    const back = new Set(this.summary.come_back);
    const look = ({ id }) => {
      const answer = this.answers[id];
      const kind = !answer ? "" : back.has(id) ? "back" : answer.feedback?.verdict === "talk" ? "seen" : "fit";
      return h("li", { class: `${kind} ${id === this.id ? "now" : ""}`.trim() });
    };
    const { total, answered, fit_first: fit, come_back: again, revealed } = this.summary;
    const place = this.round === "review" ? `Card ${this.at + 1} of ${this.queue.length} to look at again.` : `Card ${this.number} of ${total}.`;
    const scored = Object.values(this.answers).some(({ feedback }) => feedback && feedback.verdict !== "talk");
    const rest = this.round === "review" || !answered ? "" : !revealed ? ` ${answered} saved.` : !scored ? ""
      : ` ${fit} fit the first time.${again.length && this.practice ? ` ${again.length} will come back.` : ""}`;
    return h("div.where", h("ol.pips", { "aria-hidden": "true" }, this.view.items.map(look)), h("p", h("b", place), rest));
  }

  // ---- Acts ----
  get choice() { return this.fields?.querySelector("input:checked")?.value || null; }

  changed(first = false) {
    const { choice } = this;
    for (const button of this.checks) choice ? button.removeAttribute("aria-disabled") : button.setAttribute("aria-disabled", "true");
    if (choice) this.hint.textContent = "";
    if (!first) this.host.draft.set({ item: this.id, choice, question: this.which?.select.value || null });
  }

  check(sure) {
    if (this.choice) return this.submit(this.choice, sure);
    this.hint.textContent = "Choose one first. Then say how sure you are.";
    this.say(this.hint.textContent);
    return focusOn(this.fields.querySelector("input"));
  }

  async submit(choice, sure) {
    if (this.sending) return;
    const { id, number } = this;
    const question = (choice && this.which?.select.value) || null;
    this.sending = true;
    for (const button of this.host.main.querySelectorAll(".ex__foot .btn")) button.setAttribute("aria-disabled", "true");
    if (this.host.channel.offline) this.showWaiting();
    const reply = await this.host.submit({ answers: { [id]: { choice, sure, question } } });
    const here = this.id === id && (this.sending || this.waiting === id);
    if (here) this.sending = this.waiting = null;
    if (!reply) {
      if (here) this.showCard(true);
      return;
    }
    Object.assign(this.answers, reply.answers);
    this.summary = reply.summary;
    if (!here) {
      if (!this.id) return void this.showSummary(false);
      const { where } = this;
      where.replaceWith(this.where = this.pips());
      return;
    }
    this.shown = this.answers[id];
    if (this.shown.feedback) return void this.showFeedback(true);
    this.saved = number;
    this.go(1);
    this.say(`Card ${number} saved.`);
  }

  go(step) {
    this.at += step;
    this.showCard(true);
  }

  startSummary() {
    this.startRound("first", []);
    focusOn(this.host.main.querySelector("h3"));
  }

  keydown(event) {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || typing(target)) return;
    const asking = this.id && !this.shown && this.waiting !== this.id;
    if (key === "Enter") {
      if (activates(target) || !this.id) return;
      event.preventDefault();
      if (!asking) this.go(1);
      else this.say(this.choice ? "Press S if you are sure, N if you are not." : "Choose one first.");
      return;
    }
    if (!keysOn() || !asking || !this.view.open) return;
    const option = this.options[Number(key) - 1];
    const input = option && this.fields.querySelector(`input[value="${CSS.escape(option.id)}"]`);
    if (input) {
      input.checked = true;
      input.focus();
      this.changed();
    } else if (key === "s" || key === "S") this.check(true);
    else if (key === "n" || key === "N") this.check(false);
    else if (key === "p" || key === "P") this.submit(null, null);
    else return;
    event.preventDefault();
  }
}
