import { h } from "./dom.js";
import { icon } from "./icons.js";
import { lower, quoted } from "./words.js";

const KNOWN = new Set(["harm", "danger", "complicating", "safety", "strength"]);

// Options come from the agency profile. Only their look is fixed here, and only for ids we know.
export class Terms {
  constructor(options) {
    this.list = Array.isArray(options) ? options : Object.values(options || {});
    this.byId = new Map(this.list.map((option) => [option.id, option]));
  }
  get(id) {
    if (id === "none") return { id: "none", label: "No tag needed", icon: "minus", definition: "" };
    return this.byId.get(id) || { id, label: id, icon: "dot", definition: "" };
  }
  label(id) { return this.get(id).label; }
  // The label within a sentence: the five terms as plain words, all else as what it is called.
  within(id) { return KNOWN.has(id) ? lower(this.label(id)) : quoted(this.label(id)); }
  style(id) { return KNOWN.has(id) ? `t-${id}` : id === "none" ? "t-none" : "t-other"; }
  square(id) { return h("span.term-ico", { class: this.style(id) }, icon(this.get(id).icon)); }
  chip(id, before = null) {
    return h("span.term.term--chip", { class: this.style(id) }, icon(this.get(id).icon), h("span", before, this.label(id)));
  }
  pair([one, other]) {
    return h("span.pair", this.chip(one), icon("swap"), h("span.sr", " and "), this.chip(other));
  }
}
