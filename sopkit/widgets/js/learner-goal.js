import { fill, focusOn, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { refused } from "./learner-talk.js";
import { day } from "./words.js";

const TOUCHED = ["goal", "questions"];
const LEVELS = [2, 1, 0, -1, -2];
const NAMES = { 2: "Much more than expected", 1: "More than expected", 0: "Expected", "-1": "Less than expected", "-2": "Much less than expected" };
const signed = (level) => (level > 0 ? `+${level}` : String(level).replace("-", "−"));

// A learner's goal with its five levels: where the learner stands, rating it, and setting a new one.
export function goalPart(page) {
  const { goal } = page.told;
  const title = `${page.first}’s goal`;
  const below = h("div.no-print");
  const show = (words, form, kind = ".btn--2") => h(`button.btn${kind}`, { type: "button", click: () => { fill(below, form()); focusOn(below.querySelector("input,textarea")); } }, words);
  const shut = () => { page.redraw("goal"); page.focusPart(title); };
  const set = (words) => show(words, () => goalForm(page, title, shut));
  if (!goal) {
    return page.part(title, h("p.empty", icon("flag"), "No goal yet. Agree on one sentence, and on what much less and much more than expected would look like."),
      h("div.row.no-print", set("Set a goal")), below);
  }
  const now = goal.ratings[goal.ratings.length - 1] || null;
  return page.part(title,
    h("p.sub", `Set ${day(goal.at)}.${goal.review ? ` Look at it again: ${goal.review}.` : ""}`), h("p.goal", `“${goal.text}”`),
    h("ol.gas", LEVELS.map((level) => h("li", { class: [level === 0 && "aim", now?.level === level && "now"].filter(Boolean).join(" ") },
      h("span.lv", signed(level)), h("span.nm", NAMES[level]), h("span", goal.levels[level + 2]),
      now?.level === level ? h("span.chip.chip--line", icon("right"), `Now, ${day(now.at)}`) : level === 0 && h("span.chip.chip--line", icon("flag"), "Aim")))),
    h("div.row.no-print", show(now ? "Rate it again" : "Rate it", () => rateForm(page, title, goal, shut)), set("Set a new goal")), below);
}

function rateForm(page, title, goal, shut) {
  const name = uid("level");
  const error = h("div");
  const send = async () => {
    const chosen = form.querySelector("input:checked");
    if (!chosen) return refused(page, error, "Choose one of the five levels.", form.querySelector("input"));
    const message = await page.change("rating", { goal: goal.id, level: Number(chosen.value) }, "Noted.", TOUCHED);
    return message ? refused(page, error, message) : page.focusPart(title);
  };
  const form = h("fieldset.inner", h("legend", `Where does ${page.first} stand now?`),
    LEVELS.map((level) => h("label.tick", h("input", { type: "radio", name, value: level }), h("span", h("b", signed(level)), ` ${goal.levels[level + 2]}`))), error,
    h("div.row", h("button.btn", { type: "button", click: send }, "Note it"), h("button.btn.btn--3", { type: "button", click: shut }, "Leave it")));
  return form;
}

function goalForm(page, title, shut) {
  const field = (words, hint = null) => {
    const id = uid("goal");
    const box = h("textarea.area", { id, rows: 2, maxlength: 4000 });
    return { box, element: h("div.field", h("label", { for: id }, words, hint && h("span.hint", ` ${hint}`)), box) };
  };
  const text = field("The goal, in one sentence", "As the learner says it.");
  const levels = [...LEVELS].reverse().map((level) => field(`${signed(level)} ${NAMES[level]}`));
  const review = h("input.input", { id: uid("review"), maxlength: 200, autocomplete: "off" });
  const error = h("div");
  const send = async () => {
    const empty = [text, ...levels].find(({ box }) => !box.value.trim());
    if (empty) return refused(page, error, "A goal needs one sentence, and words for each of its five levels.", empty.box);
    const body = { text: text.box.value, levels: levels.map(({ box }) => box.value), review: review.value };
    const message = await page.change("goal", body, "Goal kept.", TOUCHED);
    return message ? refused(page, error, message) : page.focusPart(title);
  };
  return h("div.inner", h("h3", "A new goal"), text.element, h("p.hint", "Five levels: what would people see? Write numbers where you can."),
    [...levels].reverse().map(({ element }) => element),
    h("div.field", h("label", { for: review.id }, "When to look at it again", h("span.hint", " You may leave this out.")), review), error,
    h("div.row", h("button.btn", { type: "button", click: send }, "Keep this goal"), h("button.btn.btn--3", { type: "button", click: shut }, "Leave it")));
}
