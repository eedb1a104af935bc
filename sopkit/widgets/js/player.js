import { Channel } from "./channel.js";
import { Coach } from "./coach.js";
import { fill, h } from "./dom.js";
import { Exercise } from "./exercise.js";
import { problem, waiting } from "./notes.js";
import { Desk } from "./desk.js";
import { connection, practiceStrip, wording } from "./shell.js";
import { Workbook } from "./workbook.js";

const SLOW = 5000;

// The anywidget: says hello, then shows the whole workbook or one exercise.
function render({ model, el }) {
  const channel = new Channel(model);
  // JupyterLab leaves keys alone below this attribute.
  const page = h("div.sop", { "data-lm-suppress-shortcuts": "true" });
  el.append(page);
  let screen = null;

  async function start() {
    const words = waiting("Getting your work…");
    fill(page, h("div.sop__start", { role: "status" }, words));
    const slow = setTimeout(() => {
      words.querySelector("p").textContent = "Still getting your work. A full class can take a minute.";
    }, SLOW);
    try {
      const hello = await channel.request("hello");
      channel.begin(hello);
      screen = (SCREENS[hello.surface] || workbook)(channel, hello, page);
    } catch (error) {
      const again = ["unclaimed", "claimed"].includes(error.code) ? () => location.reload() : start;
      fill(page, h("div.sop__start", problem("Your work did not load.", error.message, again)));
    } finally {
      clearTimeout(slow);
    }
  }

  start();
  return () => {
    screen?.close();
    channel.close();
  };
}

function workbook(channel, hello, page) {
  page.classList.add("sop--page");
  return new Workbook({ channel, hello, page });
}

function single(channel, hello, page) {
  page.classList.add("sop--single");
  const { status, bar } = connection(channel);
  const exercise = new Exercise({ channel, hello, ref: hello.exercise.ref, view: hello.exercise });
  fill(page, practiceStrip(), bar, exercise.element,
    h("p.single__foot", h("span", wording(hello.profile)), status));
  return exercise;
}

function desk(channel, hello, page) {
  page.classList.add("sop--page");
  return new Desk({ channel, hello, page });
}

function coach(channel, hello, page) {
  page.classList.add("sop--page");
  return new Coach({ channel, hello, page });
}

const SCREENS = { single, coach, desk, workbook };

export default { render };
