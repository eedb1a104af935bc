import { kept, keep, dropKept } from "./keep.js";

const PATIENCE = 6000;
const AGAIN = 3000;

// The only part that knows the kernel. Requests are numbered, resent until answered, and those that
// carry a learner's work (`keep`) survive a reload in this tab's session storage.
export class Channel {
  constructor(model) {
    this.model = model;
    this.waiting = new Map();
    this.listeners = new Set();
    this.started = false;
    this.offline = false;
    this.savedAt = null;
    this.health = null;
    this.owner = "local";
    this.receive = this.receive.bind(this);
    this.nudge = () => this.tick(true);
    model.on("msg:custom", this.receive);
    window.addEventListener("online", this.nudge);
    this.timer = setInterval(() => this.tick(), 500);
  }

  close() {
    clearInterval(this.timer);
    window.removeEventListener("online", this.nudge);
    this.model.off?.("msg:custom", this.receive);
  }

  onChange(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  changed() { for (const listener of [...this.listeners]) listener(this); }

  // After hello: who works here, and what an earlier page of this tab could not send.
  begin({ person, health, exercise }) {
    this.owner = person?.id ?? "local";
    this.health = health;
    this.started = true;
    for (const message of kept(this.owner)) {
      const mine = !exercise || exercise.ref === message.ref;
      if (message.type === "answer" && mine) this.post(message, true).catch(({ code, message: why }) => { if (code !== "answered") this.refused = why; this.changed(); });
    }
  }

  // A draft that never reached the kernel, taken out of storage.
  keptDraft(ref) {
    return kept(this.owner).filter((message) => message.type === "draft" && message.ref === ref).pop() || null;
  }

  get unsent() { return [...this.waiting.values()].filter((entry) => entry.keep).length; }
  get answersWaiting() { return [...this.waiting.values()].filter(({ message }) => message.type === "answer").length; }

  request(type, payload = {}, { keep: hold = false } = {}) {
    return this.post({ id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, type, ...payload }, hold);
  }

  // Keep a message for after a reload, without sending it now.
  hold(message) { keep(this.owner, { id: `held ${message.ref}`, ...message }); }

  post(message, hold) {
    const promise = new Promise((resolve, reject) => {
      const now = Date.now();
      this.waiting.set(message.id, { message, keep: hold, resolve, reject, since: now, sent: now });
    });
    if (hold) keep(this.owner, message);
    this.transmit(message);
    this.changed();
    return promise;
  }

  transmit(message) {
    try { this.model.send(message); } catch { /* a closed comm: the next tick tries again */ }
  }

  receive(reply) {
    const entry = reply && this.waiting.get(reply.reply_to);
    if (!entry) return;
    this.waiting.delete(reply.reply_to);
    if (entry.keep && (reply.ok || reply.error?.code !== "fault")) dropKept(this.owner, entry.message);
    const wasOffline = this.offline;
    this.offline = false;
    if (reply.ok && entry.keep) this.savedAt = reply.saved_at || new Date().toISOString();
    if (wasOffline) this.tick(true);
    if (reply.ok) entry.resolve(reply);
    else entry.reject(Object.assign(new Error(reply.error?.message || "Something went wrong here."), reply.error));
    this.changed();
  }

  // `now`: the line may be back, send all that waits at once.
  tick(now = false) {
    const time = Date.now();
    const late = [...this.waiting.values()].filter((entry) => now || time - entry.since > PATIENCE);
    if (!late.length) return;
    if (this.started && !this.offline && !now) {
      this.offline = true;
      this.changed();
    }
    const due = late.filter((entry) => now || time - entry.sent >= AGAIN);
    if (!due.length) return;
    for (const entry of due) entry.sent = time;
    this.changed();
    this.alive().then((alive) => {
      if (alive) for (const entry of due) if (this.waiting.has(entry.message.id)) this.transmit(entry.message);
    });
  }

  // True when sending makes sense: the kernel lives, or nobody can tell.
  async alive() {
    if (!this.health || !this.started) return true;
    try {
      const { status } = await fetch(this.health, { credentials: "same-origin", cache: "no-store" });
      if ([401, 403, 410].includes(status)) reloadOnce();
      return status === 204;
    } catch {
      return false;
    }
  }
}

function reloadOnce() {
  const last = Number(sessionStorage.getItem("sop.reload") || 0);
  if (Date.now() - last < 15000) return;
  sessionStorage.setItem("sop.reload", String(Date.now()));
  location.reload();
}
