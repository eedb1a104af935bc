// Unsent work in this tab: one slot for each person and exercise.
const PREFIX = "sop.work.";
const slot = (owner, ref) => `${PREFIX}${owner}|${ref}`;

function read(key) {
  try { return JSON.parse(sessionStorage.getItem(key)) || []; } catch { return []; }
}

function write(key, messages) {
  try {
    if (messages.length) sessionStorage.setItem(key, JSON.stringify(messages));
    else sessionStorage.removeItem(key);
  } catch { /* storage full or refused: the message is still held in memory */ }
}

function keys(prefix) {
  try { return Object.keys(sessionStorage).filter((key) => key.startsWith(prefix)); } catch { return []; }
}

export const kept = (owner) => keys(`${PREFIX}${owner}|`).flatMap(read);

// The newest draft of an exercise replaces older ones; answers are all kept.
export function keep(owner, message) {
  const key = slot(owner, message.ref);
  const others = read(key).filter((old) => old.id !== message.id && !(message.type === "draft" && old.type === "draft"));
  write(key, [...others, message]);
}

export function dropKept(owner, message) {
  const key = slot(owner, message.ref);
  write(key, read(key).filter((old) => old.id !== message.id));
}

export function forget() {
  for (const key of keys("sop.")) sessionStorage.removeItem(key);
}
