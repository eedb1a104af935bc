import { h } from "./dom.js";
import { listed } from "./rubric.js";
import { count } from "./words.js";

// The words and small pieces that several of a coach's pages use.

const ORDER = ["First", "Second", "Third", "Fourth", "Fifth"];
export const tryName = (number) => (ORDER[number - 1] ? `${ORDER[number - 1]} try` : `Try ${number}`);

// How long a writing has waited for a first reading; how long ago it was sent, for a later one.
export function waited({ at, reading }, now = Date.now()) {
  const hours = Math.floor((now - new Date(at).getTime()) / 3600000);
  const long = hours < 1 ? "less than an hour" : hours < 24 ? count(hours, "hour") : count(Math.floor(hours / 24), "day");
  return reading === "first" ? `Waiting ${long}` : `Sent ${long} ago`;
}

// The overall level so far and why: {level, name, why}. The rule is the rubric's: another type of statement, or two lines that
// matter most at 0: level 0; one of them at 0: 1; none: 2; all lines at 2: 3. Null until a line is marked.
export function levelSoFar({ criteria, wrong_type: wrongType, levels }, marks) {
  const lines = criteria.filter(({ counts }) => counts);
  const given = lines.filter(({ id }) => marks[id] !== undefined);
  if (!given.length) return null;
  const name = (level, why) => ({ level, name: levels[level], why });
  const number = (id) => lines.findIndex((line) => line.id === id) + 1;
  if (wrongType && marks[wrongType] === 0) return name(0, `Line ${number(wrongType)} is at 0: this is another kind of statement.`);
  const missing = given.filter(({ id, core }) => core && marks[id] === 0).map(({ id }) => String(number(id)));
  if (missing.length > 1) return name(0, `Lines ${listed(missing)} are at 0.`);
  if (missing.length) return name(1, `Line ${missing[0]} is at 0.`);
  if (given.length === lines.length && given.every(({ id }) => marks[id] === 2)) return name(3, "All lines are at 2.");
  return name(2, given.every(({ id }) => marks[id] === 2) ? "All at 2 so far." : "No line that matters most is at 0. Not all are at 2.");
}

// Which lines matter most, as a sentence; "" when all do.
export function mattersMost(criteria) {
  const lines = criteria.filter(({ counts }) => counts);
  const core = lines.flatMap(({ core: matters }, index) => (matters ? [String(index + 1)] : []));
  if (!core.length || core.length === lines.length) return "";
  return core.length > 1 ? `Lines ${listed(core)} matter most.` : `Line ${core[0]} matters most.`;
}

export const lineNumber = (number) => h("span.lnum", h("span.sr", "Line "), String(number));
export const square = (mark) => (mark === undefined || mark === null ? h("span.muted", "–") : h("span.sq", { class: `sq--${mark}` }, h("b", String(mark))));

export const DECISIONS = { accept: ["done", "Accept"], again: ["again", "Try again"], discuss: ["chat", "Talk"] };
export const decided = (decision) => ({ accept: "Accepted", again: "Asked to try again", discuss: "Asked to talk" })[decision];

export const person = (id) => encodeURIComponent(id);
export const markHref = (attempt, reading) => `#/mark/${attempt}/${reading}`;
export const warmUpHref = (rubric) => `#/warm-up/${encodeURIComponent(rubric)}`;
