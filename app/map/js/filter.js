// Which tracks are to be seen, by when they began: time of day and date, or time since the start where there are no dates.
const SLOTS = 96; // quarters of an hour

class Filter {
  constructor(parent, changed) {
    this.changed = changed;
    this.box = make("div", "filter", parent, { hidden: true });
    this.day = new Span(this.box, "Began at", () => this.heed());
    this.dates = new Span(this.box, "Began on", () => this.heed());
    this.bounds = null;
  }

  // times: seconds of all that can be hidden. What was set is kept as times and not as places of the handles, since other tracks may be shown
  // next: ``day`` in quarters of an hour, ``since`` in seconds, ``dates`` in days since 1970; infinite where a handle stands at its end.
  show(times, kept) {
    let low = Infinity, high = -Infinity;
    for (const one of times) for (const s of one) if (s === s) { low = Math.min(low, s); high = Math.max(high, s); }
    this.any = high > low;
    this.kept = kept;
    this.dated = low > CALENDAR;
    this.from = this.dated ? Math.floor(low / DAY) : low;
    const days = this.dated ? Math.floor(high / DAY) - this.from : 0;
    this.step = this.dated ? DAY / SLOTS : Math.max((high - low) / SLOTS, 1e-9);
    this.day.show(0, SLOTS, this.dated ? kept.day : kept.since?.map(s => Math.round((s - low) / this.step)), k => saidClock(this.dated ? Math.min(k * this.step, DAY - 60) : k * this.step, !this.dated));
    this.dates.box.hidden = days < 1;
    this.dates.show(0, Math.max(days, 1), kept.dates?.map(day => day - this.from), k => saidDate((this.from + k) * DAY));
  }

  heed() {
    if (this.dated) this.kept.day = this.day.value();
    else this.kept.since = this.day.reach(k => this.from + k * this.step);
    if (!this.dates.box.hidden) this.kept.dates = this.dates.reach(k => this.from + k);
    this.changed();
  }

  // What cannot be set now does not hold either.
  get days() { return this.dates.box.hidden ? null : this.kept.dates; }

  get active() { return Boolean(this.any && ((this.dated ? this.kept.day : this.kept.since) || this.days)); }

  // Whether what began at this second is to be seen; what has no time always is.
  takes(second) {
    const day = this.dated ? this.kept.day : this.kept.since, dates = this.days;
    if (second !== second) return true;
    if (dates) {
      const k = Math.floor(second / DAY);
      if (k < dates[0] || k > dates[1]) return false;
    }
    if (!day) return true;
    const at = this.dated ? second % DAY / this.step : second;
    return day[0] <= day[1] ? at >= day[0] && at <= day[1] : at >= day[0] || at <= day[1]; // over midnight
  }
}

// Two handles on one line; each says what it stands for. The handles may cross for a time of day: from 22:00 to 04:00.
class Span {
  constructor(parent, label, changed) {
    this.box = make("div", "span", parent);
    make("span", "label", this.box, { textContent: label });
    this.track = make("div", "track", this.box);
    this.fill = make("div", "fill", this.track);
    this.ends = ["from", "to"].map(which => {
      const one = make("input", which, this.track, { type: "range", step: "1" });
      one.setAttribute("aria-label", `${label}, ${which}`);
      one.addEventListener("input", () => { this.paint(); changed(); });
      return one;
    });
    this.said = make("span", "said", this.box);
  }

  show(low, high, kept, say) {
    this.high = high;
    this.say = say;
    this.ends.forEach((one, k) => {
      one.min = String(low);
      one.max = String(high);
      one.value = String(kept ? Math.min(Math.max(kept[k], low), high) : k ? high : low);
    });
    this.paint();
  }

  numbers() { return this.ends.map(one => Number(one.value)); }

  // null where everything is taken.
  value() {
    const [a, b] = this.numbers();
    return a === 0 && b === this.high ? null : [a, b];
  }

  // The same in what the handles stand for, without an end where a handle stands at its own; null where everything is taken.
  reach(meant) {
    const set = this.value();
    return set && [set[0] === 0 ? -Infinity : meant(set[0]), set[1] === this.high ? Infinity : meant(set[1])];
  }

  paint() {
    const [a, b] = this.numbers(), share = value => `${(100 * value / this.high).toFixed(2)}%`;
    this.fill.style.left = share(Math.min(a, b));
    this.fill.style.width = share(Math.abs(b - a));
    this.fill.classList.toggle("outside", a > b);
    this.ends.forEach((one, k) => one.setAttribute("aria-valuetext", this.say(k ? b : a)));
    this.said.textContent = a === 0 && b === this.high ? "any" : `${this.say(a)} to ${this.say(b)}`;
  }
}
