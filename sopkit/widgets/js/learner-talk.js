import { fill, focusOn, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { note } from "./notes.js";
import { count, day } from "./words.js";

// The next conversation: questions to bring, minutes, notes.

export function questionsPart(page) {
  const { questions } = page.told;
  const tick = ({ kind, text }) => h("li", { class: page.picked.has(text) ? "" : "unpicked" }, h("label.tick",
    h("input", { type: "checkbox", checked: page.picked.has(text), change: ({ target }) => {
      if (target.checked) page.picked.add(text);
      else page.picked.delete(text);
      target.closest("li").classList.toggle("unpicked", !target.checked);
    } }), h("span", h("small", kind), text)));
  return page.part("Questions to bring", h("p.sub", `${page.first} reflects first. Choose two or three.`),
    h("ul.qs", questions.map(tick)),
    h("p.no-print", h("button.btn.btn--2", { type: "button", click: () => window.print() }, "Print this page")),
    h("p.small.muted.no-print", "Of the questions, only those you choose are printed. Your own notes are not printed."));
}

const NOTES = {
  notes: { title: "Your own notes", words: "Only you see this. The learner and the trainer do not.", label: "Write a note for yourself", said: "Note kept. Only you see it.", shared: false },
  shared_notes: { title: "Notes you both can see", words: "The learner reads these in the workbook.", label: "Write a note for you both", said: "Note kept. You both see it.", shared: true },
};

// name: "notes" (private) or "shared_notes".
export function notesPart(page, name) {
  const { title, words, label, said, shared } = NOTES[name];
  const id = uid("note");
  const [area, error] = [h("textarea.area", { id, rows: 3, maxlength: 4000 }), h("div")];
  const keep = async () => {
    if (!area.value.trim()) return refused(page, error, "Write the note first.", area);
    const message = await page.change("note", { text: area.value, shared }, said, [name]);
    return message ? refused(page, error, message, area) : page.focusPart(title);
  };
  const part = page.part(title, h("p.sub", icon(shared ? "eye" : "lock"), ` ${words}`),
    h("div.field.no-print", h("label", { for: id }, label), area), error,
    h("p.no-print", h("button.btn.btn--2", { type: "button", click: keep }, "Keep this note")),
    h("ul.log", page.told[name].map(({ at, text }) => h("li", h("small", day(at)), h("p.lines", text)))));
  if (!shared) part.classList.add("no-print");
  return part;
}

export function minutesPart(page) {
  const { total, log } = page.told.minutes;
  const title = "Coaching minutes";
  const [number, what, error] = [h("input.input.short", { id: uid("minutes"), inputmode: "numeric", autocomplete: "off" }), h("input.input", { id: uid("what"), maxlength: 200, autocomplete: "off" }), h("div")];
  const add = async () => {
    const minutes = Number(number.value);
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > 480) return refused(page, error, "Write the minutes as a number from 1 to 480.", number);
    const message = await page.change("minutes", { minutes, what: what.value }, `${count(minutes, "minute")} noted.`, ["who", "minutes"]);
    return message ? refused(page, error, message, number) : page.focusPart(title);
  };
  return page.part(title, h("p", total ? `${count(total, "minute")} so far.` : "None noted yet."),
    h("ul.log", log.map(({ at, minutes, what: words }) => h("li", h("small", day(at)), h("p", `${count(minutes, "minute")}${words ? `. ${words}` : ""}`)))),
    h("div.inner.no-print", h("div.field", h("label", { for: number.id }, "Minutes"), number), h("div.field", h("label", { for: what.id }, "What for", h("span.hint", " You may leave this out.")), what), error,
      h("p", h("button.btn.btn--2", { type: "button", click: add }, "Add minutes"))));
}

// Says beside a form what is missing, and goes to `element`, or to the words.
export function refused(page, place, message, element = null) {
  fill(place, note("alert", "look", message));
  focusOn(element || place.querySelector(".note"));
  page.say(message);
}
