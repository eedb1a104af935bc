import { drawBoard, groupsOf } from "./boardplaces.js";
import { fill, focusOn, h } from "./dom.js";
import { allPlaced, result, trayField } from "./boardtop.js";
import { dragging } from "./dragging.js";
import { same } from "./draft.js";
import { icon } from "./icons.js";
import { activates, keysLine, keysOn, typing } from "./keys.js";
import { ScaleForm } from "./scale.js";
import { storyBox } from "./storybox.js";
import { count, lower } from "./words.js";

// Cards to put in places: a map, houses or circles. Cards wait in the tray; one of them is selected.
// A card is checked when its answer was sent; moving it makes it unchecked again.
export class Board {
  constructor(host) {
    const { view, terms } = host;
    Object.assign(this, { host, view, terms, say: host.say, summary: view.summary, open: null });
    this.practice = view.mode === "practice";
    this.answers = { ...view.answers };
    this.scaleSent = view.scale_answer || null;
    this.groups = groupsOf(view);
    this.options = this.groups.flatMap(({ options }) => options);
    const [{ danger }] = view.items;
    this.danger = view.items.every((item) => item.danger === danger) ? danger : null;
    const draft = host.draft.value;
    this.places = this.placesFrom(draft?.places);
    this.picked = this.tray[0]?.id ?? null;
    this.scale = view.scale && new ScaleForm({
      scale: view.scale, answer: (this.scaleFree && draft?.scale) || this.scaleSent, locked: !this.scaleFree, family: true,
      change: () => { this.changed(); this.drawFoot(); },
    });
    this.show();
  }

  close() { this.endDrag(); }

  get progress() { return { answers: this.answers, summary: this.summary, scale_answer: this.scaleSent }; }
  get name() { return this.view.layout; }
  get act() { return `${!this.practice ? "Hand in" : this.view.graded_later ? "Save" : "Check"} my ${this.name}`; }

  // Whether a card, and the scale, can still be changed.
  free(id) { return this.view.open && (this.practice || !this.answers[id]); }
  get scaleFree() { return this.view.open && (this.practice || !this.scaleSent); }

  placesFrom(drafted) {
    const places = {};
    for (const { id } of this.view.items) {
      const sent = this.answers[id]?.choice;
      const place = drafted && this.free(id) ? drafted[id] : sent;
      if (this.options.some((option) => option.id === place)) places[id] = place;
    }
    return places;
  }

  get tray() { return this.view.items.filter(({ id }) => !this.places[id]); }
  cardsIn(option) { return this.view.items.filter(({ id }) => this.places[id] === option); }
  // The answer that was sent for where a card is now, or null.
  checked(id) { return this.answers[id]?.choice === this.places[id] ? this.answers[id] : null; }
  told(verdict) { return this.sent.filter(({ id }) => this.answers[id].feedback?.verdict === verdict).length; }
  get sent() { return this.view.items.filter(({ id }) => this.checked(id)); }
  get fresh() { return this.view.items.filter(({ id }) => this.places[id] && this.free(id) && !this.checked(id)); }
  get scaleFresh() { return Boolean(this.scale) && this.scaleFree && !this.scale.blank && !same(this.scale.value, this.scaleSent); }

  // ---- Screen: the story, the scale and the frame stay; tray, board and foot are drawn anew after each change ----
  show() {
    this.top = h("div");
    this.middle = h("div");
    this.foot = h("div.ex__foot");
    const work = h("div.boardwork", storyBox(this.view.story, !Object.keys(this.places).length),
      this.danger && h("div.ctx.t-danger", h("span.term-ico", icon("cloud")), h("p", h("b", "The danger in this case"), this.danger)),
      this.top, this.middle);
    fill(this.host.main, work, this.scale?.element, this.foot);
    this.endDrag = dragging(work, (id, place) => (place ? this.put(id, place) : this.back(id)));
    this.draw();
  }

  draw() {
    const { tray } = this;
    if (!tray.some(({ id }) => id === this.picked)) this.picked = tray[0]?.id ?? null;
    fill(this.top, result(this), tray.length ? trayField(this) : !this.sent.length && allPlaced(this));
    fill(this.middle, drawBoard(this));
    this.drawFoot();
  }

  drawFoot() {
    const { after } = this.host;
    const ready = this.fresh.length > 0 || this.scaleFresh;
    const work = this.view.open && (ready || this.tray.some(({ id }) => this.free(id)) || (this.scale && this.scaleFree && !this.scaleSent));
    this.hint = h("p.pickhint");
    this.confirm = h("div.confirm");
    this.foot.hidden = !this.view.open && !after;
    fill(this.foot,
      work && h("button.btn.btn--main", { type: "button", click: () => this.check() }, this.act),
      after && h("a.btn", { class: work ? "btn--2" : "", href: after.href }, after.label, icon("right")),
      this.scaleSent && !this.scaleFresh && h("p.small.muted", icon("saved"), " Your number is saved."), this.hint, this.confirm,
      this.view.open && keysLine([["[1]", " to ", `[${this.options.length}]`, " place the selected card"], ["[M]", " move"], ["[Esc]", " put back"]], this.say));
  }

