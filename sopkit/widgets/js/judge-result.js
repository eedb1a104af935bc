import { h } from "./dom.js";
import { icon } from "./icons.js";
import { markChip } from "./rubric.js";
import { note } from "./notes.js";
import { count, quoted } from "./words.js";

// How near a mark is to the key's, in words.
const STATES = {
  same: { icon: "done", words: "The same" },
  "one-off": { icon: "half", words: "One step away" },
  "two-off": { icon: "swap", words: "Two steps away" },
  talk: { icon: "chat", words: "Careful readers differ here. It is not scored" },
  blank: { icon: "todo", words: "Not marked" },
};

// A text with the words that decide marked inside; of two that overlap, the first.
export function highlighted(text, words) {
  let end = 0;
  const places = words.map((one) => ({ one, at: text.indexOf(one) })).filter(({ one, at }) => one && at >= 0).sort((a, b) => a.at - b.at);
  const parts = places.flatMap(({ one, at }) => {
    if (at < end) return [];
    const before = text.slice(end, at);
    end = at + one.length;
    return [before, h("mark.words", one)];
  });
  return [...parts, text.slice(end)];
}

const scored = ({ lines }) => lines.filter(({ state }) => state !== "talk");
const same = (feedback) => scored(feedback).filter(({ state }) => state === "same").length;
export const tally = (feedback) => `${same(feedback)} of ${count(scored(feedback).length, "line")} the same as the key.`;

function line({ criterion, yours, key, state, why, words }, { name, anchors }, number) {
  const { icon: sign, words: said } = STATES[state];
  const mark = (who, given) => given !== null && given !== undefined && h("div", h("dt", who), h("dd", markChip(given), h("span.def", anchors[given])));
  return h("li", { class: `jr jr--${state}`, "data-line": criterion }, h("h4", `${number}. ${name}`), h("p.jr__s", icon(sign), said),
    h("dl.jr__m", mark("Your mark", yours), state !== "same" && mark("The key", key)),
    why && h("p", words && [h("span.words", quoted(words)), " "], why));
}

// Yours beside the key, line by line.
export function ratedScreen(judging) {
  const { answer: { feedback, marks }, criteria, practice, view } = judging;
  const again = practice && view.open && h("button.btn.btn--2", { type: "button", click: () => judging.go(judging.at, "rate") }, icon("again"), "Mark this one again");
  const later = judging.next(judging.at + 1);
  const foot = h("div.ex__foot", h("button.btn", { type: "button", click: () => judging.onward() }, judging.items[later] ? "Next sample" : feedback ? "See how it went" : "All samples", icon("right")), again);
  const list = criteria.map((criterion, index) => [feedback?.lines.find((one) => one.criterion === criterion.id), criterion, index + 1]);
  if (!feedback) {
    return [h("div.duo", judging.sample(), h("div", h("h3", { tabindex: -1 }, "Your marks are saved"), h("p.muted", judging.host.later),
      h("ul.looks", criteria.map(({ id, name, anchors }, index) => h("li.jr", h("h4", `${index + 1}. ${name}`),
        marks[id] === undefined ? h("p", "Not marked") : h("p", markChip(marks[id]), h("span.def", anchors[marks[id]]))))))), foot];
  }
  return [h("div.duo", judging.sample(feedback.lines.map(({ words }) => words)),
    h("div", h("h3.fb__head", { tabindex: -1 }, icon(feedback.verdict === "fits" ? "done" : "look"), h("span", tally(feedback))),
      h("p.small.muted", "The key is one careful reading. The words that decide are marked in the text."),
      h("ul.jrs", list.filter(([found]) => found).map((one) => line(...one))))), foot];
}

// After the last sample.
export function summaryScreen(judging) {
  const { items, answers, summary: { total, answered }, host, view, practice } = judging;
  const all = items.flatMap(({ id }) => (answers[id]?.feedback ? [answers[id].feedback] : []));
  const lines = all.flatMap(scored);
  const number = (...states) => lines.filter(({ state }) => states.includes(state)).length;
  const fact = (big, text) => h("li", h("b", big), text);
  const { after } = host;
  return [
    h("h3.big", { tabindex: -1 }, answered < total ? `${answered} of ${count(total, "sample")} marked` : `All ${count(total, "sample")} marked`),
    all.length > 0 ? h("ul.facts", fact(`${number("same")} of ${lines.length}`, "lines the same as the key"), fact(String(number("one-off")), "one step away"), fact(String(number("two-off")), "two steps away"))
      : answered >= total && note("saved", "good", h("b", "Your marks are saved. "), host.later),
    h("div.cards", h("h4", "The samples"), h("ol", items.map(({ id, text }, place) => h("li", h("p", h("b", `Sample ${place + 1}. `), text.length > 120 ? `${text.slice(0, 110).replace(/\s+\S*$/, "")}…` : text,
      answers[id]?.feedback && h("span.small.muted.jr__t", ` ${tally(answers[id].feedback)}`)),
    (answers[id] || view.open) && h("button.btn.btn--2.btn--row", { type: "button", click: () => judging.go(place, answers[id] ? "rated" : "rate") },
      answers[id] ? "Look again" : "Mark it", h("span.sr", `: sample ${place + 1}`)))))),
    h("div.ex__foot", after && h("a.btn", { href: after.href }, after.label, icon("right")),
      practice && all.length > 0 && h("p.small.muted", "You can mark any sample again.")),
  ];
}
