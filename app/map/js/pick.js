// What lies under the pointer. Segments stand in a uniform grid, built when a layer is first asked and kept with it.
const REACH = 7; // pixels
const ROUNDED = 1e-6; // of a cell

function pickable(layer) {
  return layer.n > 0 && layer.kind !== "Names" && layer.kind !== "Moves" && (layer.picks !== "" || layer.texts?.length || layer.ids?.length);
}

// Segments as (start vertex) lists by cell of a grid over the layer, in one array with the beginnings of the cells (CSR). A segment stands in
// the cells that it passes, not in all of its box, and cells are no smaller than an eighth of the mean segment, so that a segment stands in
// about ten at most on average, however long some are.
function gridOf(layer) {
  if (layer.grid) return layer.grid;
  const { xy, n, offsets } = layer, lines = layer.kind === "Lines";
  const starts = [], owners = [];
  for (let i = 0; i < n; i++) {
    if (!lines) { starts.push(i); owners.push(i); continue; }
    for (let v = offsets[i]; v < offsets[i + 1] - 1; v++) { starts.push(v); owners.push(i); }
  }
  let x0 = Infinity, y0 = Infinity, x1 = -Infinity, y1 = -Infinity;
  for (let v = 0; v < xy.length; v += 2) {
    if (xy[v] < x0) x0 = xy[v];
    if (xy[v] > x1) x1 = xy[v];
    if (xy[v + 1] < y0) y0 = xy[v + 1];
    if (xy[v + 1] > y1) y1 = xy[v + 1];
  }
  let length = 0, whole = 0; // across and down together, of segments that have both ends
  if (lines) for (const s of starts) {
    const far = Math.abs(xy[2 * s + 2] - xy[2 * s]) + Math.abs(xy[2 * s + 3] - xy[2 * s + 1]);
    if (far === far) { length += far; whole++; }
  }
  const side = Math.max(length / Math.max(8 * whole, 1), Math.sqrt(Math.max((x1 - x0) * (y1 - y0), 1e-12) / Math.max(starts.length, 1)) * 1.5, Math.max(x1 - x0, y1 - y0) / 1024, 1e-9);
  const across = Math.floor((x1 - x0) / side) + 1, down = Math.floor((y1 - y0) / side) + 1;
  const each = visit => {
    for (let s = 0; s < starts.length; s++) {
      const a = 2 * starts[s], b = lines ? a + 2 : a;
      const [p, q] = xy[a] <= xy[b] ? [a, b] : [b, a]; // from left to right
      const px = (xy[p] - x0) / side, py = (xy[p + 1] - y0) / side, qx = (xy[q] - x0) / side, qy = (xy[q + 1] - y0) / side;
      const c0 = Math.floor(px), c1 = Math.floor(qx), low = Math.floor(Math.min(py, qy)), high = Math.floor(Math.max(py, qy));
      for (let c = c0; c <= c1; c++) { // none where a coordinate is missing
        const from = c === c0 ? py : py + (c - px) * (qy - py) / (qx - px), to = c === c1 ? qy : py + (c + 1 - px) * (qy - py) / (qx - px);
        const r0 = Math.max(Math.floor(Math.min(from, to) - ROUNDED), low), r1 = Math.min(Math.floor(Math.max(from, to) + ROUNDED), high);
        for (let r = r0; r <= r1; r++) visit(r * across + c, s);
      }
    }
  };
  const begin = new Uint32Array(across * down + 1);
  each(cell => begin[cell + 1]++);
  for (let c = 0; c < across * down; c++) begin[c + 1] += begin[c];
  const held = new Uint32Array(begin[across * down]), at = begin.slice();
  each((cell, s) => { held[at[cell]++] = s; });
  return layer.grid = { x0, y0, side, across, down, begin, held, starts: Uint32Array.from(starts), owners: Uint32Array.from(owners), lines };
}