  // ---- Acts ----
  changed() { this.host.draft.set({ places: this.places, scale: this.scale?.value ?? null }); }

  tell(text) {
    this.hint.textContent = text;
    this.say(text);
  }

  pick(id) {
    this.picked = id;
    this.draw();
    focusOn(this.find(id, "input"));
  }

  put(id, option) {
    if (!this.free(id)) return;
    const at = this.tray.findIndex((item) => item.id === id);
    this.open = null;
    this.places = { ...this.places, [id]: option };
    const { tray } = this;
    if (at >= 0) this.picked = (tray[at] ?? tray[at - 1])?.id ?? null;
    this.changed();
    this.draw();
    const next = at >= 0 && (tray.length ? this.find(this.picked, "input") : this.top.querySelector(".tray--empty h3"));
    focusOn(next || this.find(id, '.mv[data-part="move"]'));
    this.say(`Card moved to ${lower(this.terms.label(option))}.${at < 0 ? "" : tray.length ? ` ${count(tray.length, "card")} left.` : " All cards are placed."}`);
  }

  back(id) {
    if (!this.places[id] || !this.free(id)) return;
    const { [id]: gone, ...rest } = this.places;
    this.places = rest;
    this.open = null;
    this.picked = id;
    this.changed();
    this.draw();
    focusOn(this.find(id, "input"));
    this.say(`Card taken out of ${lower(this.terms.label(gone))}. ${count(this.tray.length, "card")} left.`);
  }

  // Opens or closes the places or the explanation of a placed card.
  toggle(id, part) {
    const shut = this.open?.id === id && this.open.part === part;
    this.open = shut ? null : { id, part };
    this.draw();
    focusOn(this.find(id, `.mv[data-part="${part}"]`));
  }

  find(id, inside) { return this.host.main.querySelector(`[data-card="${CSS.escape(id)}"] ${inside}`); }

  check() {
    if (this.sending) return undefined;
    const { fresh, scaleFresh, tray } = this;
    if (!fresh.length && !scaleFresh) {
      this.tell(Object.keys(this.answers).length ? "Nothing new yet. Place or move a card first." : "Place a card first.");
      return focusOn(this.find(this.picked, "input"));
    }
    if (this.practice) return this.send();
    const no = h("button.btn.btn--2", { type: "button", click: () => { this.drawFoot(); focusOn(this.foot.querySelector(".btn--main")); } }, "Keep working");
    fill(this.confirm, h("p", h("b", `Hand in ${count(fresh.length, "card")}${scaleFresh ? " and your number" : ""}?`),
      tray.length ? ` ${count(tray.length, "card is", "cards are")} not placed yet.` : "", " You cannot change what you hand in."),
    h("div.row", h("button.btn", { type: "button", click: () => this.send() }, "Hand in"), no));
    return focusOn(no);
  }

  async send() {
    this.sending = true;
    const answers = Object.fromEntries(this.fresh.map(({ id }) => [id, { choice: this.places[id], sure: null, question: null }]));
    const scale = this.scaleFresh ? this.scale.value : null;
    await this.host.draft.flush();
    for (const button of this.foot.querySelectorAll(".btn")) button.setAttribute("aria-disabled", "true");
    this.tell(`Sending your ${this.name}…`);
    const reply = await this.host.submit(scale ? { answers, scale } : { answers }, (words) => this.tell(words));
    this.sending = false;
    if (!reply) {
      this.drawFoot();
      return focusOn(this.foot.querySelector(".btn--main"), null);
    }
    Object.assign(this.answers, reply.answers);
    this.summary = reply.summary;
    this.scaleSent = reply.scale_answer ?? scale ?? this.scaleSent;
    this.open = null;
    if (this.scale && !this.scaleFree) this.scale.lock(this.scaleSent);
    this.draw();
    const again = this.told("not-quite");
    this.say(`${again ? `${again} to look at again.` : "Saved."}${scale ? " Your number is saved." : ""}`);
    const head = this.top.querySelector("h3");
    focusOn(head, null);
    return head?.scrollIntoView({ block: "start" });
  }

  // ---- Keys: letters and numbers can be turned off ----
  keydown(event) {
    const { key, target } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey) && target.matches("textarea")) {
      event.preventDefault();
      return focusOn(this.foot.querySelector(".btn--main"));
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(target)) return undefined;
    const act = this.keyAct(key, target);
    if (!act) return undefined;
    event.preventDefault();
    return act();
  }

  keyAct(key, target) {
    const inTray = Boolean(target.closest(".tray"));
    const id = target.closest("li[data-card]")?.dataset.card;
    const open = id && this.open?.id === id ? this.open.part : null;
    if (key === "Escape" && open) return () => this.toggle(id, open);
    if (key === "Escape" && id && this.free(id)) return () => this.back(id);
    if (key === "Enter" && inTray && !activates(target)) return () => focusOn(this.top.querySelector(".pb"));
    if (!keysOn()) return null;
    if (key.toLowerCase() === "m" && id && this.free(id)) return () => this.toggle(id, "move");
    const option = /^[1-9]$/.test(key) && this.options[Number(key) - 1];
    const card = inTray ? this.picked : open === "move" ? id : null;
    return option && card ? () => this.put(card, option.id) : null;
  }
}
