export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// Saves what is on screen a moment after each change. One save at a time, so that revisions follow
// each other; a save that another tab overtook, or that is refused, is handed on.
export class Draft {
  constructor(channel, { ref, revision, draft }, onRefused) {
    Object.assign(this, { channel, ref, revision, onRefused, next: undefined, busy: false, timer: 0 });
    this.value = draft;
    this.flush = this.flush.bind(this);
    const lost = channel.keptDraft(ref);
    if (lost) {
      this.value = lost.draft;
      this.next = lost.draft;
      this.revision = lost.revision;
      this.flush();
    }
    this.hidden = () => document.visibilityState === "hidden" && this.flush();
    document.addEventListener("visibilitychange", this.hidden);
    window.addEventListener("pagehide", this.flush);
  }

  set(value) {
    if (same(value, this.value)) return;
    this.value = value;
    this.next = value;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.flush, 300);
  }

  async flush() {
    clearTimeout(this.timer);
    if (this.next === undefined) return;
    const draft = this.next;
    if (this.busy) return void this.channel.hold({ type: "draft", ref: this.ref, revision: this.revision, draft });
    this.next = undefined;
    this.busy = true;
    const { ref, revision } = this;
    try {
      this.revision = (await this.channel.request("draft", { ref, revision, draft }, { keep: true })).revision;
    } catch (error) {
      if (error.code === "stale" && same(error.draft, draft)) this.revision = error.revision;
      else this.onRefused(error);
    }
    this.busy = false;
    if (this.next !== undefined) this.flush();
  }

  // Keep what is on this screen: save it over the newer revision.
  overwrite(revision) {
    this.revision = revision;
    this.next = this.value;
    this.flush();
  }

  // Use the newest.
  adopt({ draft, revision }) {
    this.revision = revision;
    this.value = draft;
    this.next = undefined;
  }

  close() {
    this.flush();
    document.removeEventListener("visibilitychange", this.hidden);
    window.removeEventListener("pagehide", this.flush);
  }
}
