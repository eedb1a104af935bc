let last = 0;

// h("p.note", {id: "x"}, "text", child): builds an element. Text always arrives as text nodes.
export function h(selector, ...rest) {
  const [tag, ...classes] = selector.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  const isProps = rest[0] && rest[0].constructor === Object;
  for (const [name, value] of Object.entries(isProps ? rest.shift() : {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else if (name === "class") element.className = `${element.className} ${value}`.trim();
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  add(element, rest);
  return element;
}

export function add(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child);
  }
  return element;
}

export function fill(element, ...children) {
  element.replaceChildren();
  return add(element, children);
}

// Lesson text: the one place where markup is taken as markup. The server has sanitized it.
export function prose(html, title) {
  const element = h("div.prose");
  element.innerHTML = html;
  for (const heading of element.querySelectorAll("h1")) {
    if (heading.textContent.replace("¶", "").trim() === title) heading.remove();
    else heading.replaceWith(h("h2", ...heading.childNodes));
  }
  for (const table of element.querySelectorAll("table")) {
    const heads = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim()).filter(Boolean);
    const box = h("div.scroll-x", { tabindex: 0, role: "region", "aria-label": `Table ${++last}: ${heads.join(", ")}` });
    table.replaceWith(box);
    table.classList.add("tbl");
    box.append(table);
  }
  return element;
}

// On a page that begins in the middle of a lesson's text, what stands before its first h2 is an h2 too.
export function raiseHeadings(texts) {
  const headings = texts.flatMap((text) => [...text.querySelectorAll("h2, h3")]);
  const first = headings.findIndex(({ tagName }) => tagName === "H2");
  for (const heading of headings.slice(0, first < 0 ? headings.length : first)) heading.replaceWith(h("h2", ...heading.childNodes));
  return texts;
}

export const uid = (name) => `sop-${name}-${++last}`;

// block: where scrolling puts the element ("nearest", "start"); null leaves the page where it is.
export function focusOn(element, block = "nearest") {
  if (!element) return;
  if (!element.matches("a[href],button,input,select,textarea,summary,[tabindex]")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  if (block) element.scrollIntoView({ block });
}
