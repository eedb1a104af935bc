import { fill, focusOn, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { activates, keycap, keysLine, keysOn, typing } from "./keys.js";
import { Story } from "./story.js";
import { quoted } from "./words.js";

const VERDICTS = {
  fits: { icon: "done", words: "This fits." },
  partly: { icon: "half", words: "This fits in part." },
  "not-quite": { icon: "look", words: "Not quite." },
};

// A conversation: choose what to say, hear the answer, see why it helps or not, go on.
export class Dialogue {
  constructor(host) {
    const { view } = host;
    Object.assign(this, { host, view, say: host.say, practice: view.mode === "practice" });
    this.turns = new Map(view.turns.map((turn) => [turn.id, turn]));
    this.answers = { ...view.answers };
    this.summary = view.summary;
    this.path = this.walked();
    this.telling = false;
    this.lineChanged = host.channel.onChange(() => this.sending && host.channel.offline && this.holdOffline());
    this.draw();
  }

  get progress() { return { answers: this.answers, summary: this.summary }; }
  get lastStep() { return this.path[this.path.length - 1] || null; }
  get ended() { return Boolean(this.lastStep && !this.lastStep.choice.next); }
  get turn() { return this.lastStep ? this.turns.get(this.lastStep.choice.next) || null : this.view.turns[0]; }

  close() { this.lineChanged(); }

  // The steps already taken, from the first turn on.
  walked() {
    const path = [];
    let turn = this.view.turns[0];
    while (turn && path.length < this.turns.size) {
      const { [turn.id]: answer } = this.answers;
      const choice = answer && turn.choices.find(({ id }) => id === answer.choice);
      if (!choice) break;
      path.push({ turn, choice });
      turn = this.turns.get(choice.next);
    }
    return path;
  }

  // ---- Drawing ----
  // focus: "reply" (what the other person answered), "turn" (what comes next) or null.
  draw(focus = null) {
    const { view, host, lastStep } = this;
    const story = view.story && new Story(view.story);
    story?.draw([]);
    this.log = h("ol.talk-log", { "aria-label": "The conversation so far" }, this.path.map((step, index) => this.said(step, index)));
    const feedback = lastStep && (this.telling || this.ended) ? this.answers[lastStep.turn.id]?.feedback : null;
    const asking = !this.telling && this.turn && view.open;
    fill(host.main, h("p.scene", view.scene), story && h("details", h("summary", "The family’s story"), story.element),
      this.log, feedback && this.told(feedback), asking ? this.asks() : this.onward(Boolean(feedback)));
    if (!focus) return;
    const seen = focus === "reply" ? this.log.querySelector(".bubble--last") : this.log.querySelector(".bubble--now") || this.log.lastElementChild;
    focusOn(seen, "start");
  }

  bubble(who, words, kind) {
    return h("div.bubble", { class: kind, tabindex: -1 }, h("b", who), h("p", words));
  }

  said({ turn, choice }, index) {
    const last = index === this.path.length - 1;
    const { feedback } = this.answers[turn.id] || {};
    return h("li", this.bubble(turn.who, turn.says, ""), h("div.bubble.bubble--you", h("b", "You"), h("p", choice.text),
      feedback && h("small", icon(VERDICTS[feedback.verdict].icon), feedback.label)),
    this.bubble(turn.who, choice.reply, last ? "bubble--last" : ""),
    feedback && !last && h("details.talk-why", h("summary", "Why", h("span.sr", `: ${feedback.label}`)), this.reasons(feedback)));
  }

  asks() {
    const { turn } = this;
    const name = uid("say");
    const draft = this.host.draft.value;
    const tried = this.answers[turn.id]?.choice;
    const start = draft?.turn === turn.id && draft.choice !== tried ? draft.choice : null;
    this.log.append(h("li", this.bubble(turn.who, turn.says, "bubble--now")));
    this.fields = h("fieldset.choices", { change: () => this.changed() }, h("legend", "What do you say?"),
      h("div.choices__grid.choices__grid--one", h("div.col", turn.choices.map(({ id, text }, index) => h("label.choice",
        h("input", { type: "radio", name, value: id, checked: start === id }),
        h("span.choice__face.choice__face--say", h("span", text, tried === id && h("span.def", icon("person"), " You tried this one.")), h("span.choice__end", keycap(String(index + 1)), icon("done"))))))));
    this.hint = h("p.pickhint");
    this.speak = h("button.btn", { type: "button", click: () => this.check() }, "Say this");
    this.ready();
    return [this.fields, h("div.ex__foot", this.speak, this.hint,
      keysLine([["[1]", " to ", `[${turn.choices.length}]`, " choose"], ["[Enter]", " say it"]], this.say))];
  }

  told(feedback) {
    const { icon: sign, words } = VERDICTS[feedback.verdict];
    const { label, take_away: takeAway } = feedback;
    return h("section.talk-fb", h("h3.fb__head", { tabindex: -1 }, icon(sign), h("span", `${label}. ${words}`)), this.reasons(feedback),
      takeAway && h("div.decide", h("h4", "To take with you"), h("p", takeAway)));
  }

  reasons({ verdict, why, best }) {
    const name = verdict === "fits" ? "This fits too" : best?.length > 1 ? "These fit better" : "This fits better";
    return [h("p", why), best?.length > 0 && h("div.better", h("p.better__h", name),
      h("ul", best.map((one) => h("li", h("p", quoted(one.text)), h("p.small", h("b", `${one.label}. `), one.why)))))];
  }

  // What one can do after a reply, or when the conversation is over.
  onward(told) {
    const { view, host, practice, ended } = this;
    const { after } = host;
    const button = (kind, sign, words, click) => h(`button.btn${kind}`, { type: "button", click }, sign && icon(sign), words);
    const able = practice && view.open && this.lastStep;
    return [ended && h("p.talk-end", h("b", "The conversation ends here."), !told && ` ${host.later}`),
      h("div.ex__foot",
        !ended && this.turn && view.open && h("button.btn", { type: "button", click: () => this.goOn() }, "Go on", icon("right")),
        ended && after && h("a.btn", { href: after.href }, after.label, icon("right")),
        able && told && button(".btn--2", "undo", "Try another way", () => this.back()),
        able && ended && this.path.length > 1 && button(".btn--3", "again", "Start again", () => this.restart()))];
  }

  // ---- Acts ----
  get choice() { return this.fields?.querySelector("input:checked")?.value || null; }

  ready() {
    if (this.choice) this.speak.removeAttribute("aria-disabled");
    else this.speak.setAttribute("aria-disabled", "true");
  }

  changed() {
    this.ready();
    this.hint.textContent = "";
    this.host.draft.set({ turn: this.turn.id, choice: this.choice });
  }

  check() {
    if (this.choice) return this.submit();
    this.hint.textContent = "Choose what to say first.";
    this.say(this.hint.textContent);
    return focusOn(this.fields.querySelector("input"));
  }

  async submit() {
    if (this.sending) return;
    const { turn, choice: id } = this;
    this.sending = true;
    this.speak.setAttribute("aria-disabled", "true");
    if (this.host.channel.offline) this.holdOffline();
    const reply = await this.host.submit({ answers: { [turn.id]: { choice: id } } });
    this.sending = false;
    if (!reply) return void this.ready();
    Object.assign(this.answers, reply.answers);
    this.summary = reply.summary;
    this.path.push({ turn, choice: turn.choices.find((choice) => choice.id === id) });
    const { feedback } = this.answers[turn.id];
    this.telling = Boolean(feedback);
    this.draw("reply");
    this.say(feedback ? `${feedback.label}. ${VERDICTS[feedback.verdict].words}` : "Saved.");
  }

  holdOffline() {
    this.hint.textContent = "Saved on this device. The answer comes when the connection is back.";
  }

  goOn() {
    this.telling = false;
    this.draw("turn");
  }

  back() {
    this.path.pop();
    this.goOn();
  }

  restart() {
    this.path = [];
    this.goOn();
  }

  keydown(event) {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || typing(target) || activates(target)) return;
    const asking = !this.telling && this.turn && this.view.open;
    if (key === "Enter") {
      if (!asking && !this.telling) return;
      event.preventDefault();
      if (asking) this.check();
      else if (this.turn) this.goOn();
      return;
    }
    const choice = keysOn() && asking && this.turn.choices[Number(key) - 1];
    const input = choice && this.fields.querySelector(`input[value="${CSS.escape(choice.id)}"]`);
    if (!input) return;
    event.preventDefault();
    input.checked = true;
    input.focus();
    this.changed();
  }
}
