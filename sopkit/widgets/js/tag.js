import { fill, focusOn, h } from "./dom.js";
import { same } from "./draft.js";
import { icon } from "./icons.js";
import { activates, keysLine, keysOn, typing } from "./keys.js";
import { Marks } from "./marks.js";
import { note } from "./notes.js";
import { Palette } from "./palette.js";
import { Pointing } from "./pointing.js";
import { Story, taggedParts } from "./story.js";
import { resultScreen } from "./tagresult.js";
import { count, lower } from "./words.js";

// Tagging a story. A part is a sentence until the learner selects other words.
export class Tag {
  constructor(host) {
    const { view, terms } = host;
    Object.assign(this, { host, view, terms, say: host.say, options: view.options });
    this.practice = view.mode === "practice";
    this.result = view.result;
    this.sent = view.sent || null;
    const drafted = host.draft.value?.marks || null;
    const unsent = drafted && !same(drafted, this.sent?.marks) ? drafted : null;
    this.marks = new Marks(unsent || this.sent?.marks || marksOf(view.result));
    this.selection = null;
    this.current = 0;
    const finished = this.sent || this.result || (!this.practice && host.block?.state === "done");
    if (view.open && (!finished || (this.practice && unsent))) this.showEditor();
    else if (this.result) this.showResult();
    else this.showLocked();
  }

  get progress() { return { result: this.result, sent: this.sent }; }
  get act() { return !this.practice ? "Hand in my tags" : this.view.graded_later ? "Save my tags" : "Check my tags"; }

  close() { this.pointing?.close(); }

  // ---- Screens ----
  showEditor(focus = false) {
    this.screen = "editor";
    this.story = new Story(this.view.story, { interactive: true });
    this.story.text.setAttribute("role", "group");
    this.story.text.setAttribute("aria-label", "The story, sentence by sentence");
    this.story.text.addEventListener("focusin", (event) => this.focused(event));
    this.close();
    this.pointing = new Pointing(this.story, {
      word: (word) => { this.select(this.marks.runAt(word, this.story.sentences[this.story.sentenceAt(word)]), true); this.speak(); },
      range: (range, focus) => { this.select(range, focus); this.speak(); },
    });
    this.palette = new Palette(this.terms, this.options, {
      tag: (name) => this.tag(name, true), clear: () => this.clear(true), edge: (edge, step) => this.moveEdge(edge, step),
      undo: () => this.undo(), redo: () => this.redo(),
    });
    this.tally = h("p.tally");
    this.confirm = h("div.confirm");
    fill(this.host.main, h("div.grid", this.story.element, this.palette.element),
      h("div.ex__foot",
        h("button.btn", { type: "button", click: () => (this.practice ? this.send() : this.ask()) }, this.act),
        this.result && h("button.btn.btn--3", { type: "button", click: () => this.showResult(true) }, "My last result"),
        this.tally, this.confirm,
        keysLine([["[←]", "[→]", " move between parts"], ["[1]", " to ", `[${this.options.length}]`, " tag"], ["[0]", " no tag"], ["[Delete]", " clear"], ["[Shift]", "[→]", " change the end"], ["[Enter]", " tag list"]], this.say)));
    this.redraw();
    if (focus) this.focusSentence();
  }

  showResult(focus = false) {
    this.screen = "result";
    const screen = resultScreen(this);
    fill(this.host.main, ...screen);
    if (!focus) return;
    focusOn(this.host.main.querySelector(".sum__top"), null);
    this.host.element.scrollIntoView({ block: "start" });
  }

  showLocked(focus = false) {
    this.screen = "locked";
    const story = new Story(this.view.story);
    story.draw(taggedParts(this.marks.list, this.terms));
    const saved = note("saved", "good", h("b", { tabindex: -1 }, this.sent ? "Your tags are saved. " : "These are your tags. "), this.sent && this.host.later);
    const { after } = this.host;
    fill(this.host.main, saved, story.element, h("div.ex__foot",
      this.practice && this.view.open && h("button.btn.btn--2", { type: "button", click: () => this.showEditor(true) }, "Change my tags"),
      after && h("a.btn", { href: after.href }, after.label, icon("right"))));
    if (focus) focusOn(saved.querySelector("b"));
  }

  redraw() {
    const { selection, story, marks } = this;
    story.draw(taggedParts(this.marks.list, this.terms), selection);
    story.elements.forEach((element, index) => { element.tabIndex = index === this.current ? 0 : -1; });
    const tag = selection && marks.covering(selection)?.tag;
    this.palette.draw({ quote: selection && story.quote(selection), tag, marks, edited: selection && marks.touching(selection).length > 0 });
    fill(this.tally, h("b", `${count(marks.list.length, "part")} tagged so far.`), this.practice ? " You can check at any point and change your mind." : " You can hand in once.");
  }

  // ---- Selecting ----
  select(range, focus = false) {
    this.selection = range;
    if (range) this.current = this.story.sentenceAt(range.first);
    this.redraw();
    if (focus) this.focusSentence();
  }

  focusSentence() { focusOn(this.story.elements[this.current]); }

  focused({ target }) {
    const index = this.story.elements.indexOf(target);
    if (this.pointing.kind || index < 0) return;
    const inside = this.selection && this.story.sentenceAt(this.selection.first) <= index && index <= this.story.sentenceAt(this.selection.last);
    if (!inside) this.select(this.marks.partOf(this.story.sentences[index]));
  }

