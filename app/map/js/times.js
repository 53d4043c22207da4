// The bar of time under a map: playback and a filter, all in the page.
const RATES = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200], STEPS = [1, 2, 5, 10, 25];
const TAKES = 25; // seconds that a playback should take

class Times {
  constructor(map) {
    this.map = map;
    this.bar = make("div", "times", map.root, { hidden: true });
    const row = make("div", "play", this.bar);
    this.button = button(row, "play", "Play", () => this.toggle());
    this.scrub = make("input", "scrub", row, { type: "range", min: "0", max: "1000", step: "any", value: "0" });
    this.scrub.setAttribute("aria-label", "Moment");
    this.scrub.addEventListener("input", () => { this.started = true; this.go(Number(this.scrub.value) / 1000 * this.span()); });
    this.clock = make("span", "clock", row);
    this.hour = make("span", "", this.clock);
    this.date = make("span", "", this.clock);
    this.rate = this.choice(row, "Speed", null, value => { this.state.rate = Number(value); });
    this.trail = this.choice(row, "Trail", "trail", value => { this.state.trail = Number(value); this.paintAll(); });
    this.who = this.choice(row, "Tracks shown", "who", value => { this.state.only = value === "selected"; this.paintAll(); });
    this.order = this.choice(row, "Order", "order", value => { this.state.together = value === "together"; this.options(); this.go(0); });
    this.sieve = make("button", "more", row, { type: "button", title: "Show only tracks that began at certain times" });
    this.sieve.setAttribute("aria-label", "Filter by time");
    this.sieve.append(icon("sieve"), make("span", "", null, { textContent: "Filter by time" }));
    this.sieve.addEventListener("click", () => { this.filter.box.hidden = !this.filter.box.hidden; this.opened(); });
    this.filter = new Filter(this.bar, () => { this.sifted(); });
    this.motions = [];
    this.now = 0;
    this.playing = this.started = false;
  }

  // drawn: the icon that stands for it where there is little room.
  choice(row, label, drawn, heed) {
    const box = make("span", drawn ? "pick seldom" : "pick", row);
    if (drawn) box.append(icon(drawn));
    const one = make("select", "", box, { title: label });
    one.setAttribute("aria-label", label);
    one.addEventListener("change", () => heed(one.value));
    return one;
  }

  fill(select, options, value) {
    select.replaceChildren(...options.map(([name, said]) => make("option", "", null, { value: String(name), textContent: said })));
    select.value = String(value);
  }

  show(scene) {
    const moves = scene.found.filter(one => one?.kind === "Moves" && one.n), begun = scene.found.filter(one => one?.begun?.length && one.n);
    this.bar.hidden = !moves.length && !begun.length;
    this.bar.classList.toggle("still", !moves.length);
    if (this.bar.hidden) { this.playing = false; this.motions = []; return; }
    const name = moves.map(one => one.digest).join(" ") || scene.ground;
    here.times ??= {};
    const state = this.state = here.times[name] ??= { rate: 0, trail: -1, only: false, together: null, day: null, dates: null };
    if (name !== this.name) { this.name = name; this.now = 0; this.playing = this.started = false; }
    this.motions = moves.map(one => one.motion ??= new Motion(one));
    this.selected = new Set(scene.found.filter(one => one?.name === "selected").flatMap(one => one.ids || []));
    if (state.together === null) state.together = Math.max(0, ...this.motions.map(one => one.last)) > 2 * DAY;
    this.filter.show([...begun.map(one => Array.from(one.begun, s => s + one.begun0)),
      ...this.motions.filter(one => one.timed).map(one => Array.from(one.begin, s => s + one.layer.t0))], state);
    this.sieve.hidden = !this.filter.any;
    this.options();
    this.opened();
    this.say();
  }

  span() { return Math.max(1e-9, ...this.motions.map(one => one.span(this.state.together))); }

