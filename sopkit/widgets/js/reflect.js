import { fill, focusOn, h, uid } from "./dom.js";
import { same } from "./draft.js";
import { icon } from "./icons.js";
import { typing } from "./keys.js";
import { note } from "./notes.js";
import { LONGEST } from "./write-form.js";

const shaped = (raw) => ({ text: raw?.text ?? "", shared: raw?.shared ?? false });

// Writing for oneself. Nobody else sees it unless the learner shares it, and nothing is scored.
export class Reflect {
  constructor(host) {
    const { view } = host;
    Object.assign(this, { host, view, say: host.say, sent: view.sent, result: view.result });
    const draft = host.draft.value && shaped(host.draft.value);
    this.value = draft && !same(draft, shaped(this.sent)) ? draft : shaped(this.sent);
    this.lineChanged = host.channel.onChange(() => this.sending && host.channel.offline && this.tell("Saved on this device. It is kept when the connection is back."));
    if (view.open && (!this.sent || !same(this.value, shaped(this.sent)))) this.showEditor();
    else this.showKept();
  }

  get progress() { return { sent: this.sent, result: this.result }; }

  close() { this.lineChanged(); }

  showEditor(focus = false) {
    const { view, value } = this;
    const [id, help, asks] = [uid("reflect"), uid("help"), uid("asks")];
    this.box = h("textarea.area", { id, rows: 7, autocomplete: "off", "aria-describedby": `${asks} ${help}`, input: () => this.changed() });
    this.box.value = value.text;
    this.share = h("input", { type: "checkbox", checked: value.shared, change: () => this.changed() });
    this.hint = h("p.pickhint");
    this.keep = h("button.btn", { type: "button", click: () => this.submit() }, "Keep this");
    fill(this.host.main, this.asks(asks), note("lock", "plain", h("b", "Only you can see this, unless you share it. "), "It is never scored."),
      h("div.field.private", h("label", { for: id }, "What you think"),
        h("p.hint", { id: help }, "Write about yourself and your practice. No real names or case facts."), this.box),
      h("label.tick", this.share, h("span", "Share this with my coach")),
      h("div.ex__foot", this.keep, this.sent && h("button.btn.btn--3", { type: "button", click: () => this.leave() }, "Leave it as it was"), this.hint,
        h("p.small.muted.wide", "Your draft saves while you type. You can stop and come back.")));
    if (focus) focusOn(this.box);
  }

  asks(id) {
    const { prompts } = this.view;
    return prompts.length > 1 ? h("ul.asks", { id }, prompts.map((words) => h("li", words))) : h("p.asks", { id }, prompts[0]);
  }

  showKept(focus = false) {
    const { host, view, sent, result } = this;
    const { after } = host;
    const kept = sent ? (sent.shared ? "Kept, and shared with your coach." : "Kept. Only you can see this.") : "Nothing was written here.";
    fill(host.main, this.asks(uid("asks")), note(sent ? (sent.shared ? "chat" : "lock") : "info", sent ? "good" : "plain", h("h3", { tabindex: -1 }, kept)),
      sent && h("section.yours", h("h3", "What you wrote"), h("p.own", sent.text)),
      result?.afterwards && h("div.decide.afterwards", h("h3", "A thought for later"), h("p", result.afterwards)),
      h("div.ex__foot", after && h("a.btn", { href: after.href }, after.label, icon("right")),
        view.open && h("button.btn.btn--2", { type: "button", click: () => this.showEditor(true) }, icon("pencil"), "Change it")));
    if (focus) focusOn(host.main.querySelector("h3"), null);
  }

  changed() {
    this.value = { text: this.box.value, shared: this.share.checked };
    this.tell("");
    this.host.draft.set(this.value);
  }

  leave() {
    this.value = shaped(this.sent);
    this.host.draft.set(this.value);
    this.showKept(true);
  }

  tell(words) {
    this.hint.textContent = words;
    if (words) this.say(words);
  }

  async submit() {
    if (this.sending) return;
    const { text } = this.value;
    if (!text.trim() || text.length > LONGEST) {
      this.tell(text.trim() ? `This is longer than one note can be. Keep about ${LONGEST / 6} words, then keep it.` : "Write a few words first. Then keep them.");
      return void focusOn(this.box);
    }
    this.sending = true;
    this.keep.setAttribute("aria-disabled", "true");
    if (this.host.channel.offline) this.tell("Saved on this device. It is kept when the connection is back.");
    const reply = await this.host.submit({ ...this.value });
    this.sending = false;
    this.keep.removeAttribute("aria-disabled");
    if (!reply) return;
    this.sent = reply.sent;
    this.result = reply.result;
    if (!same(this.value, shaped(this.sent))) return;
    this.showKept(true);
    this.say(this.sent.shared ? "Kept, and shared with your coach." : "Kept. Only you can see this.");
  }

  keydown(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !typing(event.target)) return;
    event.preventDefault();
    focusOn(this.keep);
  }
}
