import { fill, focusOn, h, uid } from "./dom.js";
import { highlighted, ratedScreen, summaryScreen, tally } from "./judge-result.js";
import { activates, keysLine, keysOn, typing } from "./keys.js";
import { note } from "./notes.js";
import { MARKS, markNumber } from "./rubric.js";
import { Story } from "./story.js";
import { count } from "./words.js";

// Sample writing, one at a time: the learner marks each line, then sees the key beside it.
export class Judge {
  constructor(host) {
    const { view } = host;
    Object.assign(this, { host, view, say: host.say, items: view.items, criteria: view.criteria });
    this.answers = { ...view.answers };
    this.summary = view.summary;
    this.practice = view.mode === "practice";
    this.lineChanged = host.channel.onChange(() => this.sending && host.channel.offline && this.holdOffline());
    this.at = view.open ? this.next(0) : this.items.length;
    this.show(this.item ? "rate" : "summary");
  }

  get progress() { return { answers: this.answers, summary: this.summary }; }
  get item() { return this.items[this.at]; }
  get answer() { return this.answers[this.item.id]; }
  get name() { return `Sample ${this.at + 1}`; }

  close() { this.lineChanged(); }

  // The first sample from `from` on that has no answer.
  next(from) {
    const places = [...this.items.keys()].filter((place) => !this.answers[this.items[place].id]);
    return places.find((place) => place >= from) ?? places[0] ?? this.items.length;
  }

  show(screen, focus = false) {
    this.screen = screen;
    this.sending = false;
    if (screen === "summary") fill(this.host.main, ...summaryScreen(this));
    else if (screen === "rated") fill(this.host.main, this.where(), ...ratedScreen(this));
    else this.rate();
    if (!focus) return;
    focusOn(this.host.main.querySelector(screen === "rate" ? ".sample" : "h3[tabindex]"), null);
    this.host.element.scrollIntoView({ block: "start" });
  }

  go(place, screen, focus = true) {
    this.at = place;
    this.show(screen, focus);
  }

  // ---- The sample and its lines ----
  rate() {
    const draft = this.host.draft.value;
    const start = (draft?.item === this.item.id ? draft.marks : this.answer?.marks) || {};
    this.lines = this.criteria.map((criterion, index) => this.line(criterion, index, start[criterion.id]));
    this.hint = h("p.pickhint");
    this.compare = h("button.btn", { type: "button", click: () => this.check() }, this.summary.revealed ? "Compare" : "Save my marks");
    fill(this.host.main, this.where(), this.savedNote(),
      h("div.duo.duo--rate", this.sample(), h("div.rating", h("h3", "Mark each line"), this.lines)),
      h("div.ex__foot", this.compare, this.answer && h("button.btn.btn--3", { type: "button", click: () => this.go(this.at, "rated") }, "My last marks"), this.hint,
        keysLine([["[0]", " ", "[1]", " ", "[2]", " mark the line and go on"], ["[Enter]", " compare"]], this.say)));
    this.marked(true);
  }

  sample(words = []) {
    const { given, text } = this.item;
    const { story } = this.view;
    const told = story && new Story(story);
    told?.draw([]);
    return h("div.duo__a", { role: "region", tabindex: 0, "aria-label": this.name }, given && h("div.given", h("h3", "What you know"), h("p", given)),
      h("div.sample", { tabindex: -1 }, h("p.small.muted", `Made-up family. ${this.name}`), h("p.own", highlighted(text, words))),
      told && h("details", h("summary", "The family’s story"), told.element));
  }

  line({ id, name, ask, anchors }, index, mark) {
    const group = uid("line");
    const help = uid("ask");
    return h("fieldset.jline", { "data-line": id, "aria-describedby": help, change: () => this.marked() },
      h("legend", `${index + 1}. ${name}`), h("p.hint", { id: help }, ask),
      h("div.jline__b", anchors.map((anchor, value) => h("label.choice",
        h("input", { type: "radio", name: group, value, checked: mark === value }),
        h("span.choice__face", markNumber(value), h("span", h("b", MARKS[value]), h("span.def", anchor)))))));
  }

  where() {
    const { total, answered } = this.summary;
    return h("div.where", h("ol.pips", { "aria-hidden": "true" }, this.items.map(({ id }, place) =>
      h("li", { class: `${this.answers[id] ? (this.answers[id].feedback?.verdict === "not-quite" ? "seen" : "fit") : ""} ${place === this.at ? "now" : ""}`.trim() }))),
    h("p", h("b", `${this.name} of ${total}.`), answered ? ` ${answered} marked.` : ""));
  }

  savedNote() {
    const words = this.saved;
    this.saved = null;
    return words && note("saved", "plain", h("b", words), ` ${this.host.later}`);
  }

  // ---- Acts ----
  get marks() {
    return Object.fromEntries(this.lines.flatMap((line) => {
      const chosen = line.querySelector("input:checked");
      return chosen ? [[line.dataset.line, Number(chosen.value)]] : [];
    }));
  }

  get open() { return this.lines.filter((line) => !line.querySelector("input:checked")); }

  marked(first = false) {
    if (this.open.length) this.compare.setAttribute("aria-disabled", "true");
    else this.compare.removeAttribute("aria-disabled");
    this.hint.textContent = "";
    if (!first) this.host.draft.set({ item: this.item.id, marks: this.marks });
  }

  check() {
    const [line] = this.open;
    if (!line) return this.submit();
    this.hint.textContent = `${count(this.open.length, "line has", "lines have")} no mark yet. Choose 0, 1 or 2.`;
    this.say(this.hint.textContent);
    return focusOn(line.querySelector("input"));
  }

  async submit() {
    if (this.sending) return;
    const { at, item } = this;
    const marks = { ...this.marks };
    this.sending = true;
    this.compare.setAttribute("aria-disabled", "true");
    if (this.host.channel.offline) this.holdOffline();
    const reply = await this.host.submit({ answers: { [item.id]: { marks } } });
    const here = this.sending && this.at === at;
    if (here) this.sending = false;
    if (!reply) return void (here && this.marked(true));
    Object.assign(this.answers, reply.answers);
    this.summary = reply.summary;
    if (!here) return;
    const { feedback } = this.answers[item.id];
    if (feedback) {
      this.show("rated", true);
      this.say(tally(feedback));
      return;
    }
    this.saved = `${this.name} is saved.`;
    this.say(this.saved);
    this.onward();
  }

  holdOffline() {
    this.hint.textContent = "Saved on this device. It is sent when the connection is back.";
  }

  // After a sample: the next one without an answer, or how it went.
  onward() {
    const place = this.next(this.at + 1);
    this.go(place, this.items[place] ? "rate" : "summary");
  }

  keydown(event) {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || typing(target)) return;
    if (key === "Enter") {
      if (activates(target) || this.screen === "summary") return;
      event.preventDefault();
      if (this.screen === "rated") this.onward();
      else this.check();
      return;
    }
    if (!keysOn() || this.screen !== "rate" || !["0", "1", "2"].includes(key) || activates(target)) return;
    event.preventDefault();
    const line = target.closest(".jline") || this.open[0] || this.lines[0];
    const input = line.querySelector(`input[value="${key}"]`);
    input.checked = true;
    this.marked();
    const below = this.lines[this.lines.indexOf(line) + 1];
    const name = line.querySelector("legend").textContent;
    focusOn(below ? below.querySelector("input:checked") || below.querySelector("input") : this.compare);
    this.say(`${name} ${key}, ${MARKS[key]}.`);
  }
}
