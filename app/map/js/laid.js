// How the lines of a layer lie, worked out once a layer: the box and the length of each, which have which style, which vertices matter at
// which zoom, and which lines are another one's way back.
function laid(layer) {
  if (layer.laid) return layer.laid;
  const { xy, offsets, n, style } = layer;
  const boxes = new Float32Array(4 * n), lengths = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    let x0 = Infinity, y0 = Infinity, x1 = -Infinity, y1 = -Infinity, length = 0;
    for (let v = offsets[i]; v < offsets[i + 1]; v++) {
      const x = xy[2 * v], y = xy[2 * v + 1];
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      if (y > y1) y1 = y;
      if (v > offsets[i]) length += Math.hypot(x - xy[2 * v - 2], y - xy[2 * v - 1]) || 0;
    }
    const b = 4 * i;
    boxes[b] = x0;
    boxes[b + 1] = y0;
    boxes[b + 2] = x1;
    boxes[b + 3] = y1;
    lengths[i] = length;
  }
  const sorted = lengths.slice().sort();
  return layer.laid = { boxes, lengths, middle: n ? sorted[n >> 1] : 0, byStyle: byStyle(style, n, layer.styles.length),
    weights: layer.kind === "Lines" ? weightsOf(layer) : null, back: layer.kind === "Lines" ? backOf(layer) : null };
}

function byStyle(style, n, styles) {
  const counts = new Uint32Array(styles);
  for (let i = 0; i < n; i++) if (style[i] < styles) counts[style[i]]++;
  const found = Array.from(counts, count => new Uint32Array(count)), at = new Uint32Array(styles);
  for (let i = 0; i < n; i++) if (style[i] < styles) found[style[i]][at[style[i]]++] = i;
  return found;
}

// How far the line would move (in the world's units) if a vertex were left out, after Douglas and Peucker (1973): a picture leaves out those
// that would move it by less than half a pixel. Ends weigh infinitely. A vertex weighs no more than those it depends on.
function weightsOf({ xy, offsets, n }) {
  const weights = new Float32Array(xy.length / 2), stack = [];
  for (let i = 0; i < n; i++) {
    const first = offsets[i], last = offsets[i + 1] - 1;
    if (last < first) continue;
    weights[first] = weights[last] = Infinity;
    stack.push(first, last, Infinity);
    while (stack.length) {
      const most = stack.pop(), b = stack.pop(), a = stack.pop();
      if (b - a < 2) continue;
      const x = xy[2 * a], y = xy[2 * a + 1], dx = xy[2 * b] - x, dy = xy[2 * b + 1] - y, square = dx * dx + dy * dy;
      let far = -1, at = a + 1;
      for (let v = a + 1; v < b; v++) {
        const px = xy[2 * v] - x, py = xy[2 * v + 1] - y;
        const share = square ? Math.min(Math.max((px * dx + py * dy) / square, 0), 1) : 0;
        const d = (px - share * dx) ** 2 + (py - share * dy) ** 2;
        if (d > far) { far = d; at = v; }
      }
      const weight = Math.min(Math.sqrt(Math.max(far, 0)), most);
      weights[at] = weight;
      stack.push(a, at, weight, at, b, weight);
    }
  }
  return weights;
}

// 2 for a line that is an earlier one of the same style the other way round, 1 where it only has the same ends: from afar the two lie on each
// other.
function backOf({ xy, offsets, n, style }) {
  const back = new Uint8Array(n), seen = new Map();
  const way = (i, a, b) => `${xy[a]},${xy[a + 1]},${xy[b]},${xy[b + 1]},${style[i]}`;
  for (let i = 0; i < n; i++) {
    const a = 2 * offsets[i], b = 2 * offsets[i + 1] - 2;
    if (b <= a) continue;
    const j = seen.get(way(i, b, a));
    if (j === undefined) { seen.set(way(i, a, b), i); continue; }
    const c = 2 * offsets[j];
    let same = 2 * offsets[j + 1] - 2 - c === b - a;
    for (let v = 0; same && v <= b - a; v += 2) same = xy[a + v] === xy[c + b - a - v] && xy[a + v + 1] === xy[c + b - a - v + 1];
    back[i] = same ? 2 : 1;
  }
  return back;
}
