// Line icons on a 24 grid, drawn in the text color. Constants only: nothing a person typed comes here.
const ICONS = {
  __proto__: null, // a name from a course is never found in Object
  bandage: '<g transform="rotate(-42 12 12)"><rect x="1.8" y="7.8" width="20.4" height="8.4" rx="4.2"/><path d="M8.4 7.8v8.4M15.6 7.8v8.4"/><path d="M11 10.8h.01M13 10.8h.01M11 13.2h.01M13 13.2h.01" stroke-width="1.9"/></g>',
  cloud: '<path d="M7 15.2a4 4 0 0 1-.6-7.95A5.6 5.6 0 0 1 17.1 8.1a3.6 3.6 0 0 1 .3 7.1z"/><path d="M8.6 18.2 7.4 21M12.6 18.2 11.4 21M16.6 18.2 15.4 21"/>',
  knot: '<path d="M2.5 17.5c4.2 0 5.6-2.6 7-5.8C10.8 8.6 12.2 5 15.5 5a3.7 3.7 0 0 1 .2 7.4c-3.4 0-4.2-4.4-8-4.4A3.6 3.6 0 0 0 4 11.6c0 4 4.6 5.9 9 5.9h8.5"/>',
  umbrella: '<path d="M2.8 13a9.2 9.2 0 0 1 18.4 0c-.9-.9-1.9-1.3-3-1.3S16 12.1 15.1 13c-.9-.9-2-1.3-3.1-1.3S9.8 12.1 8.9 13c-.9-.9-2-1.3-3.1-1.3S3.7 12.1 2.8 13zM12 3.8V2.4M12 12v6.7a2.15 2.15 0 0 0 4.3 0"/>',
  seedling: '<path d="M12 21v-9.5M12 14c.2-4.3-2.7-6.7-8-6.7C4 11.6 6.7 14.2 12 14zM12 11.5C12 6.7 14.8 3.9 20 3.7c.2 5-2.7 7.9-8 7.8zM6.5 21h11"/>',
  check: '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
  done: '<circle cx="12" cy="12" r="9.2"/><path d="m7.8 12.3 2.9 2.9 5.6-5.8"/>',
  half: '<circle cx="12" cy="12" r="9.2"/><path d="M12 2.8a9.2 9.2 0 0 1 0 18.4z" fill="currentColor"/>',
  todo: '<circle cx="12" cy="12" r="9.2"/>',
  lock: '<rect x="4.5" y="10.5" width="15" height="10.5" rx="2"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3"/>',
  look: '<circle cx="10.5" cy="10.5" r="6.8"/><path d="m15.5 15.5 5.5 5.5"/>',
  again: '<path d="M20 11.5a8 8 0 1 0-2.3 6.1"/><path d="M20.5 5.5v6h-6"/>',
  right: '<path d="M4.5 12h15M13.5 6l6 6-6 6"/>',
  left: '<path d="M19.5 12h-15M10.5 6l-6 6 6 6"/>',
  swap: '<path d="M4 8.5h15.5M15.5 4.5l4 4-4 4M20 15.5H4.5M8.5 11.5l-4 4 4 4"/>',
  down: '<path d="m6 9.5 6 6 6-6"/>',
  list: '<path d="M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01"/>',
  people: '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6"/><path d="M15.5 4.8a3.5 3.5 0 0 1 0 6.4M18 14.6c2 .9 3.2 2.7 3.5 5.4"/>',
  person: '<circle cx="12" cy="8" r="4"/><path d="M4 21c.7-4.5 3.6-6.8 8-6.8s7.3 2.3 8 6.8"/>',
  clock: '<circle cx="12" cy="12" r="9.2"/><path d="M12 6.8V12l3.6 2.2"/>',
  saved: '<path d="M6.8 18.5a4.3 4.3 0 0 1-.6-8.56 6 6 0 0 1 11.5.9 3.9 3.9 0 0 1 .3 7.66z"/><path d="m9 13.8 2.2 2.2 4-4.2"/>',
  info: '<circle cx="12" cy="12" r="9.2"/><path d="M12 11v5.5M12 7.5h.01" stroke-width="2.2"/>',
  alert: '<path d="M12 3.5 2.5 20.5h19z"/><path d="M12 10v4.8M12 17.6h.01" stroke-width="2.2"/>',
  pencil: '<path d="m4 20 1-4.5L16.5 4a2.1 2.1 0 0 1 3 0l.5.5a2.1 2.1 0 0 1 0 3L8.5 19z"/><path d="m14 6.5 3.5 3.5"/>',
  chat: '<path d="M4 4.5h16v11.5h-8.5L6.5 20.5V16H4z"/>',
  cards: '<rect x="3" y="7.5" width="13.5" height="13" rx="2"/><path d="M7.5 7.5V5a2 2 0 0 1 2-2H19a2 2 0 0 1 2 2v9.5a2 2 0 0 1-2 2h-2.5"/>',
  eye: '<path d="M2 12c2.3-4.3 5.7-6.5 10-6.5S19.7 7.7 22 12c-2.3 4.3-5.7 6.5-10 6.5S4.3 16.3 2 12z"/><circle cx="12" cy="12" r="3"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  minus: '<path d="M5 12h14"/>',
  home: '<path d="M3.5 11 12 4l8.5 7M6 9.5V20h12V9.5M10 20v-5.5h4V20"/>',
  book: '<path d="M12 6c-2-1.5-4.8-2-8.5-2v14.5c3.7 0 6.5.5 8.5 2 2-1.5 4.8-2 8.5-2V4c-3.7 0-6.5.5-8.5 2zM12 6v14.5"/>',
  flag: '<path d="M5.5 21.5v-18M5.5 4.5h13l-3 4.25 3 4.25h-13"/>',
  up: '<path d="m6 14.500 6-6 6 6"/>',
  steps: '<path d="M3 20h5v-5h5v-5h5V5h3"/>',
  ask: '<circle cx="12" cy="12" r="9.200"/><path d="M9.300 9.300a2.800 2.800 0 1 1 4.100 2.500c-.9.500-1.400 1.100-1.400 2.200M12 16.900h.01" stroke-width="1.900"/>',
  house: '<path d="M3 11.500 12 4l9 7.500M5.500 9.500V20h13V9.500"/>',
  star: '<path d="m12 3 2.700 5.800 6.300.8-4.600 4.400 1.200 6.300-5.600-3.100-5.600 3.100 1.200-6.300L3 9.600l6.300-.8z"/>',
  ring1: '<circle cx="12" cy="12" r="2.200" fill="currentColor"/><circle cx="12" cy="12" r="9.500" stroke-width="1"/><circle cx="12" cy="12" r="5.800" stroke-width="1"/>',
  ring2: '<circle cx="12" cy="12" r="4.500" stroke-width="3"/><circle cx="12" cy="12" r="9.500" stroke-width="1"/><circle cx="12" cy="12" r=".6"/>',
  ring3: '<circle cx="12" cy="12" r="7.200" stroke-width="3"/><circle cx="12" cy="12" r="10.800" stroke-width="1"/><circle cx="12" cy="12" r="3" stroke-width="1"/>',
  ring4: '<circle cx="12" cy="12" r="9.700" stroke-width="3"/><circle cx="12" cy="12" r="6" stroke-width="1"/><circle cx="12" cy="12" r="2.500" stroke-width="1"/>',
  idcard: '<rect x="2.5" y="5" width="19" height="14" rx="2"/><circle cx="8" cy="11" r="2"/><path d="M4.800 16c.5-1.500 1.600-2.200 3.200-2.200s2.700.7 3.200 2.200M14.500 10h4M14.500 14h4"/>',
  dot: '<circle cx="12" cy="12" r="4"/>',
  undo: '<path d="M4.5 9h9.500a5.500 5.500 0 0 1 0 11H9M8.500 4.500 4 9l4.500 4.500"/>',
  redo: '<path d="M19.500 9H10a5.500 5.500 0 0 0 0 11h5M15.500 4.500 20 9l-4.500 4.500"/>',
};
const MARK = '<rect width="40" height="40" rx="6" fill="#1a4480"/><path d="M9 10h6v13H9zM17 10h6v20h-6zM25 10h6v9h-6z" fill="#fff"/><path d="M9 26h6M25 22h6" stroke="#98afd2" stroke-width="2"/>';

function svg(inner, box, name) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  element.setAttribute("viewBox", `0 0 ${box} ${box}`);
  element.setAttribute("class", name);
  element.setAttribute("aria-hidden", "true");
  element.setAttribute("focusable", "false");
  element.innerHTML = inner;
  return element;
}

export const icon = (name) => svg(ICONS[name] || ICONS.dot, 24, "i");
export const brandMark = () => svg(MARK, 40, "mark");
