import { announcer } from "./announce.js";
import { fill, focusOn, h, uid } from "./dom.js";
import { note } from "./notes.js";
import { clock, count, day } from "./words.js";

// The end of a lesson: what is done, handing in, the receipt.
export class HandIn {
  constructor({ channel, lesson, onProgress }) {
    Object.assign(this, { channel, lesson, onProgress, id: uid("hand-in") });
    const { element, say } = announcer();
    this.say = say;
    this.inside = h("div");
    this.element = h("section.sheet.handin", { "aria-labelledby": this.id }, this.inside, element);
    this.draw();
  }

  get exercises() { return this.lesson.blocks.filter(({ type }) => type === "exercise"); }
  get unfinished() { return this.exercises.filter(({ state }) => state !== "done"); }

  draw(extra = null) {
    const { state, at, message, scores } = this.lesson.hand_in;
    const again = state === "sent";
    this.heading = h("h2", { id: this.id, tabindex: -1 }, `Hand in lesson ${this.lesson.number}`);
    fill(this.inside, this.heading,
      h("p", `${this.exercises.length - this.unfinished.length} of ${count(this.exercises.length, "exercise")} done.`),
      state !== "none" && at && note("done", "good", h("b", `Handed in ${day(at)} at ${clock(at)}.`), message && ` ${message}`),
      state === "none" && message && note("info", "plain", message),
      state === "changed" && note("again", "look", h("b", "You changed answers since."), " Hand in again so that your coach sees the newest."),
      scores && this.scores(scores), extra || this.action(again));
  }

  scores(scores) {
    const rows = scores.flatMap((score) => this.exercises.filter(({ ref, state }) => ref === score.ref && state !== "new").map((block) => ({ ...score, ...block })));
    if (!rows.length) return null;
    return h("div.scores", h("h3", "What your answers show"),
      h("ul", rows.map(({ number, title, points, out_of: outOf }) => h("li", h("span", `${number} ${title}`), h("b", `${points} of ${outOf}`)))),
      h("p.small.muted", "These numbers describe practice. They are not a grade."));
  }

  action(again) {
    return h("div.row", h(`button.btn.btn--lg${again ? ".btn--2" : ""}`, { type: "button", click: () => this.ask() },
      again ? "Hand in again" : `Hand in lesson ${this.lesson.number}`),
    h("span.muted.xs", "Your coach sees your answers and results."));
  }

  ask() {
    const open = this.unfinished.length;
    if (!open) return this.send();
    const keep = h("button.btn.btn--2", { type: "button", click: () => { this.draw(); this.focus(); } }, "Keep working");
    this.draw(h("div.confirm", h("p", h("b", `${count(open, "exercise is", "exercises are")} not finished.`), " Hand in what you have? You can hand in again later."),
      h("div.row", h("button.btn", { type: "button", click: () => this.send() }, "Hand in now"), keep)));
    return focusOn(keep);
  }

  async send() {
    this.draw(h("p.muted", "Sending…"));
    try {
      this.lesson.hand_in = (await this.channel.request("hand_in", { lesson: this.lesson.id })).hand_in;
      this.draw();
      this.say("Handed in.");
      this.onProgress();
    } catch (error) {
      this.draw(h("div", note("alert", "look", error.message), this.action(false)));
      this.say(error.message);
    }
    this.focus();
  }

  focus() {
    focusOn(this.heading, null);
    this.element.scrollIntoView({ block: "start" });
  }
}
