import { h, uid } from "./dom.js";
import { placedCard } from "./boardcard.js";
import { icon } from "./icons.js";
import { count } from "./words.js";

const COLUMNS = [
  ["worry", "What are we worried about?", "Worried"],
  ["well", "What is working well?", "Working well"],
  ["next", "What needs to happen next?", "What happens next"],
];
const GRAY = "We still need to find out";

// The places of a board, in groups: a map's columns and its gray area (no title); else one group.
export function groupsOf({ layout, options }) {
  if (layout !== "map") return [{ options }];
  const columns = COLUMNS.map(([side, title, short]) => ({ title, short, options: options.filter((option) => option.side === side) }));
  const gray = options.filter(({ side }) => !COLUMNS.some(([name]) => name === side));
  return [...columns, { options: gray }].filter((group) => group.options.length > 0);
}

// The whole board. Its places carry data-drop, their cards are lists.
export const drawBoard = (board) => ({ map, houses, circles })[board.view.layout](board);

// A place with an open card gets more room.
const isOpen = (board, cards) => cards.some(({ id }) => board.open?.id === id);

function map(board) {
  const columns = board.groups.filter(({ title }) => title);
  const gray = board.groups.find(({ title }) => !title);
  return h("div.board",
    h("div.map", columns.map(({ title, options }) => {
      const id = uid("column");
      const cards = options.flatMap((option) => board.cardsIn(option.id));
      return h("section.map__col", { "aria-labelledby": id, class: isOpen(board, cards) ? "is-wide" : "" },
        h("h3", { id }, title), h("p.ct", count(cards.length, "card")), options.map((option) => place(board, option, "h4")));
    })),
    gray && h("div.gray", gray.options.length > 1 && h("h3", GRAY),
      gray.options.map((option) => place(board, option, gray.options.length > 1 ? "h4" : "h3"))));
}

function houses(board) {
  return h("div.board.houses", board.options.map((option) => {
    const cards = board.cardsIn(option.id);
    return h("div.house", { "data-drop": option.id, class: `${board.terms.style(option.id)}${isOpen(board, cards) ? " is-wide" : ""}` }, roof(), place(board, option, "h3"));
  }));
}

// The inner ring stands inside the next one, so that it is read first.
function circles(board) {
  const rings = board.options.reduce((inner, option, index) =>
    h("div.ring", { "data-drop": option.id, class: index % 2 ? "ring--even" : "" }, inner, place(board, option, "h3")), null);
  return h("div.board.circles", rings);
}

function place(board, option, heading) {
  const cards = board.cardsIn(option.id);
  const map = board.view.layout === "map";
  return h("div.place", { "data-drop": option.id, class: board.terms.style(option.id) },
    h(heading, h("span.term", icon(option.icon), option.label)),
    !map && option.definition && h("p.place__def", option.definition),
    !map && cards.length > 0 && h("p.ct", count(cards.length, "card")),
    cards.length > 0 ? h("ul", cards.map((item) => placedCard(board, item))) : h("p.place__none", map ? "No cards yet" : "Nothing here yet"));
}

function roof() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of [["viewBox", "0 0 200 56"], ["preserveAspectRatio", "none"], ["class", "roof"], ["aria-hidden", "true"], ["focusable", "false"]]) svg.setAttribute(name, value);
  svg.innerHTML = '<path d="M150 30V10h18v27"/><path d="M2 54 100 4l98 50z"/>';
  return svg;
}
