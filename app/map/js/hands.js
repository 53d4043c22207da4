// Pointer, wheel and keys of one picture.
const STILL = 4; // pixels that a click may tremble
const STEP = 70; // pixels that an arrow key moves

class Hands {
  constructor(pane) {
    this.pane = pane;
    this.map = pane.map;
    this.down = null;
    const box = pane.box, on = (type, act, options) => box.addEventListener(type, act, options);
    on("pointerdown", event => this.press(event));
    on("pointermove", event => this.move(event));
    on("pointerup", event => this.release(event));
    on("pointercancel", () => this.cancel());
    on("pointerleave", () => this.leave());
    on("dblclick", event => this.twice(event));
    on("wheel", event => this.wheel(event), { passive: false });
    on("keydown", event => this.key(event));
    on("contextmenu", event => { if (pane.drawing.open) event.preventDefault(); });
  }

  at(event) {
    const box = this.pane.over.getBoundingClientRect(); // not the box around it, which has a border
    return [event.clientX - box.left, event.clientY - box.top];
  }

  onMap(event) { return event.target === this.pane.over || event.target === this.pane.canvas || event.target === this.pane.box; }

  press(event) {
    if (!this.onMap(event) || event.button > 1) return;
    const [x, y] = this.at(event), tool = event.button === 1 ? "move" : this.map.tool;
    if (event.button === 1) event.preventDefault(); // no autoscroll
    this.pane.box.setPointerCapture(event.pointerId);
    if (tool !== "move") this.leave(); // what was under the pointer is not meant, and would stand there for as long as is drawn
    this.down = { x, y, px: x, py: y, tool, far: false, button: event.button };
    if (tool === "lasso" || tool === "rectangle") this.pane.drawing.begin(x, y);
  }

  move(event) {
    const [x, y] = this.at(event), { pane, down } = this;
    if (!down) return this.look(event, x, y);
    if (Math.hypot(x - down.x, y - down.y) > STILL) down.far = true;
    if (down.tool === "move" || (down.tool === "polygon" && down.far)) {
      if (down.far) {
        pane.box.classList.add("dragging");
        pane.furniture.point(null);
        pane.view.pan(x - down.px, y - down.py);
        this.map.moved(pane);
      }
    } else if (down.tool !== "polygon") {
      pane.drawing.drag(down.tool, x, y);
      pane.above();
    }
    down.px = x;
    down.py = y;
    return undefined;
  }

  release(event) {
    const { pane, down } = this;
    if (!down) return;
    this.down = null;
    pane.box.classList.remove("dragging");
    const [x, y] = this.at(event);
    if (down.tool === "lasso" || down.tool === "rectangle") {
      if (pane.drawing.close()) this.map.choose("move");
      else if (!down.far) this.pick(x, y); // a click, though the lasso is in hand
    } else if (!down.far && down.button === 0) {
      if (down.tool !== "polygon") this.pick(x, y);
      else if (pane.drawing.click(x, y)) this.map.choose("move");
    }
    pane.above();
  }

  cancel() {
    this.down = null;
    this.pane.box.classList.remove("dragging");
    this.pane.drawing.drop();
    this.pane.above();
  }

  leave() {
    if (this.down) return;
    this.pane.furniture.point(null);
    if (this.pane.hover) { this.pane.hover = null; this.pane.above(); }
  }

  find(x, y) {
    const { pane } = this;
    return pane.scene ? under(pane.scene.found, pane.view, x, y, layer => pane.hiddenOf(layer)) : null;
  }

  look(event, x, y) {
    const { pane } = this;
    if (!this.onMap(event)) return this.leave();
    pane.drawing.at = [x, y];
    if (pane.drawing.open) return pane.above();
    if (event.buttons || event.pointerType === "touch") return undefined;
    this.pointer = [x, y];
    this.looking ??= requestAnimationFrame(() => { // once a frame, however often the pointer tells
      this.looking = null;
      if (this.down || pane.drawing.open) return; // a drawing has begun since
      const hit = this.find(...this.pointer), before = pane.hover;
      pane.box.classList.toggle("over-thing", Boolean(hit?.layer.picks) && this.map.tool === "move");
      pane.furniture.point(hit, ...this.pointer, pane.view);
      pane.hover = hit;
      if (hit?.layer !== before?.layer || hit?.i !== before?.i) pane.above();
    });
    return undefined;
  }

  pick(x, y) {
    const hit = this.find(x, y), { pane } = this;
    if (!hit || !hit.layer.picks || !hit.id) return;
    pane.chosen = hit.layer.picks === "track" ? hit : null;
    this.map.act({ [hit.layer.picks]: hit.id });
  }

  twice(event) {
    if (!this.onMap(event)) return;
    const { pane } = this;
    if (this.map.tool === "polygon") this.close();
    else if (this.map.tool === "move") {
      pane.view.zoom(event.shiftKey ? 1 / ZOOM : ZOOM, ...this.at(event));
      this.map.moved(pane);
    }
  }

  close() {
    if (this.pane.drawing.open && this.pane.drawing.close()) this.map.choose("move");
    this.pane.above();
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) {
      if ((here.told = (here.told || 0) + 1) <= 2) this.map.toolbar.say("Ctrl and the wheel zoom the map", 1.6);
      return;
    }
    event.preventDefault(); // or the browser zooms the page
    event.stopPropagation();
    const lines = event.deltaMode === 1 ? 16 : 1, step = Math.min(Math.max(event.deltaY * lines, -240), 240);
    this.pane.view.zoom(Math.exp(-step * 0.0032), ...this.at(event));
    this.map.moved(this.pane);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.pane.box) {
      if (event.key !== "Escape") return;
    }
    const { pane, map } = this, far = event.shiftKey ? 3 * STEP : STEP;
    const moves = { ArrowLeft: [far, 0], ArrowRight: [-far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] };
    if (moves[event.key]) { pane.view.pan(...moves[event.key]); map.moved(pane); }
    else if (event.key === "+" || event.key === "=") map.zoom(ZOOM);
    else if (event.key === "-" || event.key === "_") map.zoom(1 / ZOOM);
    else if (event.key === "0") map.whole();
    else if (event.key === " " && map.times.motions.length) map.times.toggle();
    else if (event.key === "Enter" && pane.drawing.open) this.close();
    else if (event.key === "Escape" && (pane.drawing.open || map.tool !== "move")) {
      if (this.down) this.down = null;
      if (!pane.drawing.drop()) map.choose("move");
      pane.above();
    } else return;
    event.preventDefault();
    event.stopPropagation(); // the page has keys of its own
  }
}
