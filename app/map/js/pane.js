// One picture: a canvas for the scene, one above it for what changes with the pointer, and the small parts around.
const SETTLED = 140; // ms without a movement
const QUICK = 14; // ms: what is drawn as fast as this is drawn anew at each step of a movement

class Pane {
  constructor(map, parent) {
    this.map = map;
    this.box = make("div", "pane", parent);
    this.box.tabIndex = 0;
    this.box.setAttribute("role", "application");
    this.box.setAttribute("aria-roledescription", "map");
    this.box.setAttribute("aria-label", "Map. Arrow keys move it, plus and minus zoom, 0 shows all.");
    this.canvas = make("canvas", "picture", this.box);
    this.canvas.setAttribute("role", "img");
    this.over = make("canvas", "over", this.box);
    this.over.setAttribute("aria-hidden", "true");
    this.title = make("div", "title", this.box, { hidden: true });
    this.pic = document.createElement("canvas");
    this.furniture = new Furniture(this.box);
    this.legend = new Legend(this.box, () => this.whole());
    this.drawing = new Drawing(this);
    this.hover = this.chosen = null;
    this.spent = this.fullCost = 0;
    new Hands(this);
  }

  // scene: with its layers in ``scene.found``, null for those that are still on their way.
  show(scene, title) {
    const before = this.scene;
    this.scene = scene;
    this.title.textContent = title;
    this.title.hidden = !title;
    this.canvas.setAttribute("aria-label", scene.alt || "Map");
    if (!before || before.digest !== scene.digest) {
      this.hover = this.chosen = null;
      this.furniture.point(null); // it told of the former scene
    }
    this.measure();
    if (!this.view || before.ground !== scene.ground || before.y_down !== scene.y_down) this.view = new View(scene, this.width, this.height);
    else this.view.scene = scene;
    this.reread();
    if (scene.focus.length === 4 && here.focused?.[scene.ground] !== String(scene.focus)) {
      here.focused = { ...here.focused, [scene.ground]: String(scene.focus) }; // once: a rerun must not undo what the hand did since
      if (this.view.bring(scene.focus)) this.map.follow(this);
    }
    this.whole();
  }

  reread() {
    const kept = keptView(this.scene.ground);
    if (!kept) return;
    this.view.cx = kept.cx;
    this.view.cy = kept.cy;
    this.view.k = this.view.across() / kept.span;
    this.view.limit();
  }

  measure() {
    const { clientWidth, clientHeight } = this.box;
    this.dpr = Math.min(window.devicePixelRatio || 1, 3);
    this.width = Math.max(clientWidth, 1);
    this.height = Math.max(clientHeight, 1);
    const w = Math.round(this.width * this.dpr), h = Math.round(this.height * this.dpr);
    for (const one of [this.canvas, this.over, this.pic]) {
      if (one.width !== w) one.width = w;
      if (one.height !== h) one.height = h;
    }
  }

  resized() {
    if (!this.scene) return;
    this.measure();
    this.view.resize(this.width, this.height);
    this.reread();
    this.draw();
  }

  // At the next frame: everything, or only what lies above.
  whole() { this.wanted = "whole"; this.frame(); }
  above() { this.wanted ??= "above"; this.frame(); }

  // The view has moved: the former picture moved and scaled, until it is still; or all anew where that is quick.
  moved() {
    clearTimeout(this.settling);
    if (this.fullCost <= QUICK) return this.whole();
    if (this.wanted !== "whole") this.wanted = "quick";
    this.settling = setTimeout(() => this.whole(), SETTLED);
    return this.frame();
  }

  frame() {
    this.asked ??= requestAnimationFrame(() => {
      this.asked = null;
      const wanted = this.wanted;
      this.wanted = null;
      if (!this.scene || !this.box.isConnected) return;
      if (wanted === "whole") this.draw();
      else if (wanted === "quick") this.shove();
      this.paintOver();
    });
  }

  hiddenOf(layer) { return this.map.hiddenOf(layer); }

  draw() {
    const start = performance.now(), { scene, view, pic, dpr } = this;
    this.look = lookOf(this.box, scene.colours);
    this.map.root.style.colorScheme = this.look.dark ? "dark" : "light"; // of sliders and lists, which the browser draws
    const ctx = fresh(pic, dpr), above = this.drawFloor(ctx);
    for (const layer of scene.found.slice(above)) this.drawLayer(ctx, layer);
    this.furniture.update(view, scene);
    this.legend.show(scene, this.look, dpr);
    const placed = new Placed(view, this.covered()), down = scene.found.filter(Boolean).reverse();
    for (const layer of down) placed.keepLines(layer);
    for (const layer of down) if (layer.kind === "Dots") drawLabels(ctx, layer, view, this.look, placed);
    for (const layer of down) if (layer.kind === "Names") drawNames(ctx, layer, view, this.look, placed);
    this.named = placed.named; // for tests
    this.blit(1, 0, 0);
    if (here.measure) this.canvas.getContext("2d").getImageData(0, 0, 1, 1); // a benchmark waits for the pixels, not for the orders alone
    this.drawn = { cx: view.cx, cy: view.cy, k: view.k };
    this.spent = performance.now() - start;
    if (!this.kept) this.fullCost = this.spent; // what a movement would cost at each step
    this.tell();
  }

  // Boxes of what lies over the picture: tools, zoom, title, scale, legend.
  covered() {
    const own = this.canvas.getBoundingClientRect(), { draw, zoom } = this.map.toolbar;
    const boxes = [draw, zoom, this.title, this.furniture.corner, this.legend.box].map(one => one.getBoundingClientRect());
    return boxes.filter(one => one.width).map(one => [one.left - own.left, one.top - own.top, one.right - own.left, one.bottom - own.top]);
  }

