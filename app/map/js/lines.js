// Lines, many thousands of them: what is out of sight or too small is left out, the rest is stroked style by style in few strokes.
const CHUNK = 150; // lines in one stroke: fewer cost calls, more cost the rasteriser, which sorts all edges of a stroke

// hidden(i): lines that a filter takes away.
function drawLines(ctx, layer, view, look, hidden) {
  const { boxes, byStyle, middle, weights, back } = laid(layer);
  const t = view.of(layer), seen = view.seen(layer, 12), size = middle * view.k;
  const shift = layer.shift_px ? layer.shift_px * Math.min(1, size / 14) : 0;
  const pen = { ctx, t, shift: shift < 0.35 ? 0 : shift, xy: layer.xy, offsets: layer.offsets, weights, least: 0.45 / view.k };
  const thin = layer.n > 2000 ? Math.min(1, Math.max(0.5, Math.sqrt(size / 9))) : 1; // a whole town seen from afar is no blot
  const dots = size < 3 && layer.n > 2000 ? new Uint8Array(Math.ceil(view.width + 40) * Math.ceil(view.height + 40)) : null;
  const across = Math.ceil(view.width + 40), single = pen.shift ? 2 : size < 12 ? 0 : 1;
  for (let s = 0; s < layer.styles.length; s++) {
    const style = layer.styles[s], lines = byStyle[s];
    if (!lines.length || style.opacity <= 0) continue;
    const visible = [];
    for (let j = 0; j < lines.length; j++) {
      const i = lines[j], b = 4 * i;
      if (boxes[b] > seen[2] || boxes[b + 2] < seen[0] || boxes[b + 1] > seen[3] || boxes[b + 3] < seen[1]) continue;
      if (back[i] > single && !hidden) continue;
      if (hidden && hidden(i)) continue;
      if (dots && Math.max(boxes[b + 2] - boxes[b], boxes[b + 3] - boxes[b + 1]) * view.k < 1) {
        // Shorter than a pixel: only the first in its pixel is drawn, so that a road of such pieces does not vanish.
        const at = Math.round(boxes[b] * t.kx + t.ax + 20) + across * Math.round(boxes[b + 1] * t.ky + t.ay + 20);
        if (dots[at]) continue;
        dots[at] = 1;
      }
      visible.push(i);
    }
    if (!visible.length) continue;
    ctx.lineJoin = "round";
    ctx.lineCap = visible.length > 300 && size < 12 ? "butt" : "round";
    ctx.globalAlpha = style.opacity;
    const width = Math.max(style.width * thin, 0.5);
    if (style.halo) strokeLines(pen, visible, look.halo, width + HALO, null);
    strokeLines(pen, visible, look.colour(style.colour), width, style.dash ? DASH : null);
  }
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
  if (layer.arrows) drawArrows(ctx, layer, view, look, hidden);
}

function strokeLines(pen, lines, colour, width, dash) {
  const { ctx } = pen;
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash || []);
  ctx.beginPath();
  for (let j = 0; j < lines.length; j++) {
    if (pen.shift) traceShifted(pen, lines[j]);
    else trace(pen, lines[j]);
    if (j % CHUNK === CHUNK - 1) {
      ctx.stroke();
      ctx.beginPath();
    }
  }
  ctx.stroke();
}

// One line, without the vertices that would move it by less than half a pixel.
function trace({ ctx, t, xy, offsets, weights, least }, i) {
  const { kx, ky, ax, ay } = t, end = offsets[i + 1];
  let v = offsets[i];
  if (end - v < 2) return;
  ctx.moveTo(xy[2 * v] * kx + ax, xy[2 * v + 1] * ky + ay);
  for (v++; v < end; v++) if (!weights || weights[v] >= least) ctx.lineTo(xy[2 * v] * kx + ax, xy[2 * v + 1] * ky + ay);
}

// The same to the right of the line's own direction by some pixels. On the screen y runs down, so that right of (dx, dy) is (-dy, dx).
function traceShifted({ ctx, t, xy, offsets, shift }, i) {
  const { kx, ky, ax, ay } = t, first = offsets[i], end = offsets[i + 1];
  if (end - first < 2) return;
  for (let v = first; v < end; v++) {
    const a = Math.max(v - 1, first), b = Math.min(v + 1, end - 1);
    const dx = (xy[2 * b] - xy[2 * a]) * kx, dy = (xy[2 * b + 1] - xy[2 * a + 1]) * ky;
    const far = shift / (Math.hypot(dx, dy) || 1);
    const x = xy[2 * v] * kx + ax - dy * far, y = xy[2 * v + 1] * ky + ay + dx * far;
    if (v === first) ctx.moveTo(x, y); else ctx.lineTo(x, y);
  }
}

// Marks of direction along lines, some 70 pixels apart; the first in the middle of what is short.
function drawArrows(ctx, layer, view, look, hidden) {
  const { boxes, lengths } = laid(layer), t = view.of(layer), seen = view.seen(layer, 12);
  const { xy, offsets } = layer;
  for (let i = 0; i < layer.n; i++) {
    const b = 4 * i, pixels = lengths[i] * view.k;
    if (pixels < 16 || (hidden && hidden(i))) continue;
    if (boxes[b] > seen[2] || boxes[b + 2] < seen[0] || boxes[b + 1] > seen[3] || boxes[b + 3] < seen[1]) continue;
    const style = layer.styles[layer.style[i]], size = 3.2 + 1.1 * style.width;
    const every = Math.max(pixels / Math.max(Math.round(pixels / 70), 1), 16);
    let next = every / 2, along = 0;
    for (let v = offsets[i] + 1; v < offsets[i + 1]; v++) {
      const x0 = xy[2 * v - 2] * t.kx + t.ax, y0 = xy[2 * v - 1] * t.ky + t.ay;
      const dx = xy[2 * v] * t.kx + t.ax - x0, dy = xy[2 * v + 1] * t.ky + t.ay - y0, length = Math.hypot(dx, dy);
      for (; length > 0 && next <= along + length; next += every) {
        const share = (next - along) / length, x = x0 + share * dx, y = y0 + share * dy;
        if (x > -20 && y > -20 && x < view.width + 20 && y < view.height + 20) arrow(ctx, x, y, Math.atan2(dy, dx), size, look, style);
      }
      along += length;
    }
  }
}

function arrow(ctx, x, y, angle, size, look, style) {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(angle);
  ctx.beginPath();
  ctx.moveTo(size, 0);
  ctx.lineTo(-0.75 * size, 0.8 * size);
  ctx.lineTo(-0.35 * size, 0);
  ctx.lineTo(-0.75 * size, -0.8 * size);
  ctx.closePath();
  ctx.lineJoin = "round";
  ctx.lineWidth = 2.5;
  ctx.strokeStyle = look.halo;
  ctx.stroke();
  ctx.fillStyle = look.colour(style.colour);
  ctx.fill();
  ctx.restore();
}
