// Areas, cells and marks.
function drawAreas(ctx, layer, view, look) {
  const { boxes, byStyle } = laid(layer), t = view.of(layer), seen = view.seen(layer, 8);
  for (let s = 0; s < layer.styles.length; s++) {
    const style = layer.styles[s], colour = look.colour(style.colour);
    ctx.beginPath();
    for (const i of byStyle[s]) {
      const b = 4 * i;
      if (boxes[b] > seen[2] || boxes[b + 2] < seen[0] || boxes[b + 1] > seen[3] || boxes[b + 3] < seen[1]) continue;
      trace({ ctx, t, xy: layer.xy, offsets: layer.offsets }, i);
      ctx.closePath();
    }
    ctx.globalAlpha = style.opacity;
    ctx.fillStyle = colour;
    ctx.fill();
    if (style.width > 0) {
      ctx.globalAlpha = Math.min(1, style.opacity + 0.55);
      ctx.lineJoin = "round";
      ctx.setLineDash(style.dash ? DASH : []);
      if (style.halo) {
        ctx.strokeStyle = look.halo;
        ctx.lineWidth = style.width + HALO;
        ctx.stroke();
      }
      ctx.strokeStyle = colour;
      ctx.lineWidth = style.width;
      ctx.stroke();
    }
  }
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
}

// Squares, drawn to whole pixels so that no seams are seen between them.
function drawCells(ctx, layer, view, look, dpr) {
  const t = view.of(layer), seen = view.seen(layer, 2), half = layer.cell / 2, { xy } = layer;
  layer.byStyle ??= byStyle(layer.style, layer.n, layer.styles.length);
  const whole = p => Math.round(p * dpr) / dpr, r = half * view.k, gap = r > 7 ? 0.5 : 0;
  for (let s = 0; s < layer.styles.length; s++) {
    const style = layer.styles[s];
    ctx.globalAlpha = style.opacity;
    ctx.fillStyle = look.colour(style.colour);
    for (const i of layer.byStyle[s]) {
      const x = xy[2 * i], y = xy[2 * i + 1];
      if (x + half < seen[0] || x - half > seen[2] || y + half < seen[1] || y - half > seen[3]) continue;
      const px = x * t.kx + t.ax, py = y * t.ky + t.ay, left = whole(px - r), top = whole(py - r);
      ctx.fillRect(left, top, Math.max(whole(px + r) - left - gap, 1 / dpr), Math.max(whole(py + r) - top - gap, 1 / dpr));
    }
  }
  ctx.globalAlpha = 1;
}

function drawDots(ctx, layer, view, look) {
  const t = view.of(layer), { xy } = layer;
  for (let i = 0; i < layer.n; i++) {
    const x = xy[2 * i] * t.kx + t.ax, y = xy[2 * i + 1] * t.ky + t.ay, r = layer.radius[i];
    if (x < -r - 4 || y < -r - 4 || x > view.width + r + 4 || y > view.height + r + 4) continue;
    const style = layer.styles[layer.style[i]];
    mark(ctx, layer.symbol, x, y, r, style, look);
  }
  ctx.globalAlpha = 1;
}

// A mark on the map or in the legend. A ring is open, all others are filled; a rim in the page's colour sets them apart from lines.
function mark(ctx, symbol, x, y, r, style, look) {
  const colour = look.colour(style.colour);
  ctx.globalAlpha = style.opacity;
  ctx.setLineDash([]);
  ctx.beginPath();
  outline(ctx, symbol, x, y, r);
  if (symbol === "ring") {
    if (style.halo) {
      ctx.strokeStyle = look.halo;
      ctx.lineWidth = style.width + 2.5;
      ctx.stroke();
    }
    ctx.strokeStyle = colour;
    ctx.lineWidth = style.width;
    ctx.stroke();
    return;
  }
  if (style.halo && r > 1.5) {
    ctx.strokeStyle = look.halo;
    ctx.lineWidth = 3;
    ctx.lineJoin = "round";
    ctx.stroke();
  }
  ctx.fillStyle = colour;
  ctx.fill();
}

function outline(ctx, symbol, x, y, r) {
  if (symbol === "square") ctx.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
  else if (symbol === "diamond" || symbol === "star") {
    const points = symbol === "star" ? 10 : 4;
    for (let p = 0; p < points; p++) {
      const angle = -Math.PI / 2 + p * 2 * Math.PI / points, far = symbol === "star" ? (p % 2 ? 0.5 : 1.15) * r : 1.2 * r;
      if (p) ctx.lineTo(x + far * Math.cos(angle), y + far * Math.sin(angle));
      else ctx.moveTo(x + far * Math.cos(angle), y + far * Math.sin(angle));
    }
    ctx.closePath();
  } else {
    ctx.moveTo(x + r, y);
    ctx.arc(x, y, r, 0, 2 * Math.PI);
  }
}
