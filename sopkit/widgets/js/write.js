import { fill, focusOn, h } from "./dom.js";
import { same } from "./draft.js";
import { icon } from "./icons.js";
import { keycap, typing } from "./keys.js";
import { note } from "./notes.js";
import { rubricTable } from "./rubric.js";
import { Story } from "./story.js";
import { written } from "./write-compare.js";
import { Form, gaps, isBlank, shaped } from "./write-form.js";
import { Hints } from "./write-hints.js";
import { returnedScreen, sentScreen } from "./write-kept.js";
import { clock, day } from "./words.js";

const STATE = ["sent", "result", "tries", "waiting", "can_send", "hints_on"];

// Writing for a coach: a draft with questions beside it; then sent and waiting; then back with the coach's words.
export class Write {
  constructor(host) {
    const { view } = host;
    Object.assign(this, { host, view, say: host.say });
    this.take(view);
    const draft = host.draft.value && shaped(view, host.draft.value);
    this.unsent = draft && !same(draft, shaped(view, this.state.sent)) ? draft : null;
    this.lineChanged = host.channel.onChange(() => this.sending && host.channel.offline && this.holdOffline());
    if (this.canSend && (this.unsent || !this.state.sent)) this.showEditor();
    else this.showKept();
  }

  get progress() { return this.state; }
  get tries() { return this.state.tries || []; }
  get last() { return this.tries[this.tries.length - 1] || null; }
  get canSend() { return this.view.open && this.state.can_send !== false; }

  take(told) { this.state = Object.fromEntries(STATE.map((name) => [name, told[name]])); }

  close() {
    this.hints?.close();
    this.lineChanged();
  }

  // ---- Screens ----
  showEditor(focus = false) {
    const { view, host } = this;
    this.hints?.close();
    this.form = new Form(view, this.unsent || this.state.sent, { changed: () => this.changed(), say: this.say });
    this.hints = new Hints({
      view, on: this.state.hints_on !== false, say: this.say, read: () => this.form.response, takeOut: (words) => this.form.takeOut(words),
      request: (response) => (host.channel.offline ? null : host.channel.request("hints", { ref: view.ref, response })),
    });
    this.confirm = h("div.confirm");
    const button = (kind, click, ...words) => h(`button.btn${kind}`, { type: "button", click }, words);
    this.send = button(".btn--lg", () => this.check(), this.tries.length || !view.graded_later ? "Send to my coach" : "Keep this text", icon("right"));
    this.discard = button(".btn--3", () => this.askDiscard(), this.state.sent ? "Drop my changes" : "Delete my draft");
    fill(host.main, this.lead(),
      h("div.duo", this.beside(), h("div.writing", this.hints.parts, this.form.element, this.hints.count, this.hints.panel)),
      rubricTable(view.rubric),
      h("div.ex__foot", this.send, this.discard,
        this.state.sent && button(".btn--3", () => this.showKept(true), this.last?.mark ? "My coach’s words" : "What I sent"),
        this.confirm, h("p.keys", h("span", keycap("Ctrl"), keycap("Enter"), " goes to Send. It does not send.")),
        h("p.small.muted.wide", view.mode === "practice" ? "" : "You can send this once. ", "Your draft saves while you type. You can stop and come back.")));
    this.changed(true);
    if (focus) this.form.focus();
  }

  // The step to work on while revising, or word that a text is on its way.
  lead() {
    const { last } = this;
    if (!last) return null;
    const words = last.mark ? last.mark.step && [h("b", "Your coach’s next step for you: "), last.mark.step]
      : [h("b", "Your coach has your earlier text. "), `You sent it ${day(last.at)} at ${clock(last.at)}. If you send this one, your coach reads this one.`];
    return words && h("div.lead", note(last.mark ? "flag" : "saved", "", words));
  }

  beside() {
    const { given, story } = this.view;
    if (!given && !story) return null;
    const told = story && new Story(story);
    told?.draw([]);
    return h("div.duo__a", { role: "region", tabindex: 0, "aria-label": "What you know" }, given && h("div.given", h("h3", "What you know"), h("p", given)), told?.element);
  }

