import { decided, markHref, tryName, waited, warmUpHref } from "./coach-words.js";
import { fill, focusOn, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { note } from "./notes.js";

const ALL = { session: null, only: null };
const state = ({ reading, number }) => ({
  second: ["people", "Second reading: other marks hidden"],
  final: ["swap", "Readings differ: settle it"],
})[reading] || [number > 1 ? "again" : "pencil", tryName(number)];

// What waits, as the filters want it: the only list of a coach's work, never a ranking of people.
export class Queue {
  constructor(coach, { changed }) {
    Object.assign(this, { coach, changed, open: null });
    this.id = uid("queue");
    this.head = h("div.queue__h");
    this.list = h("div");
    this.element = h("nav.queue", { "aria-labelledby": this.id }, this.head, this.filters(), this.list);
    this.asPage(true);
  }

  // As the page itself its heading is the page's own; beside a writing it is one below.
  asPage(yes) {
    const held = this.head.contains(document.activeElement);
    this.heading = h(yes ? "h1" : "h2", { id: this.id, tabindex: -1 }, "To mark");
    this.left = h("span.muted.small");
    fill(this.head, this.heading, this.left);
    if (held) focusOn(this.heading, null);
    this.draw();
  }

  mark(wanted) {
    this.open = wanted;
    this.draw();
  }

  draw() {
    const { items, left } = this.coach.queue;
    const held = this.list.contains(document.activeElement) && document.activeElement.getAttribute("href");
    const open = this.list.querySelector("details")?.open;
    this.left.textContent = `${left} left`;
    fill(this.list, items.length ? h("ol", items.map((item) => h("li", this.row(item)))) : this.empty(), this.done(open));
    if (held) focusOn([...this.list.querySelectorAll("a")].find((link) => link.getAttribute("href") === held) || this.heading);
  }

  row(item) {
    const warmUp = this.coach.warmUpFor(item.skill);
    const here = this.isOpen(item);
    const [sign, words] = state(item);
    return h("a", { href: warmUp ? warmUpHref(warmUp.rubric) : markHref(item.attempt, item.reading), "aria-current": here ? "true" : null },
      h("b", item.label), h("span", item.family ? `${item.skill}, ${item.family.replace(/^The /, "the ")}` : item.title),
      h("span.muted", waited(item)), h("span.fl", icon(sign), words),
      item.mine && !here && h("span.fl", icon("pencil"), "You have this one open"),
      warmUp && h("span.fl.fl--go", icon("flag"), "Warm up first"));
  }

  // What this coach marked last, to look at again or mend.
  done(open) {
    const { done = [] } = this.coach.queue;
    return done.length > 0 && h("details.done", { open }, h("summary", "What you marked last"),
      h("ol", done.map((item) => h("li", h("a", { href: markHref(item.attempt, item.reading), "aria-current": this.isOpen(item) ? "true" : null },
        h("b", item.label), h("span", item.title), h("span.fl", decided(item.decision)))))));
  }

  isOpen({ attempt, reading }) { return Boolean(this.open) && this.open.attempt === attempt && this.open.reading === reading; }

  empty() {
    const { session, only } = this.coach.filters;
    if (!session && !only) return note("done", "plain", "Nothing to mark now. When a learner sends a writing, it shows up here.");
    return note("look", "plain", "Nothing waits in this class or exercise.",
      h("div", h("button.btn.btn--2.btn--sm", { type: "button", click: () => this.set(ALL, true) }, "Show all")));
  }

  // ---- Filters ----
  filters() {
    const { sessions, exercises } = this.coach.hello;
    const { filters } = this.coach;
    const select = (name, words, all, options) => {
      const id = uid("filter");
      const box = h("select.select", { id, "data-filter": name, change: () => this.set({ [name]: box.value || null }) },
        h("option", { value: "" }, all), options.map(([value, text]) => h("option", { value, selected: filters[name] === value }, text)));
      return h("p", h("label", { for: id }, words), box);
    };
    const tick = (name, words) => h("label.tick", h("input", { type: "checkbox", checked: filters[name], change: ({ target }) => this.set({ [name]: target.checked }) }), h("span", words));
    return h("details.queue__f", h("summary", "Choose what to show"),
      select("session", "Class", "All classes", sessions.map(({ id, title }) => [id, title])),
      select("only", "Exercise", "All exercises", exercises.map(({ ref, number, title }) => [ref, `${number} ${title}`])),
      tick("oldest", "Longest waiting first"), tick("names", "Show names"),
      h("p.hint", "Names are hidden, so that you read the words first."));
  }

  set(change, focus = false) {
    Object.assign(this.coach.filters, change);
    for (const box of this.element.querySelectorAll("[data-filter]")) box.value = this.coach.filters[box.dataset.filter] || "";
    this.changed();
    if (focus) focusOn(this.heading, null);
  }
}
