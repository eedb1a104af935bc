import { h } from "./dom.js";

// Letter and number keys: on unless this person turned them off on this device (WCAG 2.1.4).
const NAME = "sop.keys";

export function keysOn() {
  try { return localStorage.getItem(NAME) !== "off"; } catch { return true; }
}

function store(on) {
  try { on ? localStorage.removeItem(NAME) : localStorage.setItem(NAME, "off"); } catch { /* stays for this page only */ }
}

export const typing = (target) => target.matches("input:not([type=radio],[type=checkbox]),textarea,select,[contenteditable]");
export const activates = (target) => target.closest("button,a[href],summary,select") !== null;

const cap = (key) => h("kbd", { "aria-hidden": "true" }, key);
export const keycap = cap;

// hints: [["1", " to ", "5", " choose"], ...]: single characters and arrows are drawn as keys.
export function keysLine(hints, say) {
  const line = h("div.keys");
  const draw = () => {
    const on = keysOn();
    line.replaceChildren(
      ...(on ? hints.map((parts) => h("span", ...parts.map((part) => (part.startsWith("[") ? h("kbd", part.slice(1, -1)) : part)))) : [h("span", "Letter and number keys are off.")]),
      h("button.link", { type: "button", click: () => {
        store(!on);
        draw();
        line.querySelector("button").focus();
        say(on ? "Keys are off." : "Keys are on.");
      } }, on ? "Turn keys off" : "Turn keys on"),
    );
  };
  draw();
  return line;
}
