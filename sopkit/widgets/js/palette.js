import { fill, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { keycap } from "./keys.js";
import { count, quoted, short } from "./words.js";

const EDGES = [
  ["first", -1, "Start earlier"], ["first", 1, "Start later"],
  ["last", -1, "End earlier"], ["last", 1, "End later"],
];

// The tags, beside the story; on a phone, at the bottom edge.
export class Palette {
  constructor(terms, options, acts) {
    Object.assign(this, { terms, acts });
    const id = uid("palette");
    this.title = h("h3", { id });
    const tag = (key, style, name, ...words) => h("button", { type: "button", class: style, "data-tag": name, "aria-pressed": "false", click: () => acts.tag(name) },
      icon(terms.get(name).icon), h("span", ...words), keycap(key));
    this.tags = [
      ...options.map((option, index) => tag(String(index + 1), terms.style(option.id), option.id, h("span.nm", option.label), h("small"))),
      tag("0", "t-none", "none", h("span.nm", terms.label("none")), h("small")),
    ];
    const small = (name, words, act) => h("button.tool", { type: "button", click: act }, icon(name), words);
    this.clear = small("minus", "Clear tag", acts.clear);
    this.undo = small("undo", "Undo", acts.undo);
    this.redo = small("redo", "Redo", acts.redo);
    const edges = h("div.pal__edges", { id: uid("edges"), role: "group", "aria-label": "Where this part starts and ends" },
      EDGES.map(([edge, step, words]) => small(step < 0 ? "left" : "right", words, () => acts.edge(edge, step))));
    this.adjust = h("button.tool.tool--adjust", { type: "button", "aria-expanded": "false", "aria-controls": edges.id, click: () => {
      this.adjust.setAttribute("aria-expanded", String(this.element.classList.toggle("pal--edges")));
    } }, icon("swap"), "Start and end");
    this.element = h("div.pal", { role: "group", "aria-labelledby": id }, this.title,
      h("div.pal__b", this.tags), edges, h("div.pal__tools", this.adjust, this.clear, this.undo, this.redo));
  }

  draw({ quote, tag, marks, edited }) {
    fill(this.title, quote ? "Tag this part" : "Choose a part of the story", h("span", quote ? quoted(short(quote)) : "Then choose its tag here."));
    this.element.classList.toggle("pal--empty", !quote);
    const able = (button, yes) => (yes ? button.removeAttribute("aria-disabled") : button.setAttribute("aria-disabled", "true"));
    for (const button of this.tags) {
      const name = button.dataset.tag;
      const number = marks.list.filter((mark) => mark.tag === name).length;
      button.querySelector("small").textContent = number ? count(number, "part tagged", "parts tagged") : "";
      button.setAttribute("aria-pressed", String(tag === name));
      able(button, quote);
    }
    for (const button of this.element.querySelectorAll(".pal__edges button")) able(button, quote);
    able(this.clear, edited);
    able(this.undo, marks.past.length);
    able(this.redo, marks.future.length);
  }

  focus() { (this.tags.find((button) => button.getAttribute("aria-pressed") === "true") || this.tags[0]).focus({ preventScroll: true }); }
}
