import { person as coded } from "./coach-words.js";
import { h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { note } from "./notes.js";

export const learnerHref = (session, id) => `#/learners/${coded(session)}/${coded(id)}`;

// The learners of each class, by name; nobody is ranked.
export class LearnersPage {
  constructor({ classes }) {
    this.title = "Learners";
    this.heading = h("h1", { tabindex: -1 }, "Learners");
    this.element = h("div", this.heading, h("p.muted.under", "Choose a learner to get ready for a conversation."),
      classes.length ? classes.map((one) => this.section(one)) : note("info", "plain", "No class yet. When a class has learners, they show up here."));
  }

  section({ id: session, title, learners }) {
    const id = uid("class");
    const open = (waiting) => (waiting ? h("span.fl", icon("pencil"), `${waiting} to mark`) : h("span.fl.muted", "Nothing waits"));
    return h("section.sheet.part", { "aria-labelledby": id }, h("h2", { id }, title),
      learners.length ? h("ul.names", learners.map(({ id: who, name, waiting }) => h("li", h("a", { href: learnerHref(session, who) }, name), open(waiting))))
        : h("p.muted", "Nobody has joined yet."));
  }
}
