// Small parts around the picture: elements, icons, scale bar, north mark, tooltip.
function make(tag, name, parent, set = {}) {
  const one = Object.assign(document.createElement(tag), set);
  if (name) one.className = name;
  parent?.append(one);
  return one;
}

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  move: "M9 3.5v9.2M9 4.6a1.3 1.3 0 0 1 2.6 0V11m0-4.2a1.3 1.3 0 0 1 2.6 0V11m0-2.6a1.3 1.3 0 0 1 2.6 0v5.2c0 3-2 5.4-5.2 5.4-2.3 0-3.6-1-4.8-3l-2-3.6a1.3 1.3 0 0 1 2.2-1.4L9 12.7V4.6",
  lasso: "M12 5c4.4 0 8 2 8 4.8s-3.6 4.7-8 4.7-8-2-8-4.7S7.6 5 12 5M7.5 14.2c-1.6.3-2.3 1.3-2 2.2.4 1.2 2.3 1 2.6-.2.3-1-.5-1.8-1.3-2.1M6.8 17.6c.6 1.2.4 2-.6 2.9",
  polygon: "M5 8.5 12.5 4 20 9.5 17 19 7 17.5ZM5 8.5h.01M12.5 4h.01M20 9.5h.01M17 19h.01M7 17.5h.01",
  rectangle: "M5 6.5h14v11H5Z",
  nearer: "M12 6v12M6 12h12",
  farther: "M6 12h12",
  whole: "M5 9V5h4M15 5h4v4M19 15v4h-4M9 19H5v-4",
  play: "M8.5 6v12l9.5-6Z",
  pause: "M9 6v12M15 6v12",
  trail: "M4 18c3-1 4-4 6-7s4-4.5 6-4.800M16.2 6.200a1.9 1.9 0 1 0 3.8 0a1.9 1.9 0 1 0-3.8 0",
  who: "M9 11a3.2 3.2 0 1 0-.01 0M3.5 19c0-3 2.4-5 5.5-5s5.5 2 5.5 5M15.5 10.800a2.8 2.8 0 1 0-1-5.300M16.5 14.300c2.4.4 4 2.2 4 4.7",
  order: "M12 4.500a7.5 7.5 0 1 0 .01 0M12 8v4.300l3 2",
  sieve: "M4 5.500h16l-6.3 7.200v5.300l-3.4 1.500v-6.800Z",
  keys: "M5 7h3M11 7h8M5 12h3M11 12h8M5 17h3M11 17h8",
};

function icon(name) {
  const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function button(parent, name, label, act) {
  const one = make("button", "tool", parent, { type: "button", title: label });
  one.setAttribute("aria-label", label);
  one.dataset.act = name;
  one.append(icon(name));
  one.addEventListener("click", event => { event.stopPropagation(); act(); });
  return one;
}

// 1, 2 or 5 times a power of ten that takes at most ``most`` pixels.
function scaleStep(k, most) {
  const units = most / k, power = 10 ** Math.floor(Math.log10(units));
  const step = [5, 2, 1].find(one => one * power <= units * (1 + 1e-9)) * power;
  return { step, pixels: step * k };
}

function saidLength(step, unit) {
  const round = value => Number(value.toPrecision(6)).toLocaleString("en");
  if (unit === "m") return step >= 1000 ? `${round(step / 1000)} km` : step < 0.01 ? `${round(step * 1000)} mm` : step < 1 ? `${round(step * 100)} cm` : `${round(step)} m`;
  return `${round(step)} ${unit}`.trim();
}

class Furniture {
  constructor(box) {
    this.corner = make("div", "corner", box);
    this.north = make("div", "north", this.corner);
    this.north.append(arrowUp(), make("span", "", null, { textContent: "N" }));
    this.bar = make("div", "scale", this.corner);
    this.line = make("div", "line", this.bar);
    this.said = make("div", "said", this.bar);
    this.tip = make("div", "tip", box, { hidden: true });
    this.tipName = make("b", "", this.tip);
    this.tipText = make("span", "", this.tip);
  }

  update(view, scene) {
    this.north.hidden = scene.y_down;
    const { step, pixels } = scaleStep(view.k, Math.min(120, view.width / 4));
    const said = saidLength(step, scene.unit);
    if (this.said.textContent !== said) this.said.textContent = said;
    this.line.style.width = `${pixels.toFixed(1)}px`;
  }

  // Beside the pointer, within the picture. Texts are texts: never html.
  point(hit, x, y, view) {
    const name = hit ? hit.id : "", text = hit ? hit.text : "";
    this.tip.hidden = !name && !text;
    if (this.tip.hidden) return;
    this.tipName.textContent = text && (text.includes(name) || hit.layer.picks === "place") ? "" : name; // a place's id is a bare number
    this.tipText.textContent = text;
    const { offsetWidth: w, offsetHeight: h } = this.tip;
    const left = x + 14 + w > view.width ? x - 12 - w : x + 14, top = y + 16 + h > view.height ? y - 10 - h : y + 16;
    this.tip.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  }
}

function arrowUp() {
  const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 12 14");
  path.setAttribute("d", "M6 1 10.5 13 6 10 1.5 13Z");
  svg.append(path);
  return svg;
}
