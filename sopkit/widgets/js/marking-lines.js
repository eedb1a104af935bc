import { levelSoFar, lineNumber, mattersMost } from "./coach-words.js";
import { fill, focusOn, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { keycap, keysOn, typing } from "./keys.js";
import { count, lower, quoted, short, spelled } from "./words.js";

const SCORES = [0, 1, 2];
const bare = (words) => short(words.replace(/^[“”"]+|[“”".,;]+$/g, ""), 60);
const found = ({ evidence }) => evidence.slice(0, 3).map((words, index, all) => ` ${quoted(bare(words) + (index < all.length - 1 ? "," : "."))}`).join("");

// The lines of a rubric, each scored 0, 1 or 2, with the hint beside it. One line is the current one; its anchors are in view.
export class Lines {
  // suggestions: {line: {score, evidence, why}}, or {} for no hints. changed(): a score changed. moved(line): another line is current.
  constructor({ rubric, suggestions = {}, marks = {}, say, changed = () => {}, moved = () => {} }) {
    Object.assign(this, { rubric, suggestions, say, changed, moved, marks: { ...marks }, past: [], at: 0 });
    this.criteria = rubric.criteria;
    this.rows = this.criteria.map((criterion, index) => this.row(criterion, index));
    this.level = h("p.lvl");
    // A pointer moves the line at the click, not at the focus before it: a line that opens would shift what is under the finger.
    this.element = h("div", {
      focusin: ({ target }) => { if (target.matches(":focus-visible")) this.moveTo(this.indexOf(target)); },
      click: ({ target }) => this.moveTo(this.indexOf(target)),
    }, this.rows.map(({ element }) => element), this.level);
    this.at = Math.max(0, this.criteria.findIndex(({ id }) => this.marks[id] === undefined));
    this.draw();
  }

  get counted() { return this.criteria.filter(({ counts }) => counts); }
  get missing() { return this.counted.find(({ id }) => this.marks[id] === undefined) || null; }
  get current() { return this.criteria[this.at]; }
  get title() { return `${spelled(this.counted.length)} lines`; }
  indexOf(target) { return this.rows.findIndex(({ element }) => element.contains(target)); }

  row({ id, name, anchors, counts }, index) {
    const group = uid("line");
    const hint = this.suggestions[id];
    const ids = SCORES.map((score) => `${group}-${score}`);
    const inputs = SCORES.map((score) => h("input", {
      type: "radio", name: group, value: score, checked: this.marks[id] === score, "aria-describedby": ids[score],
      change: () => this.score(index, score),
    }));
    const parts = {
      inputs, hint,
      anchors: h("ul.anch", anchors.map((anchor, score) => h("li", { id: ids[score] }, h("b", String(score)), ` ${anchor}`))),
      state: h("span.cr__s"),
    };
    parts.element = h("div.cr", { "data-line": id },
      h("h3", lineNumber(index + 1), h("span", name, !counts && h("small", "Optional. It does not count."))),
      h("fieldset", h("legend.sr", `Score for ${lower(name)}`), h("div.seg", SCORES.map((score) => h("label", inputs[score], h("span", String(score)))))),
      parts.anchors,
      (hint || !counts) && h("p.cr__h", hint && h("span", "Hint: ", h("b", String(hint.score)), ". ", hint.why, h("span.muted", found(hint))), parts.state));
    return parts;
  }

  // ---- Drawing: inputs stay, so that the focus does ----
  draw() {
    this.rows.forEach((row, index) => {
      const on = index === this.at;
      const mark = this.marks[this.criteria[index].id];
      row.element.classList.toggle("cur", on);
      row.anchors.hidden = !on;
      this.drawState(row, index, mark, on);
    });
    const level = levelSoFar(this.rubric, this.marks);
    fill(this.level, level ? [h("b", `Level so far: ${level.level} of 3, ${level.name}.`), ` ${level.why}`] : "Score a line, and the level so far shows here.",
      ` ${mattersMost(this.criteria)}`);
  }

  drawState({ state, hint }, index, mark, on) {
    const key = `${mark} ${on}`;
    if (state.dataset.key === key) return;
    state.dataset.key = key;
    const held = state.contains(document.activeElement);
    const button = (kind, click, ...words) => h(`button.btn.btn--sm${kind}`, { type: "button", click }, words);
    if (!hint) {
      fill(state, mark !== undefined && button(".btn--3", () => this.clear(index), "Leave this out"));
    } else if (mark === undefined) {
      fill(state, button(on ? "" : ".btn--2", (event) => { event.stopPropagation(); this.agree(index); }, "Agree", on && keysOn() && keycap("A"), h("span.sr", ` with the hint for line ${index + 1}`)),
        on && button(".btn--2", () => this.overrule(index), "Overrule"));
    } else {
      const same = mark === hint.score;
      fill(state, h("span.st", { class: same ? "st--a" : "st--o" }, icon(same ? "check" : "swap"), same ? "Agreed" : "Overruled"));
    }
    if (held) focusOn(state.querySelector("button") || this.inputOf(index));
  }

  inputOf(index) {
    const { inputs } = this.rows[index];
    return inputs.find(({ checked }) => checked) || inputs[0];
  }

  // ---- Acts ----
  set(index, mark) {
    const { id } = this.criteria[index];
    if (mark === undefined) delete this.marks[id];
    else this.marks[id] = mark;
    this.rows[index].inputs.forEach((input, score) => { input.checked = mark === score; });
    this.draw();
    this.changed();
  }

  moveTo(index) {
    if (index < 0 || index === this.at) return;
    this.at = index;
    this.draw();
    this.moved(this.current);
  }

  // step: go on to the next line afterwards, as keys and Agree do.
  score(index, value, step = false) {
    this.past.push([index, this.marks[this.criteria[index].id]]);
    this.at = index;
    this.set(index, value);
    const said = `Line ${index + 1} scored ${value}.${this.hintSaid(index, value)}`;
    if (step) this.goOn(said);
    else {
      this.moved(this.current);
      this.say(said);
    }
  }

  hintSaid(index, value) {
    const { hint } = this.rows[index];
    if (!hint) return "";
    return hint.score === value ? " Hint agreed." : ` Hint was ${hint.score}, overruled.`;
  }

  goOn(said) {
    const last = this.at === this.criteria.length - 1;
    const done = this.missing ? "" : ` All ${this.counted.length} lines are scored. ${this.level.querySelector("b").textContent}`;
    if (last) {
      focusOn(this.inputOf(this.at));
      return this.say(`${said}${this.missing ? ` Line ${this.criteria.indexOf(this.missing) + 1} has no score yet.` : done} Next, with Tab: your words.`);
    }
    this.at += 1;
    this.draw();
    this.moved(this.current);
    focusOn(this.inputOf(this.at));
    return this.say(`${said}${done} Now ${this.lineSaid()}`);
  }

  lineSaid() {
    const { hint } = this.rows[this.at];
    return `line ${this.at + 1}, ${lower(this.current.name)}.${hint ? ` Hint: ${hint.score}.` : ""}`;
  }

  agree(index) {
    const { hint } = this.rows[index];
    if (!hint) return this.say("No hint for this line. Choose a score.");
    return this.score(index, hint.score, true);
  }

  overrule(index) {
    const { inputs, hint } = this.rows[index];
    focusOn(inputs.find((_, score) => score !== hint.score));
    this.say(`Choose another score for line ${index + 1}.`);
  }

  clear(index) {
    this.past.push([index, this.marks[this.criteria[index].id]]);
    this.set(index, undefined);
    focusOn(this.inputOf(index));
    this.say(`Line ${index + 1} is left out.`);
  }

  undo() {
    const [index, before] = this.past.pop() || [];
    if (index === undefined) return this.say("Nothing to take back.");
    this.at = index;
    this.set(index, before);
    this.moved(this.current);
    focusOn(this.inputOf(index));
    return this.say(`Line ${index + 1}: score taken back.${before === undefined ? "" : ` It is ${before} again.`}`);
  }

  step(by) {
    const to = this.at + by;
    if (to < 0 || to >= this.criteria.length) return;
    this.moveTo(to);
    focusOn(this.inputOf(to));
    const mark = this.marks[this.current.id];
    this.say(`Now ${this.lineSaid()} ${mark === undefined ? "No score yet." : `Scored ${mark}.`}`);
  }

  // Goes to the first line without a score and says so.
  askForMissing() {
    const left = this.counted.filter(({ id }) => this.marks[id] === undefined);
    this.moveTo(this.criteria.indexOf(left[0]));
    focusOn(this.inputOf(this.criteria.indexOf(left[0])), "center");
    return `${count(left.length, "line")} still ${left.length === 1 ? "needs" : "need"} a score. Start with line ${this.criteria.indexOf(left[0]) + 1}.`;
  }

  // Keys that score and move. Returns whether the key was one of them.
  keydown(event) {
    const { key, target } = event;
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && key.toLowerCase() === "z" && !typing(target)) return this.act(event, () => this.undo());
    if (event.ctrlKey || event.metaKey || event.altKey || typing(target) || !keysOn()) return false;
    if (SCORES.includes(Number(key)) && key.trim()) return this.act(event, () => this.score(this.at, Number(key), true));
    if (key === "a" || key === "A") return this.act(event, () => this.agree(this.at));
    const by = { ArrowUp: -1, ArrowDown: 1 }[key];
    return by && this.element.contains(target) ? this.act(event, () => this.step(by)) : false;
  }

  act(event, does) {
    event.preventDefault();
    does();
    return true;
  }
}
