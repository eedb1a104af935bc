import { fill, focusOn, h } from "./dom.js";
import { note } from "./notes.js";
import { Shell } from "./shell.js";

// The first page of a trainer or a coach: tables, as the server words them.
export class Desk {
  constructor({ channel, hello, page }) {
    this.channel = channel;
    this.shell = new Shell({ channel, hello, page });
    fill(page, this.shell.element);
    this.draw(hello);
  }

  draw({ title, text, empty, tables = [] }) {
    const again = h("button.btn.btn--2", { type: "button", click: () => this.refresh() }, "Show the newest");
    document.title = `${title} | SOP Workbook`;
    fill(this.shell.main, h("h1", { tabindex: -1 }, title), text && h("p.muted.under", text),
      h("div.desk", tables.map(table), !tables.length && empty && note("info", "plain", empty), again));
  }

  async refresh() {
    try {
      this.draw(await this.channel.request("hello"));
    } catch (error) {
      fill(this.shell.main, h("h1", { tabindex: -1 }, "This page did not load"), note("alert", "look", error.message));
    }
    focusOn(this.shell.main.querySelector("h1"), null);
  }

  close() {}
}

function table({ caption, columns, rows }) {
  return h("div.scroll-x", { tabindex: 0, role: "region", "aria-label": caption }, h("table.tbl", h("caption", caption),
    h("thead", h("tr", columns.map((name) => (name ? h("th", { scope: "col" }, name) : h("td"))))),
    h("tbody", rows.map(([first, ...rest]) => h("tr", h("th", { scope: "row" }, first), rest.map((cell) => h("td", cell)))))));
}
