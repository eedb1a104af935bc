import { fill, focusOn, h } from "./dom.js";
import { Exercise } from "./exercise.js";
import { Home } from "./home.js";
import { Lesson } from "./lesson.js";
import { problem, waiting } from "./notes.js";
import { Record } from "./record.js";
import { matches, route } from "./route.js";
import { Shell } from "./shell.js";
import { Terms } from "./terms.js";

// The whole workbook: follows the address after #, and fills the main part.
export class Workbook {
  constructor({ channel, hello, page }) {
    Object.assign(this, { channel, hello, page });
    this.terms = new Terms(hello.options);
    this.shell = new Shell({ channel, hello, page });
    fill(page, this.shell.element);
    this.follow = () => this.go(true);
    this.seen = () => { if (document.visibilityState === "visible" && Date.now() - this.fresh > 60000) this.refresh(); };
    window.addEventListener("hashchange", this.follow);
    document.addEventListener("visibilitychange", this.seen);
    this.fresh = Date.now();
    this.go(false);
  }

  async go(focus) {
    const place = route();
    this.place = place;
    if (place.page === "record") return this.record(focus);
    if (place.page === "practise") return this.practise(place, focus);
    if (!place.lesson) return this.home(focus);
    if (this.lesson?.lesson.id !== place.lesson) {
      const failed = await this.load(place.lesson, focus);
      if (failed || this.place !== place) return undefined;
    }
    const { lesson } = this;
    const block = place.exercise && lesson.exercises.find(matches(place.lesson, place.exercise));
    lesson.open(block ? block.ref : place.exercise === "hand-in" ? "hand-in" : null, focus || Boolean(block));
    this.shell.list(place.lesson);
    document.title = `${block ? `${block.title}, ` : ""}${lesson.lesson.title} | SOP Workbook`;
    return undefined;
  }

  async load(id, focus) {
    this.leave();
    fill(this.shell.main, waiting("Getting this lesson…"));
    try {
      const lesson = await this.channel.request("lesson", { lesson: id });
      if (this.place.lesson !== id) return true;
      this.leave();
      this.lesson = new Lesson({ channel: this.channel, hello: this.hello, lesson, onProgress: () => this.refresh() });
      fill(this.shell.main, this.lesson.element);
      window.scrollTo(0, 0);
      return false;
    } catch (error) {
      const title = h("h1", { tabindex: -1 }, "This lesson did not load");
      fill(this.shell.main, title, problem("Your answers are safe.", error.message, () => this.go(true)));
      this.shell.list(id);
      if (focus) focusOn(title);
      return true;
    }
  }

  record(focus) {
    this.leave();
    const record = new Record({ channel: this.channel, terms: new Terms(this.hello.options) });
    fill(this.shell.main, record.element);
    this.shell.list("record");
    document.title = "My record | SOP Workbook";
    window.scrollTo(0, 0);
    if (focus) focusOn(record.heading, null);
  }

  // The cards of one exercise that are due again.
  practise({ ref }, focus) {
    this.leave();
    const title = h("h1", { tabindex: -1 }, "Practice due");
    this.due = new Exercise({ channel: this.channel, hello: this.hello, ref, verbs: { open: "practise", answer: "practised" }, after: { href: "#/", label: "Back to the start page" } });
    fill(this.shell.main, title, h("p.muted.under", "Cards that were mixed up come back after 2 days, 2 weeks and 6 weeks."), this.due.element,
      h("nav.stepper", { "aria-label": "Exercises" }, h("a.btn.btn--2", { href: "#/" }, "Back to the start page")));
    this.shell.list("practise");
    document.title = "Practice due | SOP Workbook";
    window.scrollTo(0, 0);
    if (focus) focusOn(title, null);
  }

  home(focus) {
    const first = !this.lesson && !this.landed;
    this.leave();
    this.landed = true;
    if (!first) this.refresh();
    this.showHome(focus);
    window.scrollTo(0, 0);
  }

  showHome(focus) {
    const home = new Home({ channel: this.channel, hello: this.hello, terms: this.terms });
    fill(this.shell.main, home.element);
    this.shell.list(null);
    document.title = "Start page | SOP Workbook";
    if (focus) focusOn(home.heading, null);
  }

  // Newer numbers for the list and the start page.
  async refresh() {
    this.fresh = Date.now();
    try {
      const { lessons, next, record, feedback, practice } = await this.channel.request("hello");
      const newest = { lessons, next, record, feedback, practice };
      const changed = Object.entries(newest).some(([name, value]) => JSON.stringify(value) !== JSON.stringify(this.hello[name]));
      Object.assign(this.hello, newest);
      if (!changed) return;
      const place = route();
      if (place.page) return;
      if (!place.lesson) this.showHome(this.shell.main.contains(document.activeElement));
      else if (!this.shell.nav.contains(document.activeElement) && !this.shell.isOpen) this.shell.list(place.lesson);
    } catch { /* the next visit asks again */ }
  }

  leave() {
    this.lesson?.leave();
    this.due?.close();
    this.lesson = this.due = null;
  }

  close() {
    this.leave();
    window.removeEventListener("hashchange", this.follow);
    document.removeEventListener("visibilitychange", this.seen);
  }
}
