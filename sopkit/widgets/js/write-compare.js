import { diffArrays } from "diff";
import { add, fill, h, uid } from "./dom.js";
import { pieces } from "./write-form.js";
import { day } from "./words.js";

const marked = (tag, before, text) => h(tag, h("span.sr", ` ${before}: `), text, h("span.sr", " (end) "));

// Words and signs, each with the space after it.
const tokens = (text) => text.match(/[\p{L}\p{N}'’-]+\s*|[^\p{L}\p{N}\s]\s*/gu) || [];
const sameWord = (one, other) => one.trim() === other.trim();

// Two texts, word by word: what left the first, what is new in the second.
export function compared(before, after) {
  const [old, fresh] = [tokens(before), tokens(after)];
  const [left, right] = [[], []];
  let [i, j] = [0, 0];
  for (const { added, removed, count } of diffArrays(old, fresh, { comparator: sameWord })) {
    if (!added) {
      const text = old.slice(i, i += count).join("");
      left.push(removed ? marked("del", "taken out", text) : text);
    }
    if (!removed) {
      const text = fresh.slice(j, j += count).join("");
      right.push(added ? marked("ins", "new", text) : text);
    }
  }
  return [left, right];
}

// A written text with its labels; `texts` are the words, or nodes already marked.
export function written(view, response, texts = null) {
  const all = pieces(view, response);
  return h("div.written", all.map(({ label, text }, index) => (text.trim() || label) &&
    h("div", label && h("p.own__l", label), add(h("p.own"), texts ? texts[index] : [text.trim() || "No words yet."]))));
}

// An earlier try beside the newest one.
export function beforeAfter(view, tries) {
  const [newest, ...earlier] = [...tries].reverse();
  const body = h("div.duet");
  const name = ({ number, at }) => `Try ${number}, ${day(at)}`;
  const draw = (old) => {
    const [left, right] = [pieces(view, old.response), pieces(view, newest.response)];
    const size = Math.max(left.length, right.length);
    const pairs = Array.from({ length: size }, (_, index) => compared(left[index]?.text || "", right[index]?.text || ""));
    fill(body, h("div", h("h4", name(old)), written(view, old.response, pairs.map(([one]) => one)),
      old.mark?.step && h("p.small.muted", h("b", "The step your coach named: "), old.mark.step)),
    h("div", h("h4", name(newest)), written(view, newest.response, pairs.map(([, other]) => other))));
  };
  draw(earlier[0]);
  const [id, pick] = [uid("compare"), uid("pick")];
  const select = h("select.select", { id: pick, change: () => draw(earlier[Number(select.value)]) },
    earlier.map((one, index) => h("option", { value: index }, name(one))));
  return h("section.compare", { "aria-labelledby": id }, h("h3", { id }, "Before and after"),
    h("p.small.muted", "Words that are new are underlined. Words that you took out are struck through."),
    earlier.length > 1 && h("p.which", h("label", { for: pick }, "Compare with"), select), body);
}
