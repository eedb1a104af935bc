import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

// A family's story as sentences of words. Parts are runs of words with a look and something before or
// after them: {first, last, class, lead, tail}. Sentence elements stay; only what is inside is redrawn.
export class Story {
  constructor({ title, content_note: caution, sentences }, { interactive = false } = {}) {
    this.sentences = sentences.map((sentence) => ({ ...sentence, last: sentence.first + sentence.words.length - 1 }));
    this.words = sentences.flatMap(({ words }) => words);
    this.elements = this.sentences.map((_, index) =>
      h("span.sent", interactive ? { role: "button", tabindex: -1, "data-s": index } : {}));
    const paragraphs = new Map();
    this.sentences.forEach(({ paragraph }, index) => {
      if (!paragraphs.has(paragraph)) paragraphs.set(paragraph, h("p"));
      paragraphs.get(paragraph).append(this.elements[index], " ");
    });
    this.text = h("div.story__text", [...paragraphs.values()]);
    this.element = h("div.story",
      h("h3", title, h("span.made-up", icon("people"), "Made-up family")),
      caution && h("p.caution", icon("info"), caution), this.text);
  }

  get end() { return this.words.length - 1; }
  sentenceAt(word) { return this.sentences.findIndex(({ last }) => word <= last); }
  quote({ first, last }) { return this.words.slice(first, last + 1).join(" "); }

  draw(parts, selection = null) {
    this.sentences.forEach((sentence, index) => this.drawSentence(sentence, this.elements[index], parts, selection));
  }

  drawSentence({ first, last }, element, parts, selection) {
    const partAt = (word) => parts.find((part) => part.first <= word && word <= part.last) || null;
    const chosen = (word) => Boolean(selection && selection.first <= word && word <= selection.last);
    const runs = [];
    for (let word = first; word <= last; word += 1) {
      const run = runs[runs.length - 1];
      const part = partAt(word);
      const on = chosen(word);
      if (run && run.part === part && run.on === on) run.last = word;
      else runs.push({ first: word, last: word, part, on });
    }
    fill(element, runs.map((run, index) => [index ? " " : "", this.segment(run)]));
    if (element.hasAttribute("role")) element.setAttribute("aria-pressed", String(runs.some((run) => run.on)));
  }

  segment({ first, last, part, on }) {
    const lead = part && part.first === first ? part.lead?.() : null;
    const tail = part && part.last === last ? part.tail?.() : null;
    // A piece is one text node, so that an underline runs through it unbroken.
    const piece = (from, to) => h("span", { "data-w": from }, this.quote({ first: from, last: to }));
    if (!lead && !tail) return this.run(part, on, piece(first, last));
    if (first === last) return this.run(part, on, h("span.nowrap", lead, piece(first, last), tail));
    const from = lead ? first + 1 : first;
    const to = tail ? last - 1 : last;
    return this.run(part, on, [lead && h("span.nowrap", lead, piece(first, first)), lead && " ",
      from <= to && piece(from, to), from <= to && tail && " ", tail && h("span.nowrap", piece(last, last), tail)]);
  }

  run(part, on, content) {
    return h("span.ph", { class: `${part ? part.class : on ? "" : "plain"}${on ? " is-on" : ""}` }, content);
  }

  // The words a native text selection touches, or null.
  selectedWords() {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    const hits = [...this.text.querySelectorAll("[data-w]")].flatMap((piece) => {
      const text = piece.firstChild;
      if (!range.intersectsNode(text)) return [];
      const start = range.startContainer === text ? range.startOffset : 0;
      const end = range.endContainer === text ? range.endOffset : text.length;
      const inside = text.data.slice(start, end);
      if (!inside.trim()) return [];
      return [wordAt(piece, end - (inside.length - inside.trimEnd().length)), wordAt(piece, start + inside.length - inside.trimStart().length)];
    });
    return hits.length ? { first: Math.min(...hits), last: Math.max(...hits) } : null;
  }

  // The word under a click; clicks made by assistive technology have no place and mean the run's first word.
  wordUnder({ target, clientX, clientY }) {
    const at = document.caretPositionFromPoint?.(clientX, clientY) || document.caretRangeFromPoint?.(clientX, clientY);
    const piece = (at?.offsetNode || at?.startContainer)?.parentElement;
    if (piece?.dataset.w && target.closest(".sent")?.contains(piece)) return wordAt(piece, at.offset ?? at.startOffset);
    const near = target.closest("[data-w]") || (target.closest(".ph") || target.closest(".sent"))?.querySelector("[data-w]");
    return near ? Number(near.dataset.w) : null;
  }
}

// A learner's marks, as parts to draw.
export const taggedParts = (marks, terms) => marks.map(({ first, last, tag }) => ({
  first, last, class: terms.style(tag),
  tail: () => h("span.term", { class: terms.style(tag) }, icon(terms.get(tag).icon), h("span.sr", " Tagged: "), terms.label(tag)),
}));

const wordAt = (piece, offset) => Number(piece.dataset.w) + piece.firstChild.data.slice(0, offset).split(" ").length - 1;
