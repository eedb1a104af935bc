import { h, uid } from "./dom.js";
import { markHref } from "./coach-words.js";
import { icon } from "./icons.js";
import { note } from "./notes.js";

const NUMBERS = [
  ["Same mark", "how often the two marks were equal."],
  ["Weighted kappa", "how much better the two agree than chance would; a mark two steps away counts more than one step."],
  ["AC2", "the same idea, and it stays fair when most marks are alike."],
  ["Alpha", "the number that the word in the last column rests on: firm from 0.80, tentative from 0.67."],
];
const STATISTICS = ["kappa", "ac2", "alpha"];
const WORDS = { firm: "done", tentative: "half", "not enough yet": "todo" };

// How well two readings agree, and coaches with the hints; and the readings that differ.
export class AgreementPage {
  constructor({ skills, differ }) {
    this.title = "Agreement";
    this.heading = h("h1", { tabindex: -1 }, "How well our readings agree");
    const any = skills.some(({ readers, hints }) => [...readers, ...hints].some(({ n }) => n > 0));
    this.element = h("div", this.heading,
      h("p.muted.under", "One writing in five gets a second reading, which the first coach and the learner do not see. The numbers are about our rubric, not about a coach."),
      any && this.meanings(), skills.map((skill) => this.skill(skill)), !skills.length && note("info", "plain", "Nothing yet. When two coaches have read the same writing, this page shows how well they agree."),
      this.differing(differ));
  }

  meanings() {
    return h("section.sheet.part", h("h2", "What each number says"),
      h("p", "Each goes up to 1, full agreement; 0 is what chance would give. In brackets: where it may truly lie, 95 times in 100."),
      h("dl.means", NUMBERS.map(([name, words]) => h("div", h("dt", name), h("dd", words)))));
  }

  skill({ title, readers, hints }) {
    const id = uid("skill");
    return h("section.sheet.part", { "aria-labelledby": id }, h("h2", { id }, title),
      h("h3", "Two readings"), table(`${title}, two readings`, "Read twice", readers),
      h("h3", "Hints and coaches"), h("p.small.muted", "How often the coach gave the score that the hint had. A low number asks for better word rules."), table(`${title}, hints and coaches`, "Marked", hints));
  }

  differing(differ) {
    const id = uid("differ");
    return h("section.sheet.part", { "aria-labelledby": id }, h("h2", { id }, "Readings that differ"),
      differ.length ? h("ul.plainlist", differ.map((one) => h("li.differ",
        h("p", h("b", `${one.label}, ${one.skill}`)), h("p.lines", one.text), h("p.small", `Differs in: ${one.lines.join(", ")}`),
        h("p", h("a.btn.btn--2", { href: markHref(one.attempt, "final") }, "Open", h("span.sr", ` ${one.label} and settle it`))))))
        : h("p", icon("done"), " None now. When two readings of one writing differ, it shows up here to settle."));
  }
}

// One table, or one sentence where every line would say the same.
function table(name, counted, rows) {
  const reasons = new Set(rows.flatMap((row) => STATISTICS.map((statistic) => row[statistic].reason || "")));
  const few = reasons.size === 1 && !reasons.has("") ? [...reasons][0] : null;
  const columns = few ? [] : ["Weighted kappa", "AC2", "Alpha", "In a word"];
  if (few && rows.every(({ n }) => !n)) return h("p.none", few);
  return [
    few && h("p.none", few),
    h("div.scroll-x", { tabindex: 0, role: "region", "aria-label": name }, h("table.tbl.agree", h("caption.sr", name),
      h("thead", h("tr", ["Line", counted, "Same mark", ...columns].map((words) => h("th", { scope: "col" }, words)))),
      h("tbody", rows.map((row, index) => h("tr", h("th", { scope: "row" }, `${index + 1}. ${row.name}`), h("td", String(row.n)),
        h("td", row.exact === null ? "–" : `${Math.round(row.exact * 100)}%`), !few && statistics(row),
        !few && h("td", h("span.fl", icon(WORDS[row.word]), row.word), row.note && h("small", row.note))))))),
  ];
}

const figure = (value) => value.toFixed(2).replace("-", "−");

// Three cells; neighbors with one and the same reason share a cell.
function statistics(row) {
  const cells = [];
  for (const name of STATISTICS) {
    const one = row[name];
    const last = cells[cells.length - 1];
    if (one.reason && last?.reason === one.reason) last.span += 1;
    else cells.push({ ...one, span: 1 });
  }
  return cells.map(({ reason, value, low, high, span }) => h("td", { colspan: span > 1 ? span : null, class: reason ? "none" : "" },
    reason || [h("b", figure(value)), h("span.nowrap", ` (${figure(low)} to ${figure(high)})`)]));
}
