// How long a coach works at a writing, and keeping it for this coach meanwhile.
const SOON = 5 * 60000; // so long before the end it is kept longer, if the coach is still at work
const APART = 60000; // the least time between two requests to keep it, whatever this device's clock says
const TICK = 1000;

export class Hold {
  // renew(): asks for the writing again and returns until when; draw(hold): shows where things stand.
  constructor({ until, seconds, element, renew, draw, lost }) {
    Object.assign(this, { seconds, renew, draw, lost, until: new Date(until).getTime(), active: Date.now(), asked: 0, busy: false });
    this.touch = () => {
      this.active = Date.now();
      if (this.over) this.again();
    };
    this.events = ["keydown", "pointerdown", "input"];
    for (const event of this.events) element.addEventListener(event, this.touch);
    this.element = element;
    this.timer = setInterval(() => this.tick(), TICK);
  }

  get over() { return Date.now() >= this.until; }

  tick() {
    if (document.visibilityState !== "visible") return;
    this.seconds += TICK / 1000;
    const left = this.until - Date.now();
    if (left > 0 && left < SOON && Date.now() - this.active < SOON) this.again();
    this.draw(this);
  }

  // at once: when something else than time asks for it.
  async again(atOnce = false) {
    if (this.busy || (!atOnce && Date.now() - this.asked < APART)) return;
    this.asked = Date.now();
    this.busy = true;
    try {
      this.until = new Date(await this.renew()).getTime();
    } catch (error) {
      if (["locked", "read", "unknown"].includes(error.code)) this.lost(error);
    }
    this.busy = false;
  }

  close() {
    clearInterval(this.timer);
    for (const event of this.events) this.element.removeEventListener(event, this.touch);
  }
}
