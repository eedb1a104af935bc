import { announcer } from "./announce.js";
import { markHref, warmUpHref } from "./coach-words.js";
import { fill, focusOn, h } from "./dom.js";
import { Marking } from "./marking.js";
import { note, waiting } from "./notes.js";
import { Queue } from "./queue.js";
import { parts } from "./route.js";
import { count, lower } from "./words.js";

const STALE = 60000;

// "To mark": the queue, and beside it the writing that is open.
export class Bench {
  constructor(coach) {
    this.coach = coach;
    const { element, say } = announcer();
    this.say = say;
    this.queue = new Queue(coach, { changed: () => this.filtered() });
    this.notices = h("div.bench__notices");
    this.at = h("div.bench__at");
    this.bench = h("div.bench", this.queue.element, this.at);
    this.element = h("div", this.notices, this.bench, element);
    this.fresh = Date.now();
    this.seen = () => { if (document.visibilityState === "visible" && Date.now() - this.fresh > STALE) this.refresh(); };
    document.addEventListener("visibilitychange", this.seen);
    this.gone = () => this.marking && this.letGo();
    window.addEventListener("pagehide", this.gone);
    this.showList();
    this.refresh();
  }

  get heading() { return this.marking?.heading || this.queue.heading; }
  get title() { return this.marking ? `Marking: ${this.marking.view.label}` : "To mark"; }

  begin(place, focus) { this.open(place, focus); }

  // The addresses that this page shows: the queue, and one writing of it.
  keeps(place) {
    if (place[0] && place[0] !== "mark") return false;
    this.open(place, true);
    return true;
  }

  async open([, attempt, reading = "first"], focus = false) {
    const wanted = /^\d+$/.test(attempt || "") ? { attempt: Number(attempt), reading } : null;
    const { marking } = this;
    if (wanted && marking && marking.view.attempt === wanted.attempt && marking.view.reading === reading) return;
    this.wanted = wanted;
    this.leave();
    if (!wanted) return void this.showList(focus);
    this.queue.mark(wanted);
    this.bench.classList.add("bench--open");
    fill(this.at, waiting("Getting this writing…"));
    try {
      const view = await this.coach.ask("take", { ...wanted, names: this.coach.filters.names });
      if (this.wanted !== wanted) return void this.release(wanted);
      this.show(view, focus);
    } catch (error) {
      if (this.wanted !== wanted) return;
      this.refused(error);
    }
  }

  show(view, focus) {
    this.marking = new Marking(this.coach, view, {
      say: this.say, sent: (queue) => this.sent(queue), lost: (error, typed, forget) => this.lose(error, typed, forget), back: () => this.giveBack(),
    });
    this.queue.asPage(false);
    fill(this.at, this.marking.element);
    this.coach.entitle(this.title);
    if (!focus) return;
    window.scrollTo(0, 0);
    focusOn(this.marking.heading, null);
    this.at.scrollIntoView({ block: "nearest" });
  }

  showList(focus = false) {
    this.queue.mark(null);
    this.queue.asPage(true);
    this.bench.classList.remove("bench--open");
    fill(this.at);
    this.coach.entitle("To mark");
    if (focus) focusOn(this.queue.heading, null);
  }

  // ---- What happens to the open writing ----
  sent(queue) {
    this.marking.close();
    this.marking = null;
    this.take(queue);
    const next = queue.items.find(({ skill }) => !this.coach.warmUpFor(skill));
    this.say(next ? `Sent. ${count(queue.left, "writing")} left. Now ${next.label}, ${lower(next.skill)}.` : "Sent. Nothing more to mark now.");
    this.go(next ? markHref(next.attempt, next.reading) : "#/mark");
  }

  giveBack() {
    this.say("Given back. Others can mark it now.");
    this.go("#/mark");
  }

  // Another coach was there first: say so, and keep what was typed in sight until it is put away.
  lose(error, { strength, step }, forget) {
    const { label } = this.marking.view;
    this.marking.close();
    this.marking = null;
    const words = [strength && ["One thing that works", strength], step && ["One next step", step]].filter(Boolean);
    const box = note("alert", "look", h("h2", { tabindex: -1 }, `${label} is not yours to mark any more`), h("p", error.message),
      words.length > 0 && h("div", h("p", h("b", "What you wrote is still here:")), h("dl.kept", words.map(([term, text]) => h("div", h("dt", term), h("dd", text))))),
      h("button.btn.btn--2.btn--sm", { type: "button", click: () => { forget(); box.remove(); focusOn(this.heading, null); } }, "Put this away"));
    this.notices.append(box);
    this.replace("#/mark");
    this.showList();
    this.refresh();
    focusOn(box.querySelector("h2"));
    this.say(error.message);
  }

  refused({ code, message, rubric }) {
    this.replace("#/mark");
    this.showList();
    this.refresh();
    fill(this.notices, note(code === "warm_up" ? "flag" : "alert", "look", h("p", { tabindex: -1 }, message),
      code === "warm_up" && h("p", h("a", { href: warmUpHref(rubric) }, "Go to the warm-up"))));
    focusOn(this.notices.querySelector("p"));
    this.say(message);
  }

  leave() {
    const { marking } = this;
    if (!marking) return;
    this.marking = null;
    marking.close();
    this.release(marking.view);
  }

  // The page is left or closed: others may have the writing. Back on it, the next act asks for it again.
  letGo() {
    this.release(this.marking.view);
    this.marking.hold.until = 0;
  }

  release({ attempt, reading }) {
    this.coach.ask("release", { attempt, reading, ...this.coach.filters }).then((queue) => this.take(queue), () => {});
  }

  // ---- The queue ----
  filtered() {
    this.marking?.rename();
    this.refresh(true);
  }

  async refresh(spoken = false) {
    this.fresh = Date.now();
    try {
      this.take(await this.coach.ask("queue", this.coach.filters));
      if (spoken) this.say(`${count(this.coach.queue.left, "writing")} to mark.`);
    } catch (error) {
      fill(this.notices, note("alert", "look", error.message));
    }
  }

  take(queue) {
    this.coach.queue = queue;
    this.coach.setMinutes(queue.minutes);
    this.queue.draw();
  }

  go(hash) {
    fill(this.notices);
    if (location.hash === hash) this.open(parts(), true);
    else location.hash = hash;
  }

  replace(hash) {
    history.replaceState(history.state, "", hash);
    this.wanted = null;
  }

  close() {
    this.leave();
    document.removeEventListener("visibilitychange", this.seen);
    window.removeEventListener("pagehide", this.gone);
  }
}
