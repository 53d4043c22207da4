// Tracks in time: where each is at a moment, with a trail behind it. Plain arithmetic on the arrays of a Moves layer.
const DAY = 86400, CALENDAR = 366 * DAY; // seconds; what is later than a year is a date, what is earlier is time since a start

class Motion {
  constructor(layer) {
    this.layer = layer;
    const { n, offsets, t, t0 } = layer;
    this.begin = new Float64Array(n);
    this.end = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const some = offsets[i + 1] > offsets[i];
      this.begin[i] = some ? t[offsets[i]] : 0;
      this.end[i] = some ? t[offsets[i + 1] - 1] : -1;
    }
    this.timed = layer.timed;
    this.dated = layer.timed && t0 > CALENDAR;
    this.last = n ? Math.max(0, ...this.end) : 0; // seconds after t0
    this.longest = 0;
    for (let i = 0; i < n; i++) this.longest = Math.max(this.longest, this.end[i] - this.begin[i]);
  }

  // The last vertex of track i at or before time s, and the share of the way to the next; null where it is not under way.
  at(i, s) {
    const { offsets, t } = this.layer;
    let a = offsets[i], b = offsets[i + 1] - 1;
    if (b < a || s < t[a] || s > t[b]) return null;
    while (b - a > 1) {
      const middle = (a + b) >> 1;
      if (t[middle] <= s) a = middle; else b = middle;
    }
    if (t[b] <= s) a = b;
    const step = a < offsets[i + 1] - 1 ? t[a + 1] - t[a] : 0;
    return [a, step > 0 ? Math.min((s - t[a]) / step, 1) : 0];
  }

  // now: seconds after t0, or after each track's own start where they start together. Gives how many are under way.
  paint(ctx, view, look, { now, trail, together, shown, selected }) {
    const { layer } = this, { xy, offsets, t, n } = layer, p = view.of(layer), style = layer.styles[0];
    const point = (v, share) => {
      const w = share ? v + 1 : v;
      return [(xy[2 * v] + share * (xy[2 * w] - xy[2 * v])) * p.kx + p.ax, (xy[2 * v + 1] + share * (xy[2 * w + 1] - xy[2 * v + 1])) * p.ky + p.ay];
    };
    const heads = [], chosen = [];
    const trails = [new Path2D(), new Path2D()];
    for (let i = 0; i < n; i++) {
      const own = selected.has(layer.ids[i]);
      if (!shown(i, own)) continue;
      const s = together ? now + this.begin[i] : now;
      const clamped = Math.min(s, this.end[i]);
      if (s < this.begin[i] || s - this.end[i] > trail) continue;
      const here_ = this.at(i, clamped);
      if (!here_) continue;
      const [v, share] = here_, head = point(v, share), path = trails[own ? 1 : 0];
      if (s <= this.end[i]) (own ? chosen : heads).push([head, layer.ids[i]]);
      const from = s - trail;
      path.moveTo(...head);
      for (let w = v; w >= offsets[i]; w--) {
        if (t[w] < from) {
          const step = t[w + 1] - t[w];
          if (w < v) path.lineTo(...point(w, step > 0 ? (from - t[w]) / step : 0));
          break;
        }
        path.lineTo(...point(w, 0));
      }
    }
    ctx.lineCap = ctx.lineJoin = "round";
    ctx.setLineDash([]);
    for (const [k, path] of trails.entries()) {
      ctx.globalAlpha = k ? 0.85 : 0.5;
      ctx.strokeStyle = look.colour(k ? "selected" : style.colour);
      ctx.lineWidth = k ? 3.5 : Math.max(style.width, 1.5);
      ctx.stroke(path);
    }
    this.dots(ctx, heads, look.colour(style.colour), 4, look);
    this.dots(ctx, chosen, look.colour("selected"), 6, look);
    return heads.length + chosen.length;
  }

  dots(ctx, heads, colour, r, look) {
    if (!heads.length) return;
    ctx.globalAlpha = 1;
    ctx.beginPath();
    for (const [[x, y]] of heads) { ctx.moveTo(x + r, y); ctx.arc(x, y, r, 0, 2 * Math.PI); }
    ctx.strokeStyle = look.halo;
    ctx.lineWidth = 3;
    ctx.stroke();
    ctx.fillStyle = colour;
    ctx.fill();
    if (heads.length > 8) return;
    ctx.font = `600 ${SIZE}px ${look.font}`;
    for (const [[x, y], id] of heads) write(ctx, id, x + r + 5 + measured(ctx, id) / 2, y, 0, colour, look);
  }
}

const two = value => String(Math.floor(value)).padStart(2, "0");

// Seconds as a clock of the day, or as hours, minutes and seconds since a start; times are as the file has them.
function saidClock(seconds, withSeconds = true) {
  const s = Math.max(0, Math.round(seconds)), clock = `${two(s / 3600)}:${two((s % 3600) / 60)}`;
  return withSeconds ? `${clock}:${two(s % 60)}` : clock;
}

function saidDate(seconds) {
  return new Date(1000 * seconds).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

function saidSpan(seconds) {
  if (seconds < 60) return `${Number(seconds.toPrecision(2))} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return seconds < 2 * DAY ? `${Number((seconds / 3600).toPrecision(2))} h` : `${Math.round(seconds / DAY)} days`;
}