  drawLayer(ctx, layer) {
    const { view, look, dpr } = this;
    if (layer?.kind === "Lines") drawLines(ctx, layer, view, look, this.hiddenOf(layer));
    else if (layer?.kind === "Areas") drawAreas(ctx, layer, view, look);
    else if (layer?.kind === "Cells") drawCells(ctx, layer, view, look, dpr);
    else if (layer?.kind === "Dots") drawDots(ctx, layer, view, look);
  }

  // The heavy layers, and what lies between them: drawn to a canvas of their own, which serves as long as nothing in it changes, so that the
  // next track costs only what lies above. Gives how many layers that were.
  drawFloor(ctx) {
    const { scene, view, dpr, width, height } = this, { found, layers } = scene;
    let above = found.length;
    while (above && (layers[above - 1].at !== undefined || !found[above - 1] || ["Names", "Moves"].includes(found[above - 1].kind))) above--;
    this.kept = false;
    if (!above) return 0;
    const key = JSON.stringify([view.cx, view.cy, view.k, width, height, dpr, this.look.dark, this.look.halo, this.map.times.filterKey(),
      layers.slice(0, above).map((one, k) => found[k] && one.digest)]);
    this.kept = key === this.floorKey;
    if (!this.kept) {
      this.floor ??= document.createElement("canvas");
      this.floor.width = this.pic.width; // this empties it too
      this.floor.height = this.pic.height;
      const below = fresh(this.floor, dpr);
      for (const layer of found.slice(0, above)) this.drawLayer(below, layer);
      this.floorKey = key;
    }
    ctx.drawImage(this.floor, 0, 0, this.floor.width / dpr, this.floor.height / dpr);
    return above;
  }

  // For tests and benchmarks: which scene is to be seen, which track is selected in it, and how long drawing took.
  tell() {
    const { scene, canvas, spent } = this, data = canvas.dataset;
    data.drawMs = spent.toFixed(2);
    data.floor = this.kept ? "kept" : "drawn"; // a benchmark of drawing takes those that were drawn as a whole
    data.draws = String(Number(data.draws || 0) + 1);
    data.view = [this.view.cx, this.view.cy, this.view.k].join(" ");
    const selected = scene.found.filter(one => one?.name === "selected").flatMap(one => one.ids || []);
    data.selected = [...new Set(selected)].join("\n"); // ids may hold blanks
    if (scene.found.every(Boolean)) {
      data.scene = scene.digest;
      performance.clearMarks("motive-map-drawn");
      performance.mark("motive-map-drawn", { detail: { scene: scene.digest, selected: data.selected } });
    }
  }

  blit(factor, dx, dy) {
    const ctx = this.canvas.getContext("2d"), { width, height } = this.canvas;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, width, height);
    ctx.imageSmoothingEnabled = factor !== 1;
    ctx.drawImage(this.pic, Math.round(dx), Math.round(dy), width * factor, height * factor);
  }

  shove() {
    const { view, drawn, dpr } = this;
    if (!drawn) return;
    const factor = view.k / drawn.k, w = this.width / 2, h = this.height / 2;
    const [mx, my] = view.screen(drawn.cx, drawn.cy);
    this.blit(factor, (mx - w * factor) * dpr, (my - h * factor) * dpr);
    this.furniture.update(view, this.scene);
  }

  paintOver() {
    const ctx = this.over.getContext("2d"), { look, view, dpr } = this;
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    ctx.clearRect(0, 0, this.width, this.height);
    if (!look) return;
    if (this.chosen) emphasise(ctx, this.chosen, view, look, true);
    if (this.hover) emphasise(ctx, this.hover, view, look, false);
    this.map.times.paint(ctx, this);
    this.drawing.paint(ctx, look, this.map.tool);
  }
}

// A canvas without anything on it, whose coordinates are CSS pixels.
function fresh(canvas, dpr) {
  const ctx = canvas.getContext("2d");
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, canvas.width, canvas.height);
  ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
  return ctx;
}

// The thing under the pointer, or just clicked, over all others.
function emphasise(ctx, { layer, i }, view, look, chosen) {
  const t = view.of(layer), style = layer.styles?.[layer.style[i]] ?? { width: 2, colour: "selected" };
  const colour = chosen ? look.colour("selected") : look.text;
  ctx.globalAlpha = 1;
  ctx.lineJoin = ctx.lineCap = "round";
  const pen = { ctx, t, xy: layer.xy, offsets: layer.offsets, shift: layer.shift_px ? layer.shift_px * Math.min(1, laid(layer).middle * view.k / 14) : 0 };
  if (layer.kind === "Lines") {
    strokeLines(pen, [i], look.halo, style.width + 5, null);
    strokeLines(pen, [i], colour, style.width + 1.5, null);
  } else if (layer.kind === "Areas") {
    strokeLines({ ...pen, shift: 0 }, [i], colour, Math.max(style.width, 1) + 1, null);
  } else {
    const x = layer.xy[2 * i] * t.kx + t.ax, y = layer.xy[2 * i + 1] * t.ky + t.ay;
    ctx.beginPath();
    if (layer.kind === "Cells") ctx.rect(x - layer.cell * view.k / 2, y - layer.cell * view.k / 2, layer.cell * view.k, layer.cell * view.k);
    else ctx.arc(x, y, layer.radius[i] + 3, 0, 2 * Math.PI);
    ctx.setLineDash([]);
    ctx.lineWidth = 2;
    ctx.strokeStyle = colour;
    ctx.stroke();
  }
}
