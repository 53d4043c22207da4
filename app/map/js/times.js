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
    this.rate = this.choice(row, "Speed", null, value => { this.state.rates[this.timed] = Number(value); });
    this.trail = this.choice(row, "Trail", "trail", value => { this.state.share = Number(value); this.paintAll(); });
    this.who = this.choice(row, "Tracks shown", "who", value => { this.state.only = value === "selected"; this.paintAll(); });
    this.order = this.choice(row, "Order", "order", value => { this.state.together = value === "together"; this.options(); this.go(0); });
    this.sieve = make("button", "more", row, { type: "button", title: "Show only tracks that began at certain times" });
    this.sieve.setAttribute("aria-label", "Filter by time");
    this.sieve.append(icon("sieve"), make("span", "", null, { textContent: "Filter by time" }));
    this.sieve.addEventListener("click", () => { this.state.open = !this.state.open; this.opened(); });
    this.filter = new Filter(this.bar, () => { this.sifted(); });
    this.motions = [];
    this.now = this.t0 = 0;
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

  // One bar for all pictures, over all that moves or began in any of them. What was set by hand is kept by the ground and not by the tracks,
  // of which another is played at each selection; what was not set follows from what is played.
  show(scenes) {
    const found = [...new Set(scenes.flatMap(scene => scene.found.filter(one => one?.n)))]; // what several pictures have counts once
    const moves = found.filter(one => one.kind === "Moves"), begun = found.filter(one => one.begun?.length), [{ ground }] = scenes;
    this.bar.hidden = !moves.length && !begun.length;
    this.bar.classList.toggle("still", !moves.length);
    if (this.bar.hidden) { this.playing = false; this.motions = []; return; }
    here.times ??= {};
    const state = this.state = here.times[ground] ??= {
      rates: {}, share: 1 / 12, only: false, together: null, day: null, since: null, dates: null, open: false };
    const name = [ground, ...moves.map(one => one.digest)].join(" ");
    if (name !== this.name) { this.name = name; this.now = 0; this.playing = this.started = false; }
    this.motions = moves.map(one => one.motion ??= new Motion(one));
    this.timed = this.motions.some(one => one.timed);
    this.t0 = moves.length ? Math.min(...moves.map(one => one.t0)) : 0; // where the clock begins
    this.selected = new Set(found.filter(one => one.name === "selected").flatMap(one => one.ids || []));
    this.filter.show([...begun.map(one => Array.from(one.begun, s => s + one.begun0)),
      ...this.motions.filter(one => one.timed).map(one => Array.from(one.begin, s => s + one.layer.t0))], state);
    this.sieve.hidden = !this.filter.any;
    this.options();
    this.opened();
    this.say();
  }

  late(motion) { return motion.layer.t0 - this.t0; } // seconds of the clock at which its own begin

  clocked() { return Math.max(0, ...this.motions.map(one => this.late(one) + one.last)); }

  get together() { return this.state.together ?? this.clocked() > 2 * DAY; }

  span() { return Math.max(1e-9, this.together ? Math.max(0, ...this.motions.map(one => one.longest)) : this.clocked()); }

  speed() {
    const span = this.span(), off = rate => Math.abs(Math.log(rate * TAKES / span));
    return this.state.rates[this.timed] ?? (this.timed ? RATES : STEPS).reduce((a, b) => (off(b) < off(a) ? b : a));
  }

  options() {
    const { state, timed } = this, span = this.span(), rates = timed ? RATES : STEPS;
    this.fill(this.rate, rates.map(one => [one, timed ? `${one}×` : `${one} / s`]), this.speed());
    const trails = [0.03, 1 / 12, 0.25].map(share => [share, timed ? `trail ${saidSpan(share * span)}` : `trail ${Math.ceil(share * span)}`]);
    this.fill(this.trail, [...trails, [Infinity, "whole trail"]], state.share);
    this.fill(this.who, [["all", "all tracks"], ["selected", "selected only"]], state.only ? "selected" : "all");
    this.fill(this.order, [["clock", timed ? "as it was" : "in order"], ["together", "all from their start"]], this.together ? "together" : "clock");
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
      this.now += passed * this.speed();
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
    const dated = one.dated && !this.together, moment = this.t0 + this.now;
    this.hour.textContent = !one.timed ? `step ${Math.round(this.now)}` : saidClock(dated ? moment % DAY : this.now);
    this.date.textContent = dated ? saidDate(moment) : "";
    this.scrub.setAttribute("aria-valuetext", `${this.hour.textContent} ${this.date.textContent}`.trim());
    this.bar.dataset.time = this.now.toFixed(3);
  }

  // Kept with what it sets: an element that the page draws afresh must not close it under the hand.
  opened() {
    this.filter.box.hidden = !this.state.open;
    this.sieve.setAttribute("aria-expanded", String(this.state.open));
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

  filterKey() { return this.state && this.filter.active ? JSON.stringify([this.state.day, this.state.since, this.state.dates]) : ""; }

  // In each picture what moves in its own scene.
  paint(ctx, pane) {
    if (!this.started) return;
    const { filter, state, together } = this, trail = state.share * this.span();
    for (const layer of pane.scene.found) {
      const one = layer?.motion;
      if (!one) continue;
      const { t0 } = layer, now = together ? this.now : this.now - this.late(one);
      one.paint(ctx, pane.view, pane.look, { now, trail, together, selected: this.selected,
        shown: (i, own) => (own || !state.only) && (!filter.active || !one.timed || filter.takes(t0 + one.begin[i])) });
    }
    ctx.globalAlpha = 1;
  }

  gone() { this.playing = false; }
}
