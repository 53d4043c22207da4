// A histogram of gaps on a logarithmic axis, with the cut as a handle: dragged, clicked to, or moved by the arrow keys.
const W = 480, H = 116, TOP = 12, BASE = 94, SVG = "http://www.w3.org/2000/svg";
const TIMES = [[0.001, "1 ms"], [0.01, "10 ms"], [0.1, "0.1 s"], [1, "1 s"], [10, "10 s"], [60, "1 min"], [600, "10 min"], [3600, "1 h"],
  [21600, "6 h"], [86400, "1 day"], [604800, "7 days"], [2592000, "30 days"], [31536000, "1 year"], [315360000, "10 years"]];
const BETWEEN = [2, 5, 20, 30, 120, 300, 1200, 1800, 7200, 10800, 43200, 172800, 259200, 1209600, 7776000, 15552000]; // where the axis is short
const SETTLED = 350; // ms without a key, until the server hears of it

function make(name, parent, more = {}) {
  const one = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(more)) one.setAttribute(key, String(value));
  parent.append(one);
  return one;
}

function number(value) {
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumSignificantDigits: 3 });
}

function said(value, unit) {
  if (unit === "m" && value >= 1000) return `${number(value / 1000)} km`;
  if (unit !== "s") return `${number(value)} ${unit}`;
  for (const [size, name] of [[86400, "days"], [3600, "h"], [60, "min"]]) if (value >= 2 * size) return `${number(value / size)} ${name}`;
  return `${number(value)} s`;
}

// The round values of the axis; those between them too, where there are but a few.
function ticks(low, high, unit) {
  const inside = all => all.map(([value, text]) => [Math.log10(value), text]).filter(([at]) => at >= low && at <= high);
  const named = values => values.map(value => [value, said(value, unit)]), tens = Array.from({ length: 31 }, (_, k) => 10 ** (k - 12));
  const round = inside(unit === "s" ? TIMES : named(tens));
  if (round.length > 2) return round;
  return [...round, ...inside(named(unit === "s" ? BETWEEN : tens.flatMap(one => [2 * one, 5 * one])))];
}

