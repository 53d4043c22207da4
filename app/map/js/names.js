// Names along streets and labels beside marks: the most important first, and none over another nor on the selected track.
const SIZE = 11.5, AROUND = 6; // pixels: of a letter, and free around a name
const SQUARE = 24; // pixels: wider than two discs of a text and what is free around, so that only neighbouring squares matter
const CLEAR = ["selected", "worst", "likelier"]; // colours of lines that a map is about: no name stands on them, or they would seem broken
const MOST_CLEAR = 60; // lines of a layer that is kept clear
const ALONG = 7; // pixels from one disc to the next along such a line

class Placed {
  // kept: boxes [x0, y0, x1, y1] of what lies over the picture, under which no text shall be.
  constructor(view, kept = []) {
    this.view = view;
    this.kept = kept;
    this.across = Math.ceil(view.width / SQUARE) + 2;
    this.first = new Int32Array(this.across * (Math.ceil(view.height / SQUARE) + 2)).fill(-1); // of the discs of each square; then ``next``
    this.next = [];
    this.discs = []; // x, y, r
    this.lines = 0; // of the discs the first so many, which cover lines
    this.named = []; // x, y, width and angle of each name that was written
    this.crossed = false; // whether the text that found no room at last met such a line
  }

  // The lines of a layer that are to be seen whole are taken. Before anything else is.
  keepLines(layer) {
    if (layer?.kind !== "Lines" || layer.n > MOST_CLEAR || !layer.styles.some(one => CLEAR.includes(one.colour))) return;
    const t = this.view.of(layer), { xy, offsets } = layer;
    for (let i = 0; i < layer.n; i++) {
      const style = layer.styles[layer.style[i]];
      if (!style || !CLEAR.includes(style.colour)) continue;
      for (let v = offsets[i] + 1; v < offsets[i + 1]; v++) {
        this.keepSegment(xy[2 * v - 2] * t.kx + t.ax, xy[2 * v - 1] * t.ky + t.ay, xy[2 * v] * t.kx + t.ax, xy[2 * v + 1] * t.ky + t.ay,
          style.width / 2 - AROUND);
      }
    }
    this.lines = this.discs.length / 3;
  }

  // Only what is in sight of a segment: zoomed in far, one may be millions of pixels long.
  keepSegment(x, y, x1, y1, r) {
    const dx = x1 - x, dy = y1 - y, { width, height } = this.view;
    let from = 0, to = 1;
    for (const [p, q] of [[-dx, x], [dx, width - x], [-dy, y], [dy, height - y]]) { // Liang and Barsky (1984)
      if (p < 0) from = Math.max(from, q / p);
      else if (p > 0) to = Math.min(to, q / p);
      else if (!(q >= 0)) return;
    }
    if (!(from <= to)) return;
    const count = Math.max(1, Math.ceil((to - from) * Math.hypot(dx, dy) / ALONG));
    for (let k = 0; k <= count; k++) {
      const share = from + (to - from) * k / count;
      this.keep(x + share * dx, y + share * dy, r);
    }
  }

  // Whether a text of this width fits at (x, y), turned by angle; if so it is taken. It is covered by discs along its length.
  // onLines: it may lie on lines that are kept clear.
  takes(x, y, width, angle, onLines = false, height = SIZE) {
    const dx = Math.cos(angle), dy = Math.sin(angle), r = height * 0.75, half = Math.max(width / 2 - r / 2, 0);
    const count = Math.max(1, Math.ceil(2 * half / r));
    this.crossed = false;
    for (let k = 0; k <= count; k++) {
      const far = -half + 2 * half * k / count, a = x + far * dx, b = y + far * dy;
      if (a < 4 || b < 4 || a > this.view.width - 4 || b > this.view.height - 4 || this.meets(a, b, r, onLines)) return false;
    }
    for (let k = 0; k <= count; k++) {
      const far = -half + 2 * half * k / count;
      this.keep(x + far * dx, y + far * dy, r);
    }
    return true;
  }

  // Take a disc whatever else is there, where it is in sight.
  keep(x, y, r) {
    if (x < 0 || y < 0 || x > this.view.width || y > this.view.height) return;
    const { discs, next, first } = this, at = this.square(x, y);
    next.push(first[at]);
    first[at] = discs.length / 3;
    discs.push(x, y, r);
  }

  // Whether a disc lies over something kept, or too near to one that is taken. Thousands of names are tried: plain loops, no lists.
  meets(a, b, r, onLines) {
    const { kept, discs, next, first, across, lines } = this, at = this.square(a, b);
    for (let k = 0; k < kept.length; k++) {
      const box = kept[k];
      if (a + r > box[0] && a - r < box[2] && b + r > box[1] && b - r < box[3]) return true;
    }
    for (let row = at - across; row <= at + across; row += across) for (let s = row - 1; s <= row + 1; s++) {
      for (let d = first[s]; d >= 0; d = next[d]) {
        if (onLines && d < lines) break; // they were taken first, so that nothing else follows
        const p = a - discs[3 * d], q = b - discs[3 * d + 1], near = r + discs[3 * d + 2] + AROUND;
        if (near > 0 && p * p + q * q < near * near) {
          this.crossed = d < lines;
          return true;
        }
      }
    }
    return false;
  }

  square(x, y) { return Math.floor(x / SQUARE) + 1 + this.across * (Math.floor(y / SQUARE) + 1); }
}

const MOST_TRIED = 1500; // names in sight: beyond that the least ranks would find no room anyway