  options() {
    const { state } = this, timed = this.motions.some(one => one.timed), span = this.span(), rates = timed ? RATES : STEPS;
    if (!state.rate) state.rate = rates.reduce((a, b) => (Math.abs(Math.log(b * TAKES / span)) < Math.abs(Math.log(a * TAKES / span)) ? b : a));
    if (state.trail < 0) state.trail = span / 12;
    this.fill(this.rate, rates.map(one => [one, timed ? `${one}×` : `${one} / s`]), state.rate);
    const trails = [0.03, 1 / 12, 0.25].map(share => [share * span, timed ? `trail ${saidSpan(share * span)}` : `trail ${Math.ceil(share * span)}`]);
    if (!trails.some(([value]) => value === state.trail) && state.trail !== Infinity) state.trail = trails[1][0];
    this.fill(this.trail, [...trails, [Infinity, "whole trail"]], state.trail);
    this.fill(this.who, [["all", "all tracks"], ["selected", "selected only"]], state.only ? "selected" : "all");
    this.fill(this.order, [["clock", timed ? "as it was" : "in order"], ["together", "all from their start"]], state.together ? "together" : "clock");
    this.order.parentElement.hidden = this.span() <= 0 || !timed;
  }

  toggle() {
    this.playing = !this.playing;
    this.started = true;
    if (this.playing && this.now >= this.span() * 0.9999) this.now = 0;
    this.before = performance.now();
    this.say();
    if (this.playing) this.step();
  }

  step() {
    requestAnimationFrame(time => {
      if (!this.playing || !this.bar.isConnected) return;
      if (time - this.before < 4 * (this.cost || 0)) return this.step(); // the page has other things to do too
      const start = performance.now();
      const passed = Math.min(Math.max(time - this.before, 0), 250) / 1000; // a tab that slept does not jump
      this.before = time;
      this.now += passed * this.state.rate;
      if (this.now >= this.span()) { this.now = this.span(); this.playing = false; }
      this.say();
      for (const pane of this.map.panes) pane.paintOver();
      this.frames = (this.frames || 0) + 1;
      this.bar.dataset.frames = String(this.frames);
      this.cost = performance.now() - start;
      if (this.playing) this.step();
      return undefined;
    });
  }

  go(moment) {
    this.now = Math.min(Math.max(moment, 0), this.span());
    this.say();
    this.paintAll();
  }

  paintAll() { for (const pane of this.map.panes) pane.above(); }

  say() {
    const act = this.playing ? "pause" : "play";
    if (this.button.dataset.act !== act) {
      this.button.dataset.act = act;
      this.button.replaceChildren(icon(act));
      this.button.title = this.playing ? "Pause (space)" : "Play (space)";
      this.button.setAttribute("aria-label", this.playing ? "Pause" : "Play");
    }
    const [one] = this.motions;
    if (!one) return;
    this.scrub.value = String(1000 * this.now / this.span());
    const dated = one.dated && !this.state.together, moment = one.layer.t0 + this.now;
    this.hour.textContent = !one.timed ? `step ${Math.round(this.now)}` : saidClock(dated ? moment % DAY : this.now);
    this.date.textContent = dated ? saidDate(moment) : "";
    this.scrub.setAttribute("aria-valuetext", `${this.hour.textContent} ${this.date.textContent}`.trim());
    this.bar.dataset.time = this.now.toFixed(3);
  }

  opened() {
    this.sieve.setAttribute("aria-expanded", String(!this.filter.box.hidden));
    this.sieve.classList.toggle("on", this.filter.active);
  }

  sifted() {
    this.opened();
    for (const pane of this.map.panes) pane.moved(); // at once where that is quick, else once the handle is still
  }

  hiddenOf(layer) {
    if (!this.filter.active || !layer.begun?.length) return null;
    return i => !this.filter.takes(layer.begun0 + layer.begun[i]);
  }

  filterKey() { return this.state && this.filter.active ? JSON.stringify([this.state.day, this.state.dates]) : ""; }

  paint(ctx, pane) {
    if (!this.started) return;
    const { filter, state } = this;
    for (const one of this.motions) {
      const { t0 } = one.layer;
      one.paint(ctx, pane.view, pane.look, { now: this.now, trail: state.trail, together: state.together, selected: this.selected,
        shown: (i, own) => (own || !state.only) && (!filter.active || !one.timed || filter.takes(t0 + one.begin[i])) });
    }
    ctx.globalAlpha = 1;
  }

  gone() { this.playing = false; }
}
