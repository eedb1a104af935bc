import { h } from "./dom.js";
import { Story } from "./story.js";

// The family's story above an exercise that stands on it. Null where there is none.
export function storyBox(story, open = true) {
  if (!story) return null;
  const shown = new Story(story);
  shown.draw([]);
  return h("details.storybox", { open }, h("summary", "Read their story"), shown.element);
}
