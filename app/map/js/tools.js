// What is being drawn: corners in the world's coordinates, so that the map may move meanwhile.
const APART = 3, LEAST_AREA = 40; // pixels between corners of a lasso, square pixels of a ring

class Drawing {
  constructor(pane) {
    this.pane = pane;
    this.corners = [];
    this.done = null; // what was sent, with its number, and is shown until the page answers
    this.sent = 0;
    this.at = null;
  }

  get open() { return this.corners.length > 0; }

  drop() {
    const had = this.open;
    this.corners = [];
    this.at = null;
    return had;
  }

  begin(x, y) {
    this.done = null;
    this.corners = [this.pane.view.world(x, y)];
    this.at = [x, y];
  }

  // tool: lasso adds a corner every few pixels; a rectangle has its other corner here.
  drag(tool, x, y) {
    const last = this.pane.view.screen(...this.corners[this.corners.length - 1]);
    if (tool === "lasso") {
      if (Math.hypot(x - last[0], y - last[1]) >= APART) this.corners.push(this.pane.view.world(x, y));
    } else {
      const [a, b] = this.corners[0], [c, d] = this.pane.view.world(x, y);
      this.corners = [[a, b], [c, b], [c, d], [a, d]];
    }
    this.at = [x, y];
  }

  // A corner of a polygon by a click; on the first one it closes.
  click(x, y) {
    if (!this.open) return this.begin(x, y);
    const [fx, fy] = this.pane.view.screen(...this.corners[0]), last = this.pane.view.screen(...this.corners[this.corners.length - 1]);
    if (this.corners.length >= 3 && Math.hypot(x - fx, y - fy) < 9) return this.close();
    if (Math.hypot(x - last[0], y - last[1]) >= 2) this.corners.push(this.pane.view.world(x, y)); // the second click of two is none
    return undefined;
  }

  // The ring, closed, in the world's coordinates; false where it is too small to be meant.
  close() {
    const corners = this.corners;
    this.drop();
    if (corners.length < 3 || areaOf(corners.map(one => this.pane.view.screen(...one))) < LEAST_AREA) return false;
    const ring = [...corners, corners[0]];
    this.done = ring;
    this.sent = this.pane.map.act({ ring: ring.flat() });
    return true;
  }

  paint(ctx, look, tool) {
    const shown = this.done || this.corners;
    if (!shown.length) return;
    const points = shown.map(one => this.pane.view.screen(...one));
    if (!this.done && tool === "polygon" && this.at) points.push(this.at);
    ctx.beginPath();
    points.forEach(([x, y], k) => (k ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
    if (tool !== "polygon" || this.done) ctx.closePath();
    ctx.fillStyle = look.colour("drawn");
    ctx.globalAlpha = 0.14;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.lineJoin = "round";
    ctx.setLineDash([]);
    ctx.strokeStyle = look.halo;
    ctx.lineWidth = 4.5;
    ctx.stroke();
    ctx.strokeStyle = look.colour("drawn");
    ctx.lineWidth = 2;
    ctx.stroke();
    if (this.done || tool !== "polygon") return;
    for (const [k, [x, y]] of points.slice(0, this.corners.length).entries()) {
      mark(ctx, "circle", x, y, k ? 3 : 4.5, { colour: "drawn", opacity: 1, width: 1, halo: true }, look);
    }
  }
}

function areaOf(points) {
  let twice = 0;
  points.forEach(([x, y], k) => {
    const [a, b] = points[(k + 1) % points.length];
    twice += x * b - a * y;
  });
  return Math.abs(twice) / 2;
}
