import { fill, focusOn, h, uid } from "./dom.js";
import { brandMark, icon } from "./icons.js";
import { forget } from "./keep.js";
import { stateOf } from "./lesson.js";
import { lessonHref } from "./route.js";
import { clock, count, day } from "./words.js";

export const practiceStrip = () => h("div.strip.on-dark", h("div.strip__in", icon("people"),
  h("span", "Practice families only. Do not type real names or case facts.")));

export function wording({ title, version, approved_by: by, approved_on: on, note }) {
  const approved = by ? `Approved by ${by}${on ? ` on ${day(on)}` : ""}.` : "Draft: not yet approved by an agency.";
  return `Wording used: ${title}${version ? `, version ${version}` : ""}. ${approved}${note ? ` ${note}` : ""}`;
}

// The gold bar, and the saved words in the header.
export function connection(channel) {
  const status = h("span.saved");
  const bar = h("div.line", { role: "status" });
  const reload = h("button.btn.btn--2.btn--sm", { type: "button", click: () => location.reload() }, "Reload the page");
  let since = 0;
  let said = "";
  channel.onChange(() => {
    const { offline, unsent, answersWaiting: answers, savedAt } = channel;
    const words = offline ? "Offline" : unsent ? "Saving" : savedAt ? `Saved ${clock(savedAt)}` : "";
    if (words !== status.textContent.trim()) fill(status, words && icon(offline ? "alert" : "saved"), words);
    status.classList.toggle("saved--off", offline);
    since = offline ? since || Date.now() : 0;
    const long = since && Date.now() - since > 60000;
    const waits = answers ? `${count(answers, "answer waits", "answers wait")} on this device.` : "what you do is kept on this device.";
    const state = `${offline} ${waits} ${long} ${channel.refused}`;
    if (said === state) return;
    said = state;
    fill(bar, !offline && channel.refused && h("div.offline", h("div.offline__in", icon("alert"), h("span", h("b", "An answer from before could not be saved. "), channel.refused))), offline && h("div.offline", h("div.offline__in", icon("saved"), h("span", h("b", "Connection lost. "), `Keep working: ${waits}`), long && reload)));
  });
  return { status, bar };
}

// Strip, header, lesson list, main part, footer.
export class Shell {
  // tabs, meta: what a page has in its header beside the brand and the menu.
  constructor({ channel, hello, page, tabs = null, meta = null }) {
    Object.assign(this, { channel, hello });
    const tag = (name) => (page.closest("main,[role=main]") ? "div" : name);
    const { status, bar } = connection(channel);
    const { academy, session, person, sign_out: out, profile, lessons } = hello;
    const list = uid("lessons");
    this.nav = h("nav.lessons", { id: list, "aria-label": "Lessons" });
    this.toggleWords = h("span");
    this.toggle = h("button.lesson-toggle", { type: "button", "aria-expanded": "false", "aria-controls": list, click: () => this.open(!this.isOpen) },
      icon("list"), this.toggleWords, icon("down"));
    this.main = h(tag("main"), { id: "sop-main", tabindex: -1, class: "main" });
    this.element = h("div.frame",
      h("a.skip", { href: "#sop-main", click: (event) => { event.preventDefault(); focusOn(this.main); } }, "Skip to the main part"),
      h(tag("header"), practiceStrip(), h("div.top", h("div.top__in",
        h("a.brand", { href: "#/" }, brandMark(), h("span", h("b", "SOP Workbook"), h("span.brand__sub", academy))), tabs,
        h("div.top__meta", meta, session?.code && h("span.hide-s", "Class ", h("b", session.code)), status, person && this.menu(person, out))))),
      bar, h(lessons ? "div.shell" : "div.wrap", lessons && this.toggle, lessons && this.nav, this.main),
      h(tag("footer"), { class: "foot" }, h("div.foot__in",
        h("p", h("b", "This is a training tool."), " It gives no advice about real families and takes no reports. If a child is in danger now, follow your agency’s protocol."),
        profile && h("p", wording(profile)))));
  }

  menu(person, out) {
    const warn = h("div.menu__warn");
    const leave = () => { forget(); location.assign(out); };
    const link = out && h("a.menu__item", { href: out, click: (event) => {
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      if (!this.channel.unsent) return void leave();
      fill(warn, h("p", "Some of your work is not sent yet. Wait for the line, or sign out without it."),
        h("button.btn.btn--2.btn--sm", { type: "button", click: leave }, "Sign out without it"));
    } }, "Sign out");
    const menu = h("details.menu", { keydown: (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.firstChild.focus();
    }, focusout: ({ relatedTarget }) => { if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false; } },
    h("summary", icon("person"), h("span.hide-s.nowrap", person.name), h("span.sr", ` ${person.name}, your menu`), icon("down")),
    h("div.menu__box", h("p.small", "Signed in as ", h("b", person.name)), link, warn));
    menu.querySelector("summary .hide-s").setAttribute("aria-hidden", "true");
    return menu;
  }

  get isOpen() { return this.toggle.getAttribute("aria-expanded") === "true"; }
  open(yes) {
    this.toggle.setAttribute("aria-expanded", String(yes));
    this.nav.classList.toggle("lessons--open", yes);
  }

  list(current) {
    const { lessons } = this.hello;
    const words = (lesson) => (lesson.state === "started" && lesson.total ? `${lesson.done} of ${lesson.total} done` : stateOf(lesson)[1]);
    const here = lessons.find(({ id }) => id === current);
    const done = lessons.filter(({ state }) => state === "done").length;
    this.toggleWords.textContent = here ? `Lesson ${here.number}: ${here.title}` : `Lessons: ${done} of ${lessons.length} done`;
    this.open(false);
    fill(this.nav, h("h2", "Lessons"), lessons.length === 0 && h("p.muted", "No lessons yet."),
      h("ol", h("li", h("a", { href: "#/", "aria-current": current ? null : "page" }, icon("home"), h("span", "Start page"))),
        h("li", h("a", { href: "#/record", "aria-current": current === "record" ? "page" : null }, icon("person"), h("span", "My record"))),
        lessons.map((lesson) => h("li", lesson.open
          ? h("a", { href: lessonHref(lesson.id), class: `is-${lesson.state}`, "aria-current": lesson.id === current ? "page" : null },
            icon(stateOf(lesson)[0]), h("span", `${lesson.number}. ${lesson.title}`, h("small", words(lesson))))
          : h("div.off", icon("lock"), h("span", `${lesson.number}. ${lesson.title}`, h("small", "Opens in class")))))));
  }
}
