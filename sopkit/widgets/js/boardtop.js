import { trayCard } from "./boardcard.js";
import { h, uid } from "./dom.js";
import { count } from "./words.js";

// What the last check showed, counted from where the cards are now. Null before any check.
export function result(board) {
  const { sent, fresh, practice, view, host, summary } = board;
  if (!sent.length) return null;
  const [fit, again, talk] = ["fits", "not-quite", "talk"].map((verdict) => board.told(verdict));
  const told = fit + again + talk > 0;
  const fact = (big, text) => h("li", h("b", String(big)), text);
  return h("div.checked",
    h("h3.big", { tabindex: -1 }, told ? `${fit} of ${count(fit + again, "card")} fit` : `${count(sent.length, "card")} ${practice ? "saved" : "sent"}`),
    told
      ? h("ul.facts", fact(again, again ? "to look at again" : "left to look at again"),
        talk > 0 && fact(talk, "to talk about, not scored"), fact(summary.fit_first, "fit the first time"))
      : h("p", host.later),
    fresh.length > 0 && h("p", h("b", `${count(fresh.length, "card is", "cards are")} not ${told ? "checked" : practice ? "saved" : "handed in"} yet.`)),
    again > 0 && practice && view.open && h("p", "Open “Why” on a card to read the reason. Then move it, and check again."));
}

// The cards that have no place yet: to place, or, when the exercise is closed, to read.
export function trayField(board) {
  const { tray, view, options, terms } = board;
  if (!view.open) return h("div.tray", h("h3", `${count(tray.length, "card was", "cards were")} not placed`), h("ul", tray.map(({ text }) => h("li.mcard", text))));
  const name = uid("tray");
  const defined = view.layout === "map" ? options.filter(({ definition }) => definition) : [];
  return h("fieldset.tray", { "data-drop": "" }, h("legend.sr", "Cards to place"),
    h("div.tray__h", h("h3", { tabindex: -1 }, `${count(tray.length, "card")} left to place`),
      h("p.small.muted", "Select a card, then choose its place.", h("span.drags", " You can also drag it."))),
    h("div.tray__cards", tray.map((item) => trayCard(board, item, name))),
    defined.length > 0 && h("details.meanings", h("summary", "What each place means"),
      h("ul", defined.map(({ id, definition }) => h("li", terms.chip(id), h("span", definition))))));
}

export const allPlaced = ({ name, act }) => h("div.tray.tray--empty", { "data-drop": "" },
  h("h3", { tabindex: -1 }, "All cards are placed"), h("p", `Look over your ${name}. Then choose “${act}” below it.`));