function drawNames(ctx, layer, view, look, placed) {
  layer.order ??= Uint32Array.from(layer.rank.keys()).sort((a, b) => layer.rank[b] - layer.rank[a] || a - b);
  const t = view.of(layer), seen = view.seen(layer, 0), { xy } = layer, written = new Map();
  ctx.font = `500 ${SIZE}px ${look.font}`;
  if (layer.measuredIn !== ctx.font) { layer.widths = new Float32Array(layer.texts.length); layer.measuredIn = ctx.font; }
  let tried = 0;
  for (const i of layer.order) {
    const x = xy[2 * i], y = xy[2 * i + 1], text = layer.texts[i];
    if (!(x >= seen[0] && y >= seen[1] && x <= seen[2] && y <= seen[3]) || !text) continue;
    if (++tried > MOST_TRIED) break;
    const px = x * t.kx + t.ax, py = y * t.ky + t.ay;
    const near = written.get(text); // a street's name once every 220 pixels
    if (near && near.some(([a, b]) => Math.hypot(a - px, b - py) < 220)) continue;
    const width = layer.widths[i] ||= measured(ctx, text), angle = upright(view.down * layer.angle[i]);
    const at = roomFor(placed, px, py, width, angle);
    if (!at) continue;
    placed.named.push([...at, width, angle]);
    if (near) near.push(at); else written.set(text, [at]);
    write(ctx, text, ...at, angle, look.colour(layer.colour), look);
  }
}

// Where a name finds room: in the middle of its thing, or beside it where a line that is kept clear runs there.
const BESIDE_LINE = 15.5; // pixels: room for half the letters and half the widest such line
function roomFor(placed, x, y, width, angle) {
  if (placed.takes(x, y, width, angle)) return [x, y];
  if (!placed.crossed) return null;
  for (const off of [-BESIDE_LINE, BESIDE_LINE]) {
    const a = x - off * Math.sin(angle), b = y + off * Math.cos(angle);
    if (placed.takes(a, b, width, angle)) return [a, b];
  }
  return null;
}

// Anticlockwise in the world is clockwise negative on the screen; a name never stands on its head.
function upright(angle) {
  let a = angle % Math.PI;
  if (a > Math.PI / 2) a -= Math.PI;
  if (a <= -Math.PI / 2) a += Math.PI;
  return a;
}

function measured(ctx, text) {
  here.widths ??= new Map();
  const key = ctx.font + text;
  let width = here.widths.get(key);
  if (width === undefined) {
    if (here.widths.size > 20000) here.widths.clear();
    here.widths.set(key, width = ctx.measureText(text).width);
  }
  return width;
}

// Drawn once as a small picture, twice as fine as the screen since it is turned: to stroke the rim of letters takes long.
const FINE = 2;
function write(ctx, text, x, y, angle, colour, look) {
  const dpr = window.devicePixelRatio || 1, scale = angle ? FINE * dpr : dpr;
  const key = [text, colour, look.halo, ctx.font, scale].join("|");
  here.sprites ??= new Map();
  let one = here.sprites.get(key);
  if (!one) {
    if (here.sprites.size > 1500) here.sprites.clear();
    here.sprites.set(key, one = sprite(text, measured(ctx, text), ctx.font, colour, look.halo, scale));
  }
  const wide = one.width / scale, high = one.height / scale;
  ctx.save();
  if (angle) {
    ctx.translate(x, y);
    ctx.rotate(angle);
    ctx.drawImage(one, -wide / 2, -high / 2, wide, high);
  } else { // to whole pixels, or it blurs
    ctx.drawImage(one, Math.round((x - wide / 2) * dpr) / dpr, Math.round((y - high / 2) * dpr) / dpr, wide, high);
  }
  ctx.restore();
}

function sprite(text, width, font, colour, halo, scale) {
  const canvas = document.createElement("canvas"), high = SIZE + 9;
  canvas.width = Math.ceil((width + 8) * scale);
  canvas.height = Math.ceil(high * scale);
  const ctx = canvas.getContext("2d");
  ctx.scale(scale, scale);
  ctx.font = font;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3;
  ctx.strokeStyle = halo;
  ctx.strokeText(text, canvas.width / scale / 2, high / 2 + 0.5);
  ctx.fillStyle = colour;
  ctx.fillText(text, canvas.width / scale / 2, high / 2 + 0.5);
  return canvas;
}

// Beside the mark where there is room: right, left, above, below, aslant. No label lies over another mark that has one.
const ASLANT = 0.72, LEANS = 10; // of the radius; pixels by which a label may come nearer to a mark than to another label
function drawLabels(ctx, layer, view, look, placed) {
  if (!layer.labels || !layer.labels.length) return;
  const t = view.of(layer);
  ctx.font = `600 ${SIZE}px ${look.font}`;
  const at = i => [layer.xy[2 * i] * t.kx + t.ax, layer.xy[2 * i + 1] * t.ky + t.ay];
  for (let i = 0; i < layer.n; i++) if (layer.labels[i]) placed.keep(...at(i), layer.radius[i] - LEANS);
  for (let i = 0; i < layer.n; i++) {
    const text = layer.labels[i];
    if (!text) continue;
    const [x, y] = at(i), r = layer.radius[i] + 5, width = measured(ctx, text), half = width / 2, d = ASLANT * r;
    const sides = [[x + r + half, y], [x - r - half, y], [x, y - r - 6], [x, y + r + 6], [x + d + half, y - d - 4],
      [x - d - half, y - d - 4], [x + d + half, y + d + 4], [x - d - half, y + d + 4]];
    const spot = sides.find(one => placed.takes(...one, width, 0)) ?? sides.find(one => placed.takes(...one, width, 0, true));
    if (spot) write(ctx, text, ...spot, 0, look.text, look);
  }
}
