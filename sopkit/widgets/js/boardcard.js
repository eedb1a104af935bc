import { h, uid } from "./dom.js";
import { discussion, explanation, extras, marked } from "./feedback.js";
import { icon } from "./icons.js";
import { keycap, keysOn } from "./keys.js";
import { short } from "./words.js";

const VERDICTS = {
  fits: ["done", "Fits", "good"],
  "not-quite": ["look", "Look again", "look"],
  talk: ["chat", "To talk about", ""],
};

// A card in the tray: a radio, with the places under the one that is selected.
export function trayCard(board, item, name) {
  const on = board.picked === item.id;
  return [
    h("label.mcard.mcard--tray", { "data-drag": item.id, "data-card": item.id },
      h("input", { type: "radio", name, value: item.id, checked: on, change: () => board.pick(item.id) }),
      words(board, item)),
    on && placePanel(board, item.id),
  ];
}

// A card in its place, with its verdict once it was checked, and what is open on it: the places, or the explanation.
export function placedCard(board, item) {
  const { id } = item;
  const answer = board.checked(id);
  const free = board.free(id);
  const open = board.open?.id === id ? board.open.part : null;
  const act = (part, text) => h("button.mv", { type: "button", "data-part": part, "aria-expanded": String(open === part), click: () => board.toggle(id, part) },
    text, h("span.sr", `: ${short(item.text)}`));
  return h("li.mcard", { "data-card": id, "data-drag": free ? id : null, class: open ? "is-open" : "" },
    words(board, item, open === "why" ? answer.feedback.words : null),
    h("div.mcard__acts", answer && verdict(board, answer), answer?.feedback && act("why", open === "why" ? "Close" : "Why"), free && act("move", "Move")),
    open === "move" && placePanel(board, id),
    open === "why" && why(answer, board.terms));
}

const words = (board, { text, danger }, deciding = null) => h("div.mcard__words", h("p", { "data-words": "" }, marked(text, deciding)),
  danger && !board.danger && h("p.meta", `The danger: ${danger}`));

function verdict({ practice }, { feedback }) {
  const [name, text, tone] = feedback ? VERDICTS[feedback.verdict] || VERDICTS["not-quite"] : ["saved", practice ? "Saved" : "Sent", ""];
  return h("span.verdict", { class: tone && `verdict--${tone}` }, icon(name), text);
}

function why({ choice, feedback }, terms) {
  const talk = feedback.verdict === "talk";
  return h("div.mcard__why",
    feedback.verdict === "not-quite" && feedback.best && h("p.best", "Best fit: ", terms.chip(feedback.best)),
    talk && h("p", "Agencies differ on this card. It is not scored."),
    explanation(feedback, choice, terms), talk && discussion(feedback, terms), extras({ ...feedback, named: null }, terms));
}

// The places as buttons; the number on each is its key.
function placePanel(board, id) {
  const label = uid("places");
  const here = board.places[id];
  const button = (option) => h("button.pb", { type: "button", class: board.terms.style(option.id), "aria-current": here === option.id ? "true" : null, click: () => board.put(id, option.id) },
    icon(option.icon), h("span", option.label, here === option.id && h("small", "It is here now")),
    keysOn() && keycap(String(board.options.indexOf(option) + 1)));
  return h("div.places", { role: "group", "aria-labelledby": label },
    h("p.places__title", { id: label }, here ? "Move it to" : "Where does this card go?"),
    h("div.places__g", board.groups.map(({ short: title, options }) => h("div", title && h("p", title), options.map(button)))),
    here && h("div.places__f", h("button.btn.btn--3", { type: "button", click: () => board.back(id) }, "Put it back with the others")));
}
