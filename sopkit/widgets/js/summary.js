import { h } from "./dom.js";
import { icon } from "./icons.js";
import { note } from "./notes.js";
import { count } from "./words.js";

const fact = (big, text) => h("li", h("b", big), text);

// After the last card: how it went, what comes back, what is next.
export function summaryScreen(deck) {
  const { view, summary, answers, terms, practice } = deck;
  const { total, answered, fit_first: fit, come_back: back } = summary;
  const shown = view.items.filter(({ id }) => answers[id]?.feedback);
  const talk = shown.filter(({ id }) => answers[id].feedback.verdict === "talk").length;
  const left = total - answered;
  const next = deck.host.after;
  const line = ({ id, text }) => h("li", h("p", text),
    answers[id]?.feedback?.best && terms.chip(answers[id].feedback.best));
  const act = (kind, text, click, name = "right") => h(`button.btn${kind}`, { type: "button", click }, text, icon(name));
  const again = practice && view.open ? view.items.filter(({ id }) => back.includes(id)) : [];
  const others = shown.filter((item) => !again.includes(item));
  const review = back.filter((id) => again.some((item) => item.id === id));
  return [
    h("h3.big", { tabindex: -1 }, left > 0 ? `${answered} of ${count(total, "card")} answered` : `All ${count(total, "card")} ${practice ? "sorted" : "saved"}`),
    shown.length
      ? h("ul.facts", total > talk && fact(`${fit} of ${total - talk}`, "fit the first time"),
        practice && total > talk && fact(String(again.length), again.length ? "to look at again" : "left to look at again"),
        talk > 0 && fact(String(talk), "to talk about, not scored"))
      : left <= 0 && note("saved", "good", h("b", "Your answers are saved. "), deck.host.later),
    again.length > 0 && h("div.cards", h("h4", "To look at again"), h("ol", again.map(line))),
    others.length > 0 && h("details.more-cards.cards", h("summary", again.length ? `The other ${count(others.length, "card")}` : `All ${count(others.length, "card")}`), h("ol", others.map(line))),
    h("div.ex__foot",
      review.length > 0 && act("", `Look at ${review.length === 1 ? "this card" : `these ${review.length} cards`} again`, () => start(deck, "review", review), "again"),
      practice && view.open && !summary.revealed && left <= 0 && act(".btn--2", "Change my answers", () => start(deck, "review", view.items.map(({ id }) => id)), "pencil"),
      next && h(`a.btn${review.length ? ".btn--2" : ""}`, { href: next.href }, next.label, icon("right")),
      shown.length > 0 && act(".btn--3", "Read all the explanations", () => start(deck, "browse", shown.map(({ id }) => id)), "book")),
  ];
}

function start(deck, round, queue) {
  deck.startRound(round, queue);
  deck.showCard(true);
}
