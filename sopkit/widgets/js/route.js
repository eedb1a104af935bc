// #/lesson-id/exercise: reload and Back work, and nothing is sent to a server.
const tail = (lesson, ref) => (ref.startsWith(`${lesson}/`) ? ref.slice(lesson.length + 1) : ref);

export const lessonHref = (lesson) => `#/${encodeURIComponent(lesson)}`;
export const exerciseHref = (lesson, ref) => `${lessonHref(lesson)}/${encodeURIComponent(tail(lesson, ref))}`;

export function route() {
  const [lesson, exercise] = location.hash.replace(/^#\/?/, "").split("/").map(decode);
  return { lesson: lesson || null, exercise: exercise || null };
}

function decode(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

// The block a route names, whether refs carry the lesson's id or not.
export const matches = (lesson, exercise) => ({ ref }) => tail(lesson, ref) === exercise || ref === exercise;
