import { AgreementPage } from "./agreement.js";
import { Bench } from "./bench.js";
import { fill, focusOn, h } from "./dom.js";
import { GroupPage } from "./group.js";
import { icon } from "./icons.js";
import { LearnerPage } from "./learner.js";
import { LearnersPage } from "./learners.js";
import { problem, waiting } from "./notes.js";
import { parts } from "./route.js";
import { Shell } from "./shell.js";
import { Terms } from "./terms.js";
import { WarmUp } from "./warmup.js";
import { count } from "./words.js";

const TABS = [["mark", "To mark"], ["learners", "Learners"], ["group", "Group session"], ["agreement", "Agreement"]];

// The coach's page: follows the address after #, one page at a time.
//   #/mark, #/mark/<attempt>/<reading>, #/learners, #/learners/<class>/<person>, #/group, #/group/<class>, #/group/<class>/show,
//   #/warm-up/<rubric>, #/agreement
// A page is {heading, title, element, begin?, keeps?, close?}. `keeps(place)`: the page shows that address itself.
export class Coach {
  constructor({ channel, hello, page }) {
    Object.assign(this, { channel, hello, page, terms: new Terms(hello.options), queue: hello.queue });
    this.filters = { session: null, only: null, oldest: false, names: false };
    this.tabs = TABS.map(([name, words]) => h("a", { href: `#/${name}`, "data-tab": name }, words));
    this.today = h("span.today.nowrap");
    this.shell = new Shell({
      channel, hello, page, tabs: h("nav.tabs", { "aria-label": "Coach pages" }, this.tabs), meta: [this.today, h("span.chip.chip--blue.hide-s", "Coach")],
    });
    this.main = h("div.coachpage");
    fill(this.shell.main, this.main);
    fill(page, this.shell.element);
    this.follow = () => this.go(true);
    window.addEventListener("hashchange", this.follow);
    this.setMinutes(hello.queue.minutes);
    this.go(false);
  }

  ask(kind, body = {}) { return this.channel.request(kind, body); }

  setMinutes(minutes) { fill(this.today, icon("clock"), ` ${count(minutes, "minute")} today`); }

  // A skill's warm-up is done from now on.
  warmed(rubric) {
    for (const one of this.hello.warm_ups) if (one.rubric === rubric) one.warmed = true;
  }

  // The warm-up that a kind of writing still needs, or null.
  warmUpFor(skill) { return this.hello.warm_ups.find(({ title, warmed }) => title === skill && !warmed) || null; }

  async go(focus) {
    const place = parts();
    const [first] = place;
    const name = PAGES[first] ? first : "mark";
    for (const tab of this.tabs) {
      if (tab.dataset.tab === name) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    if (this.current?.keeps?.(place)) return;
    this.current?.close?.();
    this.current = null;
    this.place = place;
    fill(this.main, waiting("Getting this page…"));
    let shown;
    try {
      shown = await PAGES[name](this, place.slice(1));
    } catch (error) {
      shown = missing(error, () => this.go(true));
    }
    if (this.place !== place) return void shown.close?.();
    this.current = shown;
    fill(this.main, shown.element);
    shown.begin?.(place, focus);
    this.entitle(shown.title);
    window.scrollTo(0, 0);
    if (focus) focusOn(shown.heading, null);
  }

  entitle(title) { document.title = `${title} | SOP Workbook`; }

  close() {
    this.current?.close?.();
    window.removeEventListener("hashchange", this.follow);
  }
}

const PAGES = {
  __proto__: null,
  mark: async (coach) => new Bench(coach),
  learners: async (coach, [session, person]) => (person
    ? new LearnerPage(coach, await coach.ask("learner", { session, person }))
    : new LearnersPage(await coach.ask("learners"))),
  group: async (coach, [session, show]) => (session || coach.hello.sessions.length === 1
    ? new GroupPage(coach, await coach.ask("group", { session: session || coach.hello.sessions[0].id }), show === "show")
    : chooseClass(coach.hello.sessions)),
  "warm-up": async (coach, [rubric]) => new WarmUp(coach, await coach.ask("warm_up", { rubric })),
  agreement: async (coach) => new AgreementPage(await coach.ask("agreement")),
};

function missing(error, again) {
  const heading = h("h1", { tabindex: -1 }, "This page did not load");
  return { heading, title: "This page did not load", element: h("div", heading, problem("What you saved is safe.", error.message, again)) };
}

function chooseClass(sessions) {
  const heading = h("h1", { tabindex: -1 }, "Group session");
  return { heading, title: "Group session", element: h("div", heading,
    h("p.muted.under", sessions.length ? "Which class do you meet?" : "No class has lessons yet. When one does, it shows up here."),
    h("ul.plainlist.classes", sessions.map(({ id, title }) => h("li", h("a.btn.btn--2", { href: `#/group/${encodeURIComponent(id)}` }, title))))) };
}
