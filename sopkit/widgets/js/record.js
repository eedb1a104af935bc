import { fill, focusOn, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { note, problem, waiting } from "./notes.js";
import { exerciseHref } from "./route.js";
import { count, day, lower } from "./words.js";

// The learner's own record: cards, mix-ups, confidence, writing with its marks; export and deletion.
export class Record {
  constructor({ channel, terms }) {
    Object.assign(this, { channel, terms });
    this.heading = h("h1", { tabindex: -1 }, "My record");
    this.inside = h("div", waiting("Getting your record…"));
    this.status = h("p.sr", { role: "status" });
    this.element = h("div.record", this.heading,
      h("p.muted.under", "Only you and your coach see this. It describes practice. It is not a grade."), this.inside, this.status);
    this.load();
  }

  async load() {
    try {
      this.draw(await this.channel.request("record"));
    } catch (error) {
      fill(this.inside, problem("Your record did not load.", error.message, () => this.load()));
    }
  }

  draw({ options, mixed, calibration, writings, typed, goal, notes }) {
    fill(this.inside, goal && this.goal(goal), this.cards(options, mixed, calibration), this.writings(writings),
      notes?.length > 0 && this.part("Notes you and your coach share", h("ul.plainlist", notes.map(({ at, text }) => h("li", h("b", day(at)), h("p.lines", text))))), this.keep(typed));
  }

  part(title, ...content) {
    const id = uid("part");
    return h("section.sheet.record__part", { "aria-labelledby": id }, h("h2", { id }, title), ...content);
  }

  goal({ text, levels, ratings, review }) {
    const now = ratings.at(-1)?.level;
    return this.part("Your goal", h("p.quote", text), review && h("p.muted", `Look at it again: ${review}`),
      h("ol.levels", [2, 1, 0, -1, -2].map((level) => h("li", { class: level === now ? "now" : "" },
        h("b", level > 0 ? `+${level}` : String(level).replace("-", "−")), h("span", levels[level + 2], level === now && h("small", " Where you are now"))))));
  }

  cards(options, mixed, { sure, not_sure: unsure }) {
    if (!options.length) return this.part("Cards", h("p.empty", icon("cards"), "Nothing yet. After your first cards you will see here which terms you tell apart and which you mix up."));
    return this.part("Cards, at the first try",
      h("ul.facts", options.map(({ option, fit, of }) => h("li", h("b", `${fit} of ${of}`), " ", this.terms.label(option)))),
      mixed.length > 0 && h("div", h("h3", "What you mix up"), h("ul.facts", mixed.map(({ chose, best, count: times, of }) => h("li",
        h("b", `${times} of ${of}`), ` ${lower(this.terms.label(best))} cards that you called ${lower(this.terms.label(chose))}`)))),
      sure[1] + unsure[1] > 0 && h("div", h("h3", "How sure you were"), h("ul.facts",
        sure[1] > 0 && h("li", h("b", `${sure[0]} of ${sure[1]}`), " fit when you were sure"),
        unsure[1] > 0 && h("li", h("b", `${unsure[0]} of ${unsure[1]}`), " fit when you were not sure"))));
  }

  writings(writings) {
    if (!writings.length) return this.part("Writing", h("p.empty", icon("pencil"), "Nothing yet. What you send to your coach shows here with the coach’s marks."));
    return this.part("Writing", h("ul.plainlist", writings.map((one) => h("li.written",
      h("p", h("a", { href: exerciseHref(one.lesson, one.ref) }, one.title), h("span.muted", `, try ${one.number}, ${day(one.at)}`)),
      one.marks
        ? h("div", h("p", h("b", one.decision), one.level && `. Level: ${one.level}.`),
          h("ul.linemarks", one.criteria.map(({ id, name }) => h("li", h("span", name), h("b", id in one.marks ? String(one.marks[id]) : "–")))))
        : h("p.muted", "Waiting for your coach.")))));
  }

  keep(typed) {
    const place = h("div");
    const save = h("button.btn.btn--2", { type: "button", click: () => this.export() }, icon("saved"), "Save my writing as a file");
    const rows = typed.map((one) => h("li.row.row--between", h("span", one.title, h("span.muted", ` ${count(one.tries, "text")}`)),
      h("button.btn.btn--3.btn--sm", { type: "button", click: (event) => this.ask(one, event.target, place) }, "Delete", h("span.sr", ` ${one.title}`))));
    return this.part("Keep or delete what you wrote",
      typed.length ? h("div", h("p", "The file is made on this machine and saved on your device. What you delete is gone for your coach too; marks stay as numbers."),
        h("p.record__save", save), h("ul.plainlist", rows), place) : h("p.muted", "You have not written anything yet."));
  }

  ask(one, from, place) {
    const no = h("button.btn.btn--2", { type: "button", click: () => { fill(place); focusOn(from); } }, "Keep it");
    const yes = h("button.btn", { type: "button", click: () => this.erase(one, place) }, "Delete these words");
    fill(place, h("div.confirm", h("p", h("b", `Delete what you wrote in “${one.title}”?`), " This cannot be undone."), h("div.row", yes, no)));
    focusOn(no);
  }

  async erase(one, place) {
    try {
      this.draw(await this.channel.request("erase", { ref: one.ref }));
      this.status.textContent = `Deleted: ${one.title}.`;
      focusOn(this.heading, null);
    } catch (error) {
      fill(place, note("alert", "look", error.message));
    }
  }

  async export() {
    try {
      const { name, html } = await this.channel.request("export");
      const link = h("a", { href: URL.createObjectURL(new Blob([html], { type: "text/html" })), download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      this.status.textContent = "Saved as a file.";
    } catch (error) {
      this.status.textContent = error.message;
      this.inside.prepend(note("alert", "look", error.message));
    }
  }
}