  showKept(focus = false) {
    const { host, view, last } = this;
    this.hints?.close();
    this.form = null;
    const { after } = host;
    const screen = last?.mark ? returnedScreen(this) : this.state.sent ? sentScreen(this)
      : [note("info", "plain", h("h3", { tabindex: -1 }, "Nothing was sent from here.")), this.unsent && written(view, this.unsent)];
    const words = last?.mark ? "Revise" : last ? "Send a newer text" : "Change my text";
    fill(host.main, ...screen, h("div.ex__foot",
      this.canSend && h("button.btn", { type: "button", class: last?.mark?.decision === "again" ? "" : "btn--2", click: () => this.showEditor(true) }, icon("pencil"), words),
      after && h("a.btn", { class: last?.mark?.decision === "again" ? "btn--2" : "", href: after.href }, after.label, icon("right"))));
    if (!focus) return;
    focusOn(host.main.querySelector("h3[tabindex]"), null);
    host.element.scrollIntoView({ block: "start" });
  }

  // ---- Acts ----
  changed(first = false) {
    const { response } = this.form;
    this.discard.hidden = this.state.sent ? same(response, shaped(this.view, this.state.sent)) : isBlank(response);
    if (first) return;
    this.unsent = response;
    this.host.draft.set(response);
    this.hints.changed();
    fill(this.confirm);
  }

  async check() {
    if (this.sending || this.form.tooLong()) return;
    if (isBlank(this.form.response)) {
      fill(this.confirm, h("p.pickhint", "Write a few words first. Then send."));
      this.say("Write a few words first. Then send.");
      return void this.form.focus();
    }
    await this.hints.ask(false);
    const { form } = this;
    if (!form || this.sending) return;
    const open = [...this.hints.open, ...gaps(this.view, form.response)];
    if (!open.length) return void this.submit();
    const keep = h("button.btn.btn--2", { type: "button", click: () => { fill(this.confirm); form.focus(); } }, "Keep writing");
    fill(this.confirm, h("h3", { tabindex: -1 }, "Before you send"), h("ul.still", open.map((words) => h("li", words))),
      h("p", "You may send it as it is. Your coach decides, not the hints."),
      h("div.row", h("button.btn", { type: "button", click: () => this.submit() }, "Send anyway"), keep));
    focusOn(this.confirm.querySelector("h3"));
  }

  async submit() {
    const { form } = this;
    const response = form.response;
    this.sending = true;
    form.hold(true);
    fill(this.confirm, h("p.muted", "Sending…"));
    this.send.setAttribute("aria-disabled", "true");
    if (this.host.channel.offline) this.holdOffline();
    const reply = await this.host.submit(response);
    this.sending = false;
    if (this.form !== form) return;
    form.hold(false);
    this.send.removeAttribute("aria-disabled");
    fill(this.confirm);
    if (!reply) return void focusOn(this.send);
    this.take({ ...this.state, ...reply });
    this.unsent = null;
    this.showKept(true);
    this.say(this.last ? "Sent to your coach." : "Your text is kept.");
  }

  holdOffline() {
    fill(this.confirm, note("saved", "look", h("b", "Saved on this device. "), "It is sent when the connection is back."));
  }

  askDiscard() {
    const back = Boolean(this.state.sent);
    const keep = h("button.btn.btn--2", { type: "button", click: () => { fill(this.confirm); focusOn(this.discard); } }, "Keep it");
    fill(this.confirm, h("p", h("b", back ? "Drop what you changed?" : "Delete this draft?"), back ? " The text you sent stays." : " It cannot be brought back."),
      h("div.row", h("button.btn", { type: "button", click: () => this.drop() }, back ? "Drop my changes" : "Delete it"), keep));
    focusOn(keep);
  }

  drop() {
    const { sent } = this.state;
    this.unsent = null;
    this.host.draft.set(shaped(this.view, sent));
    if (sent) this.showKept(true);
    else this.showEditor(true);
    this.say(sent ? "Your changes are gone. The text you sent stays." : "Draft deleted.");
  }

  keydown(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !this.form || !typing(event.target)) return;
    event.preventDefault();
    focusOn(this.send);
  }
}
