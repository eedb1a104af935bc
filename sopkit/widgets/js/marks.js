// Marks are runs of words with a tag, sorted, never overlapping. Every change can be undone.
const byPlace = (one, other) => one.first - other.first;

function cut(marks, { first, last }) {
  return marks.flatMap((mark) => {
    if (mark.last < first || mark.first > last) return [mark];
    return [{ ...mark, last: first - 1 }, { ...mark, first: last + 1 }].filter((rest) => rest.first <= rest.last);
  });
}

export class Marks {
  constructor(list = []) {
    this.list = [...list].sort(byPlace);
    this.past = [];
    this.future = [];
  }
  change(list) {
    this.past.push(this.list);
    this.future = [];
    this.list = [...list].sort(byPlace);
  }
  set(range, tag) { this.change([...cut(this.list, range), { first: range.first, last: range.last, tag }]); }
  clear(range) { this.change(cut(this.list, range)); }
  move(mark, range) { this.change([...cut(this.list.filter((one) => one !== mark), range), { ...mark, ...range }]); }
  undo() { return this.step(this.past, this.future); }
  redo() { return this.step(this.future, this.past); }
  step(from, to) {
    if (!from.length) return false;
    to.push(this.list);
    this.list = from.pop();
    return true;
  }
  // The part that a whole sentence means: the mark around it, or itself.
  partOf({ first, last }) {
    const mark = this.covering({ first, last });
    return mark ? { first: mark.first, last: mark.last } : { first, last };
  }
  // The part that a tap on a word means: the mark there, or the untagged run of its sentence.
  runAt(word, sentence) {
    const mark = this.at(word);
    if (mark) return { first: mark.first, last: mark.last };
    let [first, last] = [word, word];
    while (first > sentence.first && !this.at(first - 1)) first -= 1;
    while (last < sentence.last && !this.at(last + 1)) last += 1;
    return { first, last };
  }
  at(word) { return this.list.find(({ first, last }) => first <= word && word <= last) || null; }
  exactly(range) { return this.list.find(({ first, last }) => first === range.first && last === range.last) || null; }
  covering(range) { return this.list.find(({ first, last }) => first <= range.first && range.last <= last) || null; }
  touching(range) { return this.list.filter(({ first, last }) => first <= range.last && range.first <= last); }
}
