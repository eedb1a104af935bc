import { h } from "./dom.js";

const FAR = 6; // pixels before a press becomes a drag
const EDGE = 48;

// Dragging with a mouse, beside the buttons that do the same. Inside `root`, an element with data-drag (an id) can be
// dropped on one with data-drop (a place); `drop(id, place)` is told. Returns what ends it.
export function dragging(root, drop) {
  let held = null;

  const over = ({ clientX, clientY }) => {
    const place = document.elementFromPoint(clientX, clientY)?.closest("[data-drop]");
    return place && root.contains(place) ? place : null;
  };
  const mark = (place) => {
    held.over?.classList.remove("is-over");
    held.over = place;
    place?.classList.add("is-over");
  };
  const lift = () => {
    document.getSelection().removeAllRanges();
    held.ghost = h("div.ghost", { "aria-hidden": "true" }, held.source.querySelector("[data-words]").textContent);
    held.ghost.style.width = `${Math.min(320, held.source.offsetWidth)}px`;
    root.append(held.ghost);
    root.classList.add("is-dragging");
  };
  const move = (event) => {
    const { clientX: x, clientY: y } = event;
    if (!held.ghost && Math.hypot(x - held.x, y - held.y) < FAR) return;
    if (!held.ghost) lift();
    held.ghost.style.transform = `translate(${x + 8}px, ${y + 8}px)`;
    if (y < EDGE || y > window.innerHeight - EDGE) window.scrollBy(0, y < EDGE ? -EDGE / 4 : EDGE / 4);
    mark(over(event));
  };
  const end = (event) => {
    window.removeEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel", "keydown"]) window.removeEventListener(name, end, true);
    if (!held) return;
    const { ghost, source, over: place } = held;
    if (ghost) mark(null);
    held = null;
    root.classList.remove("is-dragging");
    ghost?.remove();
    if (ghost && place && event?.type === "pointerup") drop(source.dataset.drag, place.dataset.drop);
  };
  const start = (event) => {
    const source = event.target.closest("[data-drag]");
    if (!source || event.pointerType !== "mouse" || event.button || event.target.closest("button, summary, dl")) return;
    end();
    held = { source, x: event.clientX, y: event.clientY, ghost: null, over: null };
    window.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel", "keydown"]) window.addEventListener(name, end, true);
  };

  root.addEventListener("pointerdown", start);
  return end;
}
