import { h } from "./dom.js";
import { icon } from "./icons.js";
import { count } from "./words.js";

// What a check of an order shows: the learner's steps with what to move and why, then an order that works.
export function orderResult({ result, steps, sent, practice }) {
  const told = new Map(result.steps.map((step) => [step.id, step]));
  const moves = result.steps.filter(({ state }) => state === "move").length;
  const stay = steps.size - moves;
  return [
    h("h3.big", { tabindex: -1 }, moves ? `${stay} of ${count(steps.size, "step")} stand in order` : "All steps stand in order"),
    h("ul.facts", h("li", h("b", String(moves)), moves ? "to move" : "left to move"),
      practice && result.tries > 1
        ? h("li", h("b", `${result.first_points} of ${result.out_of}`), `points at the first try. Now ${result.points}.`)
        : h("li", h("b", `${result.points} of ${result.out_of}`), "points")),
    h("ol.order.order--told", sent.order.map((id, at) => toldStep(steps.get(id), told.get(id), at + 1))),
    h("details.bestorder", h("summary", "Show an order that works"),
      h("p.muted.xs", "Steps with the same number can stand in any order among themselves."),
      h("ol", result.best.map((id) => h("li", h("b.step__n", h("span.sr", "Stage "), String(told.get(id).stage)), h("p", steps.get(id).text))))),
  ];
}

function toldStep({ text }, { state, direction, why, cost }, place) {
  const move = state === "move";
  const [name, words] = !move ? ["done", "In order"] : direction === "earlier" ? ["up", "Belongs earlier"] : ["down", "Belongs later"];
  return h("li.step.step--told", { class: move ? "step--move" : "" }, h("b.step__n", String(place)),
    h("div", h("p", text), h("p.verdict", { class: move ? "verdict--look" : "verdict--good" }, icon(name), words),
      move
        ? [cost && h("p.step__why", cost), h("p.step__why", why)]
        : h("details.step__more", h("summary", "Why it stands here", h("span.sr", `: step ${place}`)), h("p.step__why", why))));
}
