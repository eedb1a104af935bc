// #/lesson-id/exercise: reload and Back work, and nothing is sent to a server.
const tail = (lesson, ref) => (ref.startsWith(`${lesson}/`) ? ref.slice(lesson.length + 1) : ref);

export const lessonHref = (lesson) => `#/${encodeURIComponent(lesson)}`;
export const exerciseHref = (lesson, ref) => `${lessonHref(lesson)}/${encodeURIComponent(tail(lesson, ref))}`;
export const practiseHref = (lesson, ref) => `#/practise/${encodeURIComponent(lesson)}/${encodeURIComponent(tail(lesson, ref))}`;

// The parts of the address after #.
export const parts = () => location.hash.replace(/^#\/?/, "").split("/").map(decode);

export function route() {
  const [first, second, third] = parts();
  if (first === "record") return { lesson: null, exercise: null, page: "record" };
  if (first === "practise" && third) return { lesson: null, exercise: third, page: "practise", ref: `${second}/${third}` };
  return { lesson: first || null, exercise: second || null };
}

function decode(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

// The block a route names, whether refs carry the lesson's id or not.
export const matches = (lesson, exercise) => ({ ref }) => tail(lesson, ref) === exercise || ref === exercise;
