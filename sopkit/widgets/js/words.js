// Small helpers for plain sentences.
export const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

const NUMBERS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
export const spelled = (n) => NUMBERS[n] || String(n);

// "Supporting strength" inside a sentence; "SDM harm" and the like stay as they are.
export const lower = (label) =>
  /^[A-Z][^A-Z]*$/.test(label) ? label[0].toLowerCase() + label.slice(1) : label;

// Words that are somebody's speech already, quotation marks and all, stay as they are.
export const quoted = (text) => (/^["“].*["”]$/s.test(text) ? text : `“${text}”`);
export const sentence = (text) => (/[.?!]["”’]?$/.test(text) ? text : `${text}.`);

export function short(text, limit = 40) {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit).replace(/\s+\S*$/, "").replace(/[,;:]$/, "")}…`;
}

export function clock(iso) {
  const date = iso ? new Date(iso) : new Date();
  if (Number.isNaN(date.getTime())) return "";
  return date.toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" }).replace(/ [AP]M/, "");
}

export function day(iso) {
  const date = new Date(/^\d{4}-\d\d-\d\d$/.test(iso) ? `${iso}T12:00` : iso);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleDateString("en-US", { month: "long", day: "numeric", year: "numeric" });
}

export function greeting(name) {
  const hour = new Date().getHours();
  const part = hour < 12 ? "morning" : hour < 18 ? "afternoon" : "evening";
  return name ? `Good ${part}, ${name.split(/\s+/)[0]}` : `Good ${part}`;
}

export const MODES = {
  practice: "Practice. Try as often as you like.",
  check: "Check. One try.",
  pre: "First check. One try.",
  post: "Last check. One try.",
};
