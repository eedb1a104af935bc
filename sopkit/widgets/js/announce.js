import { h } from "./dom.js";

// One polite status per block. It is emptied first, so that the same words are spoken again.
export function announcer() {
  const element = h("div.sr", { role: "status", "aria-live": "polite" });
  let timer = 0;
  const say = (text) => {
    clearTimeout(timer);
    element.textContent = "";
    timer = setTimeout(() => { element.textContent = text; }, 80);
  };
  return { element, say };
}
