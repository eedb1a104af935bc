// A coach's unsent marks of one writing, kept in this tab until they are sent. `sop.` keys go at sign-out.
const slot = (owner, { attempt, reading }) => `sop.mark.${owner}|${attempt}|${reading}`;

export class KeptMarks {
  constructor(owner, view) { this.key = slot(owner, view); }

  read() {
    try { return JSON.parse(sessionStorage.getItem(this.key)); } catch { return null; }
  }

  keep(value) {
    try { sessionStorage.setItem(this.key, JSON.stringify(value)); } catch { /* storage full or refused: what is on screen stays */ }
  }

  forget() {
    try { sessionStorage.removeItem(this.key); } catch { /* nothing is kept then */ }
  }
}