// The thing of a layer nearest to (px, py) of the screen: { i, far } in pixels, or null.
function nearest(layer, view, px, py, hidden) {
  const [wx, wy] = view.world(px, py), x = wx - layer.origin[0], y = wy - layer.origin[1];
  if (layer.kind === "Areas") return inAreas(layer, x, y);
  if (layer.kind === "Cells") return inCells(layer, x, y);
  const g = gridOf(layer), dots = layer.kind === "Dots";
  let most = REACH + layer.shift_px || REACH;
  if (dots) for (let i = 0; i < Math.min(layer.n, 500); i++) most = Math.max(most, layer.radius[i] + 3);
  const reach = most / view.k, { xy } = layer;
  const cut = (v, last) => Math.min(Math.max(v, 0), last);
  const c0 = cut(Math.floor((x - reach - g.x0) / g.side), g.across - 1), c1 = cut(Math.floor((x + reach - g.x0) / g.side), g.across - 1);
  const r0 = cut(Math.floor((y - reach - g.y0) / g.side), g.down - 1), r1 = cut(Math.floor((y + reach - g.y0) / g.side), g.down - 1);
  const shift = layer.shift_px ? layer.shift_px * Math.min(1, laid(layer).middle * view.k / 14) / view.k : 0;
  let best = -1, least = Infinity;
  for (let r = r0; r <= r1; r++) for (let c = c0; c <= c1; c++) {
    const cell = r * g.across + c;
    for (let h = g.begin[cell]; h < g.begin[cell + 1]; h++) {
      const s = g.held[h], i = g.owners[s], a = 2 * g.starts[s];
      if (hidden && hidden(i)) continue;
      let far;
      if (g.lines) far = toSegment(x, y, xy[a], xy[a + 1], xy[a + 2], xy[a + 3], shift, view.down);
      else far = Math.max(Math.hypot(x - xy[a], y - xy[a + 1]) - (dots ? layer.radius[i] : 0) / view.k, 0);
      if (far < least || (far === least && i > best)) { least = far; best = i; }
    }
  }
  return best >= 0 && least * view.k <= REACH ? { i: best, far: least * view.k } : null;
}

// Distance to a segment that is drawn ``shift`` to the right of its direction (right as seen: y runs up in the world, or down).
function toSegment(x, y, x0, y0, x1, y1, shift, down) {
  const dx = x1 - x0, dy = y1 - y0;
  const length = Math.hypot(dx, dy);
  if (shift && length) {
    x0 -= down * shift * dy / length;
    y0 += down * shift * dx / length;
  }
  const share = length ? Math.min(Math.max(((x - x0) * dx + (y - y0) * dy) / (length * length), 0), 1) : 0;
  return Math.hypot(x - x0 - share * dx, y - y0 - share * dy);
}

function inAreas(layer, x, y) {
  const { boxes } = laid(layer), { xy, offsets } = layer;
  for (let i = layer.n - 1; i >= 0; i--) {
    const b = 4 * i;
    if (x < boxes[b] || y < boxes[b + 1] || x > boxes[b + 2] || y > boxes[b + 3]) continue;
    let inside = false;
    for (let v = offsets[i], w = offsets[i + 1] - 1; v < offsets[i + 1]; w = v++) {
      const ay = xy[2 * v + 1], by = xy[2 * w + 1];
      if ((ay > y) !== (by > y) && x < (xy[2 * w] - xy[2 * v]) * (y - ay) / (by - ay) + xy[2 * v]) inside = !inside;
    }
    if (inside) return { i, far: 0 };
  }
  return null;
}

function inCells(layer, x, y) {
  const { xy, cell } = layer;
  if (!layer.places) {
    layer.places = new Map();
    for (let i = 0; i < layer.n; i++) layer.places.set(`${Math.round((xy[2 * i] - xy[0]) / cell)},${Math.round((xy[2 * i + 1] - xy[1]) / cell)}`, i);
  }
  const i = layer.places.get(`${Math.round((x - xy[0]) / cell)},${Math.round((y - xy[1]) / cell)}`);
  return i === undefined ? null : { i, far: 0 };
}

// The highest layer with something there; what can be clicked goes before what only tells.
function under(layers, view, px, py, hiddenOf) {
  let told = null;
  for (let l = layers.length - 1; l >= 0; l--) {
    const layer = layers[l];
    if (!layer || !pickable(layer)) continue;
    const hit = nearest(layer, view, px, py, hiddenOf(layer));
    if (!hit) continue;
    const found = { layer, i: hit.i, id: layer.ids?.[hit.i] ?? "", text: layer.texts?.[hit.i] ?? "" };
    if (layer.picks) return found;
    told ??= found;
  }
  return told;
}