class Gaps {
  constructor(parent) {
    this.root = document.createElement("div");
    this.root.className = "gaps";
    parent.append(this.root);
    const title = document.createElement("div");
    title.className = "title";
    this.label = document.createElement("span");
    this.now = document.createElement("span");
    this.now.className = "now";
    title.append(this.label, this.now);
    this.svg = make("svg", this.root, { role: "group" });
    this.root.prepend(title);
    this.svg.addEventListener("pointerdown", event => this.down(event));
    this.svg.addEventListener("pointermove", event => { if (this.held) this.move(this.valueAt(event)); });
    for (const name of ["pointerup", "pointercancel"]) this.svg.addEventListener(name, () => this.up());
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.root);
  }

  update({ data, setTriggerValue }) {
    this.tell = value => setTriggerValue("cut", value);
    const same = this.data && JSON.stringify(this.data) === JSON.stringify(data);
    this.data = data;
    if (this.held || this.waits) return; // what is in hand counts, and the server will hear of it
    this.cut = data.cut;
    if (!same || !this.handle) this.draw();
  }

  // The whole width of the element is the axis, so that a wide page has a wide picture and letters keep their size.
  draw() {
    if (!this.data) return;
    const { low, high, counts, unit, label } = this.data, width = Math.max(this.root.clientWidth || W, 120);
    const focused = this.svg.getRootNode().activeElement === this.handle && this.handle;
    this.width = width;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${H}`);
    this.svg.setAttribute("aria-label", `${label}: a histogram, bars on a logarithmic scale`);
    this.svg.replaceChildren();
    this.label.textContent = label;
    const most = Math.log1p(Math.max(...counts)), step = width / counts.length;
    this.bars = counts.map((many, k) => {
      const tall = many ? Math.max(3, (BASE - TOP) * Math.log1p(many) / most) : 0;
      return make("rect", this.svg, { x: (k * step).toFixed(2), y: (BASE - tall).toFixed(2), width: Math.max(1, step - 1).toFixed(2), height: tall.toFixed(2) });
    });
    make("line", this.svg, { class: "axis", x1: 0, x2: width, y1: BASE, y2: BASE });
    const taken = [];
    for (const [at, text] of ticks(low, high, unit)) {
      const x = (at - low) / (high - low) * width, half = 3.2 * text.length;
      if (taken.some(([a, b]) => x - half < b && x + half > a) || x - half < -4 || x + half > width + 4) continue;
      make("line", this.svg, { class: "axis", x1: x, x2: x, y1: BASE, y2: BASE + 4 });
      make("text", this.svg, { x, y: BASE + 16, "text-anchor": "middle" }).textContent = text;
      taken.push([x - half - 6, x + half + 6]);
    }
    this.handle = make("g", this.svg, { class: "handle", role: "slider", tabindex: 0, "aria-orientation": "horizontal" });
    make("line", this.handle, { class: "line", x1: 0, x2: 0, y1: 6, y2: BASE });
    make("circle", this.handle, { class: "grip", cx: 0, cy: 7, r: 6 });
    this.handle.addEventListener("keydown", event => this.key(event));
    this.place();
    if (focused) this.handle.focus();
  }

  // Without a cut the handle waits at the right end, where no gap is longer.
  place() {
    const { low, high, counts, unit, label, of } = this.data, none = !(this.cut > 0);
    const at = none ? high : Math.min(Math.max(Math.log10(this.cut), low), high), x = (at - low) / (high - low) * this.width;
    const step = (high - low) / counts.length;
    let longer = 0;
    counts.forEach((many, k) => {
      const beyond = !none && low + (k + 0.5) * step > at;
      if (beyond) longer += many;
      this.bars[k].setAttribute("class", beyond ? "cut" : "kept");
    });
    this.handle.setAttribute("transform", `translate(${x.toFixed(2)} 0)`);
    this.handle.classList.toggle("none", none);
    const text = none ? "no cut" : `${said(this.cut, unit)}: about ${longer.toLocaleString("en")} of ${of.toLocaleString("en")} longer`;
    this.now.textContent = text;
    for (const [key, value] of Object.entries({ label: `${label}, cut`, valuemin: 10 ** low, valuemax: 10 ** high, valuenow: none ? 10 ** high : this.cut, valuetext: text })) {
      this.handle.setAttribute(`aria-${key}`, String(value));
    }
  }

  valueAt(event) {
    const box = this.svg.getBoundingClientRect();
    return this.rounded((event.clientX - box.left) / Math.max(box.width, 1));
  }

  // A number with two digits, or none at the right end.
  rounded(share) {
    const { low, high } = this.data;
    if (share >= 0.995) return 0;
    return Number((10 ** (low + Math.max(share, 0) * (high - low))).toPrecision(2));
  }

  down(event) {
    if (event.button !== 0) return;
    this.held = true;
    this.svg.setPointerCapture(event.pointerId);
    this.handle.focus({ preventScroll: true });
    event.preventDefault();
    this.move(this.valueAt(event));
  }

  move(value) { this.cut = value; this.place(); }

  up() {
    if (!this.held) return;
    this.held = false;
    this.send();
  }

  send() {
    clearTimeout(this.waits);
    this.waits = null;
    if (this.cut !== this.data.cut) this.tell(this.cut);
  }

  key(event) {
    const { low, high, counts } = this.data, bins = counts.length;
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 8, PageDown: -8, Home: -Infinity, End: Infinity,
      Delete: Infinity, Backspace: Infinity }[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const now = this.cut > 0 ? (Math.log10(this.cut) - low) / (high - low) : 1;
    let value = this.rounded(Math.min(Math.max(now + by / bins, 0), 1));
    if (value === this.cut && Number.isFinite(by)) value = this.rounded(Math.min(Math.max(now + 3 * by / bins, 0), 1)); // two digits were too few
    this.move(value);
    clearTimeout(this.waits);
    this.waits = setTimeout(() => this.send(), SETTLED);
  }

  gone() {
    clearTimeout(this.waits);
    this.sizes.disconnect();
    this.root.remove();
  }
}

export default component => {
  const parent = component.parentElement;
  parent.motiveGaps ??= new Gaps(parent);
  parent.motiveGaps.update(component);
  return () => { parent.motiveGaps?.gone(); parent.motiveGaps = undefined; };
};
