// Mouse and finger on a story. A click means the word under it; a text selection means its words:
// with a mouse at once, with a finger when the selection handles have rested.
const REST = 800;

export class Pointing {
  constructor(story, { word, range }) {
    Object.assign(this, { story, range, kind: null, timer: 0 });
    this.touched = () => this.later();
    document.addEventListener("selectionchange", this.touched);
    story.text.addEventListener("pointerdown", (event) => { this.kind = event.pointerType || "mouse"; });
    story.text.addEventListener("pointerup", () => setTimeout(() => this.kind === "mouse" && this.take(true)));
    story.text.addEventListener("click", (event) => {
      const mouse = this.kind === "mouse";
      this.kind = null;
      if (story.selectedWords()) return void (mouse && this.take(true));
      const at = story.wordUnder(event);
      if (at !== null) word(at);
      return undefined;
    });
  }

  take(focus) {
    this.kind = null;
    const words = this.story.selectedWords();
    if (!words) return;
    document.getSelection().removeAllRanges();
    this.range(words, focus);
  }

  later() {
    clearTimeout(this.timer);
    if (this.kind !== "mouse") this.timer = setTimeout(() => this.take(false), REST);
  }

  close() {
    clearTimeout(this.timer);
    document.removeEventListener("selectionchange", this.touched);
  }
}
