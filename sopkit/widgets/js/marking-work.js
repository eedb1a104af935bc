import { decided, lineNumber, square, tryName } from "./coach-words.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { note } from "./notes.js";
import { storyBox } from "./storybox.js";
import { day, quoted } from "./words.js";

// Where each line's evidence stands in a text: [{start, end, lines}], in order. Of two that overlap, the first stays;
// the same words found for several lines carry all their numbers.
export function evidenceIn(text, criteria, suggestions) {
  const spans = [];
  criteria.forEach(({ id }, index) => {
    for (const words of suggestions[id]?.evidence || []) {
      const twin = spans.find(({ start, end }) => text.slice(start, end) === words);
      if (twin) {
        if (!twin.lines.includes(index)) twin.lines.push(index);
        continue;
      }
      const start = freePlace(text, words, spans);
      if (start >= 0) spans.push({ start, end: start + words.length, lines: [index] });
    }
  });
  return spans.sort((one, other) => one.start - other.start);
}

function freePlace(text, words, spans) {
  if (!words) return -1;
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    if (spans.every(({ start, end }) => at + words.length <= start || end <= at)) return at;
  }
  return -1;
}

// The statement, with the words that hints rest on underlined and numbered by line.
export class Statement {
  constructor({ text, rubric, suggestions }) {
    this.text = text;
    this.spans = evidenceIn(text, rubric.criteria, suggestions);
    this.element = h("blockquote.stm");
    this.draw(0);
  }

  // line: the line being scored, whose words stand out.
  draw(line) {
    let at = 0;
    const pieces = this.spans.flatMap(({ start, end, lines }) => {
      const before = this.text.slice(at, start);
      at = end;
      const [, head, last] = /^([^]*?)(\S*)$/.exec(this.text.slice(start, end)); // the numbers stay with the last word
      return [before, h("span.ev", { class: lines.includes(line) ? "ev--cur" : "" }, head,
        h("span.nowrap", last, h("sup", lines.map((index) => lineNumber(index + 1)))))];
    });
    fill(this.element, pieces, this.text.slice(at));
  }
}

// What a coach reads beside the statement: earlier tries, what was given, the family's story.
export function context({ earlier, given, instructions, story }) {
  return [
    h("h2.sr", "What belongs to this writing"),
    earlier.map((one, index) => h("details.fold", { open: index === earlier.length - 1 },
      h("summary", `${tryName(one.number)}, ${day(one.at)}${one.mark ? ", and what was said" : ""}`), h("p.lines", quoted(one.text)), one.mark && said(one.mark))),
    h("details.fold", h("summary", "What the learner was asked"), instructions && h("p", instructions), given && h("p", given)),
    storyBox(story, earlier.length === 0),
  ];
}

const said = ({ strength, step, decision, marks }) => h("dl.kept",
  strength && h("div", h("dt", "What works"), h("dd", strength)), step && h("div", h("dt", "Next step"), h("dd", step)),
  h("div", h("dt", decided(decision)), h("dd", Object.values(marks).length ? `Lines: ${Object.values(marks).join(", ")}` : "")));

// What a second or a settling reader must know first.
export function readingNote({ reading }) {
  if (reading === "second") return note("people", "plain", h("b", "Second reading. "), "You mark on your own. The learner sees the first reading.");
  if (reading === "final") return note("swap", "plain", h("b", "Two readings differ. "), "Read both, then settle it. Your scores count, and the learner sees them.");
  return null;
}

// Two readings side by side, with the lines that differ marked.
export function bothReadings({ readings, rubric }) {
  const name = { first: "First reading", second: "Second reading" };
  const two = readings.filter(({ reading }) => name[reading]);
  const apart = ({ id }) => new Set(two.map(({ marks }) => marks[id])).size > 1;
  const words = two.filter(({ strength, step }) => strength || step);
  return h("section.both", h("h2", "Both readings"),
    h("div.scroll-x", { tabindex: 0, role: "region", "aria-label": "Both readings" }, h("table.tbl", h("caption.sr", "Both readings, line by line"),
      h("thead", h("tr", h("th", { scope: "col" }, "Line"), two.map(({ reading }) => h("th", { scope: "col" }, name[reading])), h("td"))),
      h("tbody", rubric.criteria.filter(({ counts }) => counts).map((line, index) => h("tr", { class: apart(line) ? "apart" : "" },
        h("th", { scope: "row" }, `${index + 1}. ${line.name}`), two.map(({ marks }) => h("td", square(marks[line.id]))),
        h("td", apart(line) && h("span.fl", icon("swap"), "Differs")))),
      h("tr", h("th", { scope: "row" }, "Then"), two.map(({ decision }) => h("td", decided(decision))), h("td"))))),
    words.map(({ reading, strength, step }) => h("dl.kept", h("div", h("dt", name[reading])),
      strength && h("div", h("dt", "What works"), h("dd", strength)), step && h("div", h("dt", "Next step"), h("dd", step)))));
}