  moveEdge(edge, step) {
    if (!this.selection) return;
    const range = { ...this.selection, [edge]: this.selection[edge] + step };
    if (range.first < 0 || range.last > this.story.end || range.first > range.last) return;
    const mark = this.marks.exactly(this.selection);
    if (mark) this.changed(() => this.marks.move(mark, range));
    this.select(range);
    this.speak();
  }

  step(direction) {
    const { story, selection } = this;
    const last = story.sentences.length - 1;
    const from = selection ? (direction > 0 ? story.sentenceAt(selection.last) : story.sentenceAt(selection.first)) : this.current - direction;
    this.goTo(Math.min(last, Math.max(0, from + direction)));
  }

  goTo(index) {
    this.select(this.marks.partOf(this.story.sentences[index]));
    this.current = index;
    this.redraw();
    this.focusSentence();
    this.speak();
  }

  speak() {
    const { selection, story, marks } = this;
    const tags = marks.touching(selection).map(({ tag }) => lower(this.terms.label(tag)));
    const [first, last] = [story.sentenceAt(selection.first), story.sentenceAt(selection.last)];
    const whole = selection.first === story.sentences[first].first && selection.last === story.sentences[last].last;
    const place = first === last ? `Part ${first + 1} of ${story.sentences.length} selected.` : `Parts ${first + 1} to ${last + 1} selected.`;
    this.say(`${whole ? place : `“${story.quote(selection)}” selected.`} ${tags.length ? `Tagged ${tags.join(" and ")}.` : "Not tagged."}`);
  }

  // ---- Tagging ----
  changed(act) {
    act();
    this.host.draft.set({ marks: this.marks.list });
  }

  tag(name, back = false) {
    if (!this.selection) return this.say("Choose a part of the story first.");
    this.changed(() => this.marks.set(this.selection, name));
    this.redraw();
    if (back) focusOn(this.story.elements[this.current], null);
    return this.say(`Tagged ${lower(this.terms.label(name))}.`);
  }

  clear(back = false) {
    if (!this.selection || !this.marks.touching(this.selection).length) return this.say("There is no tag here.");
    this.changed(() => this.marks.clear(this.selection));
    this.redraw();
    if (back) focusOn(this.story.elements[this.current], null);
    return this.say("Tag cleared.");
  }

  undo(words = "Undone.", able = this.marks.past.length, act = () => this.marks.undo()) {
    if (!able) return this.say("Nothing more here.");
    this.changed(act);
    this.redraw();
    return this.say(words);
  }

  redo() { return this.undo("Done again.", this.marks.future.length, () => this.marks.redo()); }

  // ---- Sending ----
  ask() {
    const no = h("button.btn.btn--2", { type: "button", click: () => fill(this.confirm) }, "Keep working");
    fill(this.confirm, h("p", h("b", `Hand in ${count(this.marks.list.length, "tagged part")}?`), " You can hand in once. You cannot change them after."),
      h("div.row", h("button.btn", { type: "button", click: () => this.send() }, "Hand in"), no));
    focusOn(no);
  }

  async send() {
    if (!this.marks.list.length) return this.say(this.tally.textContent = "Tag at least one part first.");
    if (this.sending) return undefined;
    this.sending = true;
    await this.host.draft.flush();
    const buttons = this.host.main.querySelectorAll(".ex__foot .btn");
    for (const button of buttons) button.setAttribute("aria-disabled", "true");
    this.tally.textContent = "Sending your tags…";
    const reply = await this.host.submit({ marks: this.marks.list });
    this.sending = false;
    if (!reply) {
      for (const button of buttons) button.removeAttribute("aria-disabled");
      fill(this.confirm);
      return this.redraw();
    }
    this.sent = reply.sent || { marks: this.marks.list };
    this.result = reply.result;
    if (!this.result) return this.showLocked(true);
    this.showResult(true);
    const { found, different, missed, total } = this.result;
    return this.say(`${found} of ${total} parts found. ${different} with a different tag. ${missed} missed.`);
  }

  // ---- Keys: letters and numbers can be turned off; arrows, Enter and undo always work ----
  keydown(event) {
    const { key, target, shiftKey: shift, altKey: alt } = event;
    if (this.screen !== "editor" || typing(target)) return;
    if ((event.ctrlKey || event.metaKey) && !alt) {
      const letter = key.toLowerCase();
      if (letter === "z") shift ? this.redo() : this.undo();
      else if (letter === "y") this.redo();
      else return;
      return void event.preventDefault();
    }
    const inStory = target.closest(".sent");
    const act = inStory ? this.storyKey(key, shift, alt) : target.closest(".pal") && key === "Escape" ? () => this.focusSentence() : null;
    const number = !alt && !shift && keysOn() && /^[0-9]$/.test(key) ? this.options[Number(key) - 1]?.id || (key === "0" && "none") : null;
    if (act) act();
    else if (number && (inStory || !activates(target) || target.closest(".pal"))) this.tag(number, Boolean(inStory));
    else return;
    event.preventDefault();
  }

  storyKey(key, shift, alt) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
    if (step && shift) return () => this.moveEdge(alt ? "first" : "last", step);
    if (alt || shift) return null;
    if (step) return () => this.step(step);
    return {
      Home: () => this.goTo(0), End: () => this.goTo(this.story.sentences.length - 1),
      Delete: () => this.clear(), Backspace: () => this.clear(),
      Enter: () => this.palette.focus(), " ": () => this.goTo(this.current),
    }[key] || null;
  }
}

// The marks behind a result, when no draft was kept.
function marksOf(result) {
  return (result?.parts || []).filter(({ yours }) => yours).map(({ first, last, yours }) => ({ first, last, tag: yours }));
}
