import { h } from "./dom.js";
import { icon } from "./icons.js";
import { note } from "./notes.js";
import { markLines, rubricTable } from "./rubric.js";
import { beforeAfter, written } from "./write-compare.js";
import { clock, count, day, spelled } from "./words.js";

const when = (iso) => `${day(iso)} at ${clock(iso)}`;

// Worked examples, once something was sent.
function examples(result) {
  const list = result?.examples || [];
  return list.length > 0 && h("details.more-cards", h("summary", list.length === 1 ? "A worked example" : `${spelled(list.length)} worked examples`),
    list.map(({ text, notice }) => h("figure.example", h("blockquote", text), h("figcaption", h("b", "What to notice: "), notice))));
}

// The text; after a second try, beside the one before.
function texts(view, tries, response) {
  return tries.length > 1 ? beforeAfter(view, tries) : h("section.yours", h("h3", "What you wrote"), written(view, response));
}

// Sent, and no coach has read it yet. `last` is the newest try; none when the text leaves only at hand-in.
export function sentScreen({ view, state, last }) {
  const head = last ? "Sent, waiting for your coach." : "Your text is kept.";
  return [
    note("done", "good", h("h3", { tabindex: -1 }, head),
      h("p", last ? `Sent ${when(last.at)}. You can read it here. When your coach has read it, their words show up here too.` : "It goes to your coach when you hand in this lesson.")),
    texts(view, state.tries || [], last ? last.response : state.sent), examples(state.result), rubricTable(view.rubric),
  ];
}

const DECISIONS = {
  accept: { icon: "done", tone: "good", words: "Accepted" },
  discuss: { icon: "chat", tone: "plain", words: "Your coach wants to talk about this one" },
  again: { icon: "again", tone: "look", words: "Try again" },
};

// Back from the coach: their words first, then the marks, then the text.
export function returnedScreen({ view, state, last }) {
  const { mark } = last;
  const { icon: sign, tone, words } = DECISIONS[mark.decision] || DECISIONS.accept;
  const given = Object.keys(mark.marks || {}).length;
  const total = mark.points !== null && mark.points !== undefined && !given ? `${count(mark.points, "point")}.` : "";
  return [
    h("section.coach", h("h3.coach__head", { class: `coach__head--${tone}`, tabindex: -1 }, icon(sign), h("span", words)),
      h("p.small.muted", [mark.coach || "Your coach", mark.at && `read this ${day(mark.at)}.`].filter(Boolean).join(" ")),
      h("dl.why", mark.strength && h("div", h("dt", "What works"), h("dd", mark.strength)),
        mark.step && h("div.decide", h("dt", "One next step"), h("dd", h("strong", mark.step))))),
    texts(view, state.tries, last.response),
    (given > 0 || total) && h("section.marks-m", h("h3", "How your coach marked it"),
      h("p.small.muted", total && `${total} `, mark.level_name && ["Overall: ", h("b", mark.level_name), ". "], "It describes this text. It is not a grade."),
      markLines(view.rubric, mark.marks || {})),
    examples(state.result), !given && rubricTable(view.rubric),
  ];
}
