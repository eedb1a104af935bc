import { h } from "./dom.js";
import { discussion, explanation, extras } from "./feedback.js";
import { icon } from "./icons.js";
import { Story } from "./story.js";
import { count, lower, quoted, spelled } from "./words.js";

// How each state looks in the story and in words.
const STATES = {
  found: { icon: "check", name: "Found", look: "Tag with a check" },
  either: { icon: "check", name: "Fine either way", look: "Tag with a check" },
  partial: { icon: "half", name: "Partly found", look: "Solid box, half circle" },
  different: { icon: "swap", name: "Different tag", look: "Solid box, your tag struck out" },
  missed: { icon: "plus", name: "Missed", look: "Dashed box" },
  extra: { icon: "minus", name: "No tag needed here", look: "Solid box, your tag struck out" },
  talk: { icon: "chat", name: "One to talk about", look: "Speech bubble. Not scored" },
};
const AGAIN = ["missed", "different", "partial", "extra"];

export function resultScreen(tagging) {
  const { result, terms, view, practice, host } = tagging;
  const parts = [...result.parts].sort((one, other) => one.first - other.first);
  const again = parts.filter(({ state }) => AGAIN.includes(state));
  const kept = parts.filter(({ state }) => state === "found" || state === "either");
  const talk = parts.filter(({ state }) => state === "talk");
  const story = new Story(view.story);
  story.draw(parts.filter(({ state }) => STATES[state]).map((part) => look(part, again.indexOf(part) + 1, terms)));
  return [
    h("div.grid.grid--result", summary(result, parts, practice), story.element),
    again.length > 0
      ? h("section.looks", h("h3", `${spelled(again.length)} to look at again`), h("ol", again.map((part, index) => item(part, index + 1, story, terms))))
      : h("section.looks", h("h3", "Every part is where it fits"), h("p", "Read the reasons below once more. They are what you will use in the next story.")),
    talk.length > 0 && h("section.looks", h("h3", `${spelled(talk.length)} to talk about`), h("p.muted", "Agencies differ here. It is not scored."), h("ol", talk.map((part) => item(part, null, story, terms)))),
    kept.length > 0 && h("details.more-cards", h("summary", `The ${count(kept.length, "part")} you found, and why`),
      h("div.looks", h("ol", kept.map((part) => item(part, null, story, terms))))),
    h("div.ex__foot",
      result.retry && view.open && h("button.btn", { type: "button", click: () => tagging.showEditor(true) }, "Change my tags"),
      host.after && h(`a.btn${result.retry ? ".btn--2" : ""}`, { href: host.after.href }, host.after.label, icon("right"))),
  ];
}

function summary({ found, total, points, out_of: outOf, tries = 1, first_points: first }, parts, practice) {
  const number = (...names) => parts.filter(({ state }) => names.includes(state)).length;
  const left = number("left");
  const row = (name, always, { icon: sign, name: words, look: text } = STATES[name]) =>
    (always || number(name) > 0) && h("li", icon(sign), h("span", words, h("small", text)), h("b", String(number(name))));
  return h("div.sum",
    h("h3.sum__top", { tabindex: -1 }, h("b", `${found} of ${total}`), h("span", found === 1 ? "part found" : "parts found"),
      !practice ? h("small", `${points} of ${outOf} points`) : tries > 1 && h("small", `First try: ${first} of ${outOf} points. Now: ${points}`)),
    h("ul", row("found", true), row("partial"), row("different", true), row("missed", true), row("extra"), row("either"), row("talk"),
      row("left", false, { icon: "minus", name: "Left without a tag", look: left === 1 ? "You left it alone. Good call." : left === 2 ? "You left both alone. Good call." : "You left them alone. Good call." })));
}

function look({ first, last, state, yours, feedback }, number, terms) {
  const best = feedback?.best ?? null;
  const agreed = state === "found" || state === "partial" || state === "either";
  const shown = (agreed && yours) || best || feedback?.also?.[0] || yours;
  const style = shown ? terms.style(shown) : "t-none";
  const kind = { found: style, either: shown ? style : "t-none", missed: `miss ${style}`, talk: "talked" }[state] || "diff";
  const struck = yours && yours !== best ? [h("span.sr", " You tagged "), h("span.was", terms.label(yours)), h("span.sr", ". ")] : null;
  const words = {
    found: [h("span.sr", " Found: "), terms.label(shown)],
    either: [h("span.sr", " "), "Fine either way"],
    partial: [h("span.sr", " "), `Partly: ${terms.label(shown)}`],
    missed: [h("span.sr", " "), `Missed: ${terms.label(shown)}`],
    different: [struck, h("span.sr", "Best fit: "), best && terms.label(best)],
    extra: [struck, "No tag"],
    talk: [h("span.sr", " "), "To talk about"],
  }[state];
  return {
    first, last, class: kind,
    lead: number ? () => h("span.n", h("span.sr", "Number "), String(number), h("span.sr", ". ")) : null,
    tail: () => h("span.term", { class: state === "talk" || state === "extra" ? "t-none" : style }, icon(STATES[state].icon), words),
  };
}

function item({ first, last, state, yours, feedback }, number, story, terms) {
  const best = feedback?.best ?? null;
  const kind = state === "different" || (state === "extra" && yours) ? `You tagged ${lower(terms.label(yours))}` : STATES[state].name;
  return h(`li${number ? "" : ".li--plain"}`, number && h("span.n", { "aria-hidden": "true" }, String(number)),
    h("div.what", h("p.kind", icon(STATES[state].icon), number && h("span.sr", `Number ${number}. `), kind),
      h("p.q", quoted(story.quote({ first, last }))),
      state === "found" && yours ? terms.chip(yours) : best ? terms.chip(best) : state === "extra" && terms.chip("none")),
    feedback && h("div", explanation(feedback, yours, terms), state === "talk" && discussion(feedback, terms), extras({ ...feedback, named: null }, terms)));
}
