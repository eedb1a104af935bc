import { h, uid } from "./dom.js";
import { icon } from "./icons.js";

// What the marks 0, 1 and 2 are called.
export const MARKS = ["Not yet", "Partly", "There"];

export const markNumber = (mark) => h("span.mk__n", String(mark));
export const markChip = (mark) => h("span.mk", { class: `mk--${mark}` }, markNumber(mark), MARKS[mark]);

export function listed(names) {
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}` : names.join("");
}

function matters(criteria) {
  const core = criteria.flatMap((criterion, index) => (criterion.core ? [String(index + 1)] : []));
  return core.length && core.length < criteria.length ? ` ${core.length > 1 ? `Lines ${listed(core)} matter` : `Line ${core[0]} matters`} most.` : "";
}

// The whole rubric: a table, and on a phone a list.
export function rubricTable({ title, criteria }) {
  const id = uid("rubric");
  return h("section.rub", { "aria-labelledby": id }, h("h3", { id }, "What your coach looks for"),
    h("p.xs.muted", `Each line is marked 0, 1 or 2.${matters(criteria)}`),
    h("table.tbl", h("caption.sr", `What a coach looks for: ${title}`),
      h("thead", h("tr", h("th", { scope: "col" }, "Line"), MARKS.map((name, mark) => h("th", { scope: "col" }, markNumber(mark), ` ${name}`)))),
      h("tbody", criteria.map(({ name, anchors }, index) => h("tr", h("th", { scope: "row" }, `${index + 1}. ${name}`),
        anchors.map((anchor, mark) => h("td", markNumber(mark), anchor)))))));
}

// What a coach gave, line by line, and what it looks like when it is there.
export function markLines({ criteria }, marks) {
  return h("ul.mlines", criteria.map(({ id, name, anchors }, index) => ({ id, name, anchors, index, mark: marks[id] }))
    .filter(({ mark }) => mark !== undefined)
    .map(({ name, anchors, index, mark }) => h("li.mline", h("h4", `${index + 1}. ${name}`), h("div", h("p", markChip(mark), " ", anchors[mark]),
      mark < 2 && h("p.small.muted", icon("right"), ` What a 2 looks like: ${anchors[2]}`)))));
}
