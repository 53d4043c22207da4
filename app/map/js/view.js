// Where the eye is: the middle of what is seen, in the world's coordinates, and how many pixels a unit has.
const ZOOM = 1.6, MARGIN = 0.04;
const BESIDE = 46; // pixels at the right edge, where the zoom buttons are

class View {
  constructor(scene, width, height) {
    this.scene = scene;
    this.width = width;
    this.height = height;
    this.down = scene.y_down ? 1 : -1; // which way the screen's y runs in the world
    const kept = keptView(scene.ground);
    if (kept && [kept.cx, kept.cy, kept.span].every(Number.isFinite) && kept.span > 0) {
      this.cx = kept.cx;
      this.cy = kept.cy;
      this.k = this.across() / kept.span;
    } else this.whole();
    this.limit();
  }

  // How many pixels the kept span stands for: small maps of the same ground show about the same part of it.
  across() { return Math.sqrt(this.width * this.height) || 1; }

  whole() {
    const [x0, y0, x1, y1] = this.scene.bounds;
    this.fit(x0, y0, x1, y1);
  }

  fit(x0, y0, x1, y1) {
    const wide = Math.max(x1 - x0, 0), high = Math.max(y1 - y0, 0);
    const share = 1 - 2 * MARGIN;
    const room = Math.max(this.width - BESIDE, this.width / 2);
    const k = Math.min(room * share / (wide || 1e-12), this.height * share / (high || 1e-12));
    this.cx = (x0 + x1) / 2 + Math.max(0, BESIDE - (this.width - wide * k) / 2) / k;
    this.cy = (y0 + y1) / 2;
    this.k = wide || high ? k : 1;
  }

  // From a thousandth of the whole to two thousand times as near: further there is nothing to be seen.
  limit() {
    const [x0, y0, x1, y1] = this.scene.bounds;
    const whole = Math.min(this.width / Math.max(x1 - x0, 1e-9), this.height / Math.max(y1 - y0, 1e-9));
    const k = Math.min(Math.max(this.k, whole / 8), whole * 2000);
    this.k = Number.isFinite(k) && k > 0 ? k : 1;
    this.cx = Math.min(Math.max(this.cx, x0), x1);
    this.cy = Math.min(Math.max(this.cy, y0), y1);
  }

  resize(width, height) {
    const before = this.across();
    this.width = width;
    this.height = height;
    this.k *= this.across() / before;
  }

  pan(dx, dy) {
    this.cx -= dx / this.k;
    this.cy -= this.down * dy / this.k;
    this.limit();
    this.keep();
  }

  // Nearer or farther, with what lies at (x, y) of the screen left where it is.
  zoom(factor, x = this.width / 2, y = this.height / 2) {
    const [wx, wy] = this.world(x, y);
    this.k *= factor;
    this.limit();
    this.cx = wx - (x - this.width / 2) / this.k;
    this.cy = wy - this.down * (y - this.height / 2) / this.k;
    this.limit();
    this.keep();
  }

  // Moves only where less than half of it is in sight, and goes farther only where it has no room.
  bring([x0, y0, x1, y1]) {
    const halfW = this.width / 2 / this.k, halfH = this.height / 2 / this.k;
    const seen = (a, b, c, half) => Math.min(b, c + half) - Math.max(a, c - half) >= 0.5 * Math.min(b - a, 2 * half) - 1e-9
      && Math.min(b, c + half) >= Math.max(a, c - half);
    if (seen(x0, x1, this.cx, halfW) && seen(y0, y1, this.cy, halfH)) return false;
    const k = this.k;
    this.fit(x0, y0, x1, y1);
    this.k = Math.min(this.k, k);
    this.limit();
    this.keep();
    return true;
  }

  keep() { keepView(this.scene.ground, { cx: this.cx, cy: this.cy, span: this.across() / this.k }); }

  world(x, y) { return [this.cx + (x - this.width / 2) / this.k, this.cy + this.down * (y - this.height / 2) / this.k]; }

  screen(x, y) { return [this.width / 2 + (x - this.cx) * this.k, this.height / 2 + this.down * (y - this.cy) * this.k]; }

  // x * kx + ax, y * ky + ay are pixels, for coordinates relative to a layer's origin.
  of(layer) {
    const [ax, ay] = this.screen(layer.origin[0], layer.origin[1]);
    return { kx: this.k, ky: this.down * this.k, ax, ay };
  }

  // What is seen, relative to a layer's origin, with some pixels around it.
  seen(layer, around) {
    const w = (this.width / 2 + around) / this.k, h = (this.height / 2 + around) / this.k;
    const x = this.cx - layer.origin[0], y = this.cy - layer.origin[1];
    return [x - w, y - h, x + w, y + h];
  }
}
