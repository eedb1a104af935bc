import { fill, focusOn, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { note } from "./notes.js";
import { lower } from "./words.js";

// Characters that one box holds.
export const LONGEST = 6000;
const CAUTION = "Write about the practice family only. No real names, dates of birth, numbers or places.";

// What stands in the boxes or rows, whole: every box is there, empty ones too.
export function shaped({ boxes, table }, raw) {
  const filled = (list, texts) => Object.fromEntries(list.map(({ id }) => [id, texts?.[id] ?? ""]));
  if (!table) return { boxes: filled(boxes, raw?.boxes), rows: [] };
  const rows = [...(raw?.rows || [])];
  while (rows.length < table.least) rows.push({});
  return { boxes: {}, rows: rows.map((row) => filled(table.columns, row)) };
}

const empty = (texts) => Object.values(texts).every((text) => !text.trim());
export const isBlank = ({ boxes, rows }) => empty(boxes) && rows.every(empty);

// Each text with the words above it; a lone box needs none.
export function pieces({ boxes, table }, raw) {
  const { boxes: texts, rows } = shaped({ boxes, table }, raw);
  if (!table) return boxes.map(({ id, label }) => ({ label: boxes.length > 1 ? label : null, text: texts[id] }));
  return rows.flatMap((row, index) => table.columns.map(({ id, label }) => ({ label: `${table.name} ${index + 1}: ${label}`, text: row[id] })));
}

// What is thin about a text before it is sent, in words.
export function gaps({ boxes, table }, { boxes: texts, rows }) {
  if (!table) return boxes.filter(({ id, counts }) => counts && !texts[id].trim()).map(({ label }) => `“${label}” is still empty.`);
  const full = rows.filter((row) => !empty(row)).length;
  const few = full < table.least ? [`This asks for at least ${table.least}. You have ${full}.`] : [];
  return [...few, ...rows.flatMap((row, index) => {
    const open = empty(row) ? [] : table.columns.filter(({ id }) => !row[id].trim()).map(({ label }) => label);
    return open.length ? [`${table.name} ${index + 1} has no words yet for: ${open.join(", ")}.`] : [];
  })];
}

// The text without some words, and the place they stood.
export function without(text, words) {
  const at = text.indexOf(words);
  let [before, after] = [text.slice(0, at).replace(/[ \t]+$/, ""), text.slice(at + words.length).replace(/^[ \t]+/, "")];
  if (before.endsWith("(") && after.startsWith(")")) [before, after] = [before.slice(0, -1).trimEnd(), after.slice(1).trimStart()];
  const apart = before && after && !/[(\n]$/.test(before) && !/^[.,;:!?)\n]/.test(after);
  return { text: before + (apart ? " " : "") + after, at: before.length };
}

function unflag(control) {
  control.closest(".field").classList.remove("bad");
  control.removeAttribute("aria-invalid");
  control.parentElement.querySelector(".err")?.remove();
}

// The boxes, or the rows of boxes. It keeps the text; `changed` is called after each change.
export class Form {
  constructor(view, value, { changed, say }) {
    Object.assign(this, { view, table: view.table, value: shaped(view, value), changed, say });
    this.element = h("div.fields");
    this.draw();
  }

  draw() {
    this.controls = [];
    const { boxes, rows } = this.value;
    fill(this.element, this.table ? [rows.map((row, index) => this.row(row, index)), this.rowTools()]
      : this.view.boxes.map((box) => this.field(box, boxes)));
  }

  field(box, texts, caution = null) {
    const [id, help] = [uid("box"), uid("help")];
    const warn = caution || uid("caution");
    const control = h(box.short ? "input.input" : "textarea.area", {
      id, rows: box.short ? null : caution ? 2 : 5, autocomplete: "off", "aria-describedby": `${help} ${warn}`,
      input: () => { texts[box.id] = control.value; if (control.value.length <= LONGEST) unflag(control); this.changed(); },
    });
    control.value = texts[box.id];
    this.controls.push(control);
    return h("div.field", h("label", { for: id }, box.label),
      h("p.hint", { id: help }, box.help, box.help && !box.counts && " ", !box.counts && "A step on the way. It is kept with your text and not marked."),
      !caution && h("p.hint", { id: warn }, CAUTION), control);
  }

  row(row, index) {
    const caution = uid("caution");
    const name = `${this.table.name} ${index + 1}`;
    return h("fieldset.rowset", h("legend", name), h("p.hint", { id: caution }, CAUTION),
      h("div.rowset__b", this.table.columns.map((box) => this.field(box, row, caution))),
      this.value.rows.length > this.table.least && h("button.btn.btn--3.btn--row", { type: "button", click: () => this.remove(index) },
        icon("minus"), h("span", "Remove ", lower(name))));
  }

  rowTools() {
    const { name, most } = this.table;
    const { rows } = this.value;
    this.undo = this.gone && h("button.btn.btn--2.btn--row", { type: "button", click: () => this.putBack() }, icon("undo"), "Put it back");
    return h("div.rowtools", this.gone && note("minus", "plain", `${name} ${this.gone.index + 1} was removed. `, this.undo),
      rows.length < most ? h("button.btn.btn--2", { type: "button", click: () => this.add() }, icon("plus"), `Add a ${lower(name)}`)
        : h("p.small.muted", `There is room for ${most}.`));
  }

  // ---- Rows ----
  focusRow(index) { focusOn(this.controls[index * this.table.columns.length]); }

  setRows(rows, gone = null) {
    this.value.rows = rows;
    this.gone = gone;
    this.draw();
    this.changed();
  }

  add() {
    this.setRows([...this.value.rows, shaped(this.view, { rows: [{}] }).rows[0]]);
    this.focusRow(this.value.rows.length - 1);
  }

  remove(index) {
    this.setRows(this.value.rows.filter((_, place) => place !== index), { index, row: this.value.rows[index] });
    focusOn(this.undo);
    this.say(`${this.table.name} ${index + 1} removed.`);
  }

  putBack() {
    const { index, row } = this.gone;
    const { rows } = this.value;
    this.setRows([...rows.slice(0, index), row, ...rows.slice(index)].slice(0, this.table.most));
    this.focusRow(index);
    this.say(`${this.table.name} ${index + 1} is back.`);
  }

  // ---- All ----
  get response() { return shaped(this.view, this.value); }
  focus() { focusOn(this.controls.find(({ value }) => !value.trim()) || this.controls[0]); }
  hold(yes) { for (const control of this.controls) control.readOnly = yes; }

  takeOut(words) {
    const control = this.controls.find(({ value }) => value.includes(words));
    if (!control) return;
    const { text, at } = without(control.value, words);
    control.value = text;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    focusOn(control);
    control.setSelectionRange(at, at);
  }

  // Marks a box that holds too much. Returns whether there is one.
  tooLong() {
    this.controls.forEach(unflag);
    const control = this.controls.find(({ value }) => value.length > LONGEST);
    if (!control) return false;
    control.closest(".field").classList.add("bad");
    control.setAttribute("aria-invalid", "true");
    const words = `This is longer than a statement can be. Keep about ${LONGEST / 6} words, then send.`;
    control.before(h("p.err", icon("alert"), words));
    focusOn(control);
    this.say(words);
    return true;
  }
}
