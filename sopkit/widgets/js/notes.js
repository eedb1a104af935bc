import { h } from "./dom.js";
import { icon } from "./icons.js";

// tone: "", "look", "good" or "plain"
export const note = (name, tone, ...content) =>
  h(`div.note${tone ? `.note--${tone}` : ""}`, icon(name), h("div", ...content));

export function waiting(text) {
  return h("div.wait", h("p", text), h("div.bars", { "aria-hidden": "true" }, h("i"), h("i"), h("i")));
}

export function problem(title, text, again = null) {
  return h("div.problem", icon("alert"), h("p.problem__title", title), h("p", text),
    again && h("button.btn.btn--2.btn--sm", { type: "button", click: again }, "Try again"));
}
