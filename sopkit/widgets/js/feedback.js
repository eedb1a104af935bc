import { h } from "./dom.js";
import { icon } from "./icons.js";
import { lower, quoted, sentence } from "./words.js";

const said = (words) => h("span.words", quoted(sentence(words)));

// The statement with the words that decide it marked inside.
export function marked(text, words) {
  const at = words ? text.indexOf(words) : -1;
  if (at < 0) return [text];
  return [text.slice(0, at), h("mark.words", words), text.slice(at + words.length)];
}

function headline({ verdict, best }, answer, terms) {
  const name = (id) => lower(terms.label(id));
  if (verdict === "fits") return { icon: "done", text: `This fits: ${name(answer.choice ?? best)}.` };
  if (verdict === "talk") return { icon: "chat", text: "One to talk about." };
  if (verdict === "passed") return { icon: "look", text: best ? `You passed. Best fit: ${name(best)}.` : "You passed." };
  return { icon: "look", text: best ? `Not quite. Best fit: ${name(best)}.` : "Not quite." };
}

const row = (term, ...content) => h("div", h("dt", term), h("dd", ...content));

// What decides it, in the fixed order: tempting, decides, words, change.
export function explanation(feedback, choice, terms) {
  const { tempting, question, words, answer, change } = feedback;
  return h("dl.why",
    tempting && choice && row(`Why ${terms.within(choice)} is tempting`, tempting),
    (question || answer) && h("div.decide",
      h("dt", question ? "The question that decides" : "Why"),
      h("dd", question && h("strong", question),
        (words || answer) && h("p", words && ["The words are ", said(words), " "], answer))),
    change && row("What would change the label", h("div.flip", h("p", quoted(change.text)), terms.chip(change.option, "Now: "))));
}

// A contested card: sensible people differ. Nothing here says who is right.
export function discussion({ views = [], discuss, profile_says: profile }, terms) {
  const inViews = profile && views.some(({ option }) => option === profile.option);
  const ours = (view) => inViews && view.option === profile.option && h("span.ours", icon("flag"), "Your agency’s wording takes this view");
  return h("div.talk",
    views.length > 0 && h("ul.views", views.map((view) => h("li", terms.chip(view.option), ours(view), h("p", view.text)))),
    profile && !(inViews && views.some(({ text }) => text === profile.text)) && h("div.profile", h("h4", "Your agency’s wording says"), terms.chip(profile.option), h("p", profile.text)),
    discuss && h("div.decide", h("h4", "Talk about it"), h("p", discuss)));
}

export function extras({ also = [], named, pair }, terms) {
  return [
    also.length > 0 && h("p.aside", "Also accepted here: ", also.map((id) => [terms.chip(id), " "])),
    named === true && h("p.aside", icon("check"), " You named the question that decides."),
    named === false && h("p.aside", "You named another question. Compare it with the one above."),
    pair && h("div.mixup", h("span.muted", "Often mixed up:"), " ", terms.pair(pair)),
  ];
}

function sureness(answer, feedback, returns) {
  const back = returns ? " This card will come back." : "";
  if (feedback.verdict === "talk") return null;
  if (feedback.verdict === "passed") return returns ? [h("b", "You passed."), back] : null;
  if (answer.sure === null || answer.sure === undefined) return null;
  if (feedback.verdict === "fits") {
    return answer.sure
      ? [h("b", "You were sure,"), " and it fits."]
      : [h("b", "You were not sure,"), " and it fits. The question on this page is one you can lean on."];
  }
  return answer.sure
    ? [h("b", "You were sure."), returns ? " This card will come back soon. Cards people were sure about and missed tend to stick once they see why." : ""]
    : [h("b", "You were not sure."), back];
}

const COUNTS = ["no", "one", "two", "three", "four", "five", "six"];

function choices(options, answer, best, terms) {
  const state = ({ id }) => (id === best ? "fit" : id === answer.choice ? "you" : "other");
  const list = h("ul.mini", options.map((option) => h(`li.${state(option)}`, terms.square(option.id),
    h("span", state(option) === "other" ? option.label : h("b", option.label),
      option.id === answer.choice && h("small", icon("person"), "Your answer"),
      option.id === best && h("small", icon("done"), "Best fit")))));
  const more = h("button.btn.btn--3.btn--sm.more", { type: "button", "aria-expanded": "false", click: () => {
    const open = list.classList.toggle("mini--all");
    more.setAttribute("aria-expanded", String(open));
    more.lastChild.textContent = open ? "Show fewer" : `Show all ${COUNTS[options.length] || options.length} choices`;
  } }, icon("down"), h("span", `Show all ${COUNTS[options.length] || options.length} choices`));
  return [list, more];
}

// The whole screen after a card was checked.
export function feedbackScreen({ options, answer, returns, terms }) {
  const { feedback } = answer;
  const head = headline(feedback, answer, terms);
  const talk = feedback.verdict === "talk";
  const sure = sureness(answer, feedback, returns);
  return h("div.after",
    h("div", h("h3.sr", talk ? "Your answer" : "Your answer and the best fit"),
      choices(options, answer, talk ? null : feedback.best, terms),
      sure && h("p.surebox", ...sure)),
    h("div.fb",
      h("h3.fb__head", { tabindex: -1 }, icon(head.icon), h("span", head.text)),
      talk && h("p.fb__lead", "Agencies differ on this card. It is not scored."),
      explanation(feedback, answer.choice, terms), talk && discussion(feedback, terms), extras(feedback, terms)));
}

export function spoken(answer, terms) {
  const { feedback, choice } = answer;
  return [choice ? `You chose ${lower(terms.label(choice))}.` : "",
    feedback.verdict === "talk" ? "Agencies differ on this card. It is not scored." : "",
    feedback.question ? `The question that decides: ${feedback.question}` : ""].filter(Boolean).join(" ");
}
