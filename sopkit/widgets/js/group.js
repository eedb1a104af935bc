import { announcer } from "./announce.js";
import { square } from "./coach-words.js";
import { fill, focusOn, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { note } from "./notes.js";
import { count } from "./words.js";

// What a class could work on together: common lines, samples without names, and what the group tries next.
export class GroupPage {
  constructor(coach, told, show) {
    Object.assign(this, { coach, told, href: `#/group/${encodeURIComponent(told.session.id)}` });
    const { element, say } = announcer();
    this.say = say;
    this.inside = h("div");
    this.element = h("div", this.inside, element);
    this.title = show ? "For the group" : `Group session: ${told.session.title}`;
    if (show) this.show();
    else this.prepare();
  }

  get picked() { return this.told.samples.filter(({ picked }) => picked); }

  // ---- Getting ready ----
  prepare() {
    const { session, common, samples, marked, needed } = this.told;
    this.heading = h("h1", { tabindex: -1 }, "Group session");
    this.ready = h("div.row");
    fill(this.inside, this.coach.hello.sessions.length > 1 && h("p.crumb", h("a", { href: "#/group" }, "Another class")), this.heading, h("p.muted.under", session.title),
      this.part("Lines that many are still learning", common.length
        ? h("ul.common", common.map(({ skill, name, ask, below, of }) => h("li", h("p", h("b", name), h("span.muted", ` ${skill}`)), h("p", ask), h("p.small", `${below} of ${count(of, "writing")} not at 2 yet.`))))
        : note("info", "plain", marked < needed ? `Nothing yet. After ${count(needed, "marked writing")} of one skill, the lines that many are still learning show here. Now there are ${marked}.` : "No line stands out so far.")),
      this.part("Samples to read together", h("p.sub", "No names and no marks go to the group. Choose texts whose writer would be fine with it; when in doubt, ask first."),
        samples.length ? h("ul.samples", samples.map((one) => this.sample(one))) : h("p.muted", "No marked writing in this class yet."), this.ready),
      this.nextTry());
    this.drawReady();
  }

  part(title, ...content) {
    const id = uid("part");
    return h("section.sheet.part", { "aria-labelledby": id }, h("h2", { id, tabindex: -1 }, title), ...content);
  }

  sample(one) {
    const { attempt, skill, title, text, marks, picked } = one;
    const box = h("input", { type: "checkbox", checked: picked, change: () => this.pick(attempt, box) });
    return h("li", h("p.small.muted", title.startsWith(skill) ? title : `${skill}: ${title}`), h("p.lines", text),
      h("p.row", h("span.small", "Marks: ", Object.values(marks).map((mark) => [square(mark), " "])), h("label.tick", box, h("span", "Use this one", h("span.sr", `: ${text}`)))));
  }

  async pick(attempt, box) {
    const on = box.checked;
    try {
      const { samples } = await this.coach.ask("pick", { attempt, on });
      Object.assign(this.told, { samples });
      this.say(on ? "Chosen." : "Put back.");
    } catch (error) {
      box.checked = !on;
      this.say(error.message);
    }
    this.drawReady();
  }

  drawReady() {
    const { length } = this.picked;
    fill(this.ready, length ? h("a.btn", { href: `${this.href}/show` }, `Show ${count(length, "text")} to the group`, icon("right")) : h("p.muted", "Choose a text to show it to the group."));
  }

  nextTry() {
    const id = uid("next");
    const area = h("textarea.area", { id, rows: 2, maxlength: 4000 });
    area.value = this.told.next_try;
    const said = h("div");
    const keep = async () => {
      try {
        this.told.next_try = (await this.coach.ask("next_try", { session: this.told.session.id, text: area.value })).next_try;
        fill(said, note("saved", "plain", "Saved."));
        this.say("Saved.");
      } catch (error) {
        fill(said, note("alert", "look", error.message));
        this.say(error.message);
        focusOn(area);
      }
    };
    return this.part("What the group tries next", h("div.field", h("label", { for: id }, "One thing to try before you meet again"), area),
      h("p", h("button.btn.btn--2", { type: "button", click: keep }, "Save")), said);
  }

  // ---- On the shared screen: the chosen texts, big, without names or marks ----
  show() {
    this.coach.page.classList.add("sop--show");
    this.heading = h("h1", { tabindex: -1 }, "What do you notice in these words?");
    this.at = 0;
    this.text = h("div.show__t");
    this.asks = h("div");
    fill(this.inside, h("div.show", this.heading, this.text, this.asks, h("p.show__f", h("a.btn.btn--2", { href: this.href }, icon("left"), "Back to choosing"))));
    this.drawText();
    const looked = this.lookedFor();
    if (!looked.length || !this.picked.length) return;
    const open = h("button.btn.btn--2", { type: "button", click: () => {
      const head = h("h2", { tabindex: -1 }, "What we looked for");
      fill(this.asks, head, h("ul.show__a", looked.map(({ name, ask }) => h("li", h("b", name), h("p", ask)))));
      focusOn(head);
    } }, "Show what we looked for");
    fill(this.asks, open);
  }

  // The common lines of the kinds of writing on show.
  lookedFor() {
    const skills = new Set(this.picked.map(({ skill }) => skill));
    return this.told.common.filter(({ skill }) => skills.has(skill));
  }

  drawText(focus = false) {
    const { picked, at } = this;
    if (!picked.length) return void fill(this.text, h("p", "No text is chosen yet."));
    const go = (by, words, sign) => picked[at + by] && h("button.btn.btn--2", { type: "button", click: () => { this.at += by; this.drawText(true); } }, sign < 0 && icon("left"), words, sign > 0 && icon("right"));
    const head = h("h2", { tabindex: -1 }, `Text ${at + 1} of ${picked.length}`);
    fill(this.text, head, h("blockquote.lines", picked[at].text), h("p.row", go(-1, "Text before", -1), go(1, "Next text", 1)));
    if (focus) focusOn(head);
  }

  close() { this.coach.page.classList.remove("sop--show"); }
}
