// A map component on the page: one picture, or several side by side that move together; what is done on it goes to the server.
const FRESH = 10_000; // ms in which what was done is still meant
const PATIENCE = 500; // ms that the former picture stands while a heavy layer is on its way

// By the map's key: Streamlit may put the same map on the page anew while the server has not yet heard of what was done on it.
function pendingOf(key) {
  here.pending ??= new Map();
  return (here.pending.get(key) ?? []).filter(act => act.n > Date.now() - FRESH); // numbers are times
}

class MotiveMap {
  constructor(parent) {
    this.style = make("style", "", parent, { textContent: STYLE });
    this.root = make("div", "map", parent);
    this.row = make("div", "row", this.root);
    this.panes = [];
    this.tool = "move";
    this.toolbar = new Toolbar(this.row, this);
    this.times = new Times(this);
    this.heard = digest => { if (this.awaited?.has(digest)) this.settle(); };
    here.listeners.add(this.heard);
    this.sizes = new ResizeObserver(() => { for (const pane of this.panes) pane.resized(); });
  }

  update({ data, setTriggerValue }) {
    this.send = setTriggerValue;
    if (!data?.length) return;
    const head = unpack(data, 0, data.length);
    this.pending = pendingOf(head.key).filter(act => act.n > head.heeded);
    here.pending.set(head.key, this.pending);
    if (!this.head && this.pending.length) this.send("acts", this.pending); // done on the element that stood here before
    for (const { drawing } of this.panes) if (drawing.sent <= head.heeded) drawing.done = null;
    const { blob } = head;
    for (const scene of head.scenes) {
      for (const layer of scene.layers) if (layer.at !== undefined) keepLayer(blob, layer.at, layer.bytes);
    }
    this.root.style.setProperty("--height", `${head.height}px`);
    this.head = head;
    if (head.tool !== this.toolGiven) { this.tool = head.drawable ? head.tool : "move"; this.toolGiven = head.tool; }
    if (!head.drawable) this.tool = "move";
    this.since = performance.now();
    this.settle();
  }

  // Shows the scene once all its layers are here, or without some of them after a while.
  settle() {
    clearTimeout(this.patience);
    const { scenes } = this.head, missing = new Set();
    for (const scene of scenes) {
      scene.found = scene.layers.map(({ digest }) => here.layers.get(digest) ?? (missing.add(digest), null));
    }
    this.awaited = missing;
    const waited = performance.now() - this.since;
    if (missing.size && waited < PATIENCE) {
      this.patience = setTimeout(() => this.settle(), PATIENCE - waited + 1);
      return;
    }
    this.hold(scenes);
    while (this.panes.length > scenes.length) this.drop(this.panes.pop());
    while (this.panes.length < scenes.length) {
      const pane = new Pane(this, this.row);
      this.panes.push(pane);
      this.sizes.observe(pane.box);
    }
    this.row.classList.toggle("many", scenes.length > 1);
    this.panes.forEach(({ box }, k) => box.classList.toggle("last", k === scenes.length - 1)); // has the legend of all
    this.times.show(scenes);
    scenes.forEach((scene, k) => this.panes[k].show(scene, this.head.titles[k] || ""));
    this.row.append(this.toolbar.draw, this.toolbar.zoom, this.toolbar.hint); // above the pictures
    this.toolbar.update(this.tool, this.head.drawable);
  }

  // Layers that are shown are not let go.
  hold(scenes) {
    const now = scenes.flatMap(scene => scene.found.filter(Boolean));
    for (const layer of now) layer.shown = (layer.shown || 0) + 1;
    for (const layer of this.held || []) layer.shown--;
    this.held = now;
  }

  drop(pane) {
    this.sizes.unobserve(pane.box);
    pane.box.remove();
  }

  hiddenOf(layer) { return this.times.hiddenOf(layer); }

  choose(tool) {
    this.tool = tool;
    for (const pane of this.panes) {
      pane.drawing.drop();
      pane.box.dataset.tool = tool;
      pane.above();
    }
    this.toolbar.update(tool, this.head.drawable);
  }

  zoom(factor) {
    this.panes[0].view.zoom(factor);
    this.moved(this.panes[0]);
  }

  whole() {
    const [pane] = this.panes;
    pane.view.whole();
    pane.view.keep();
    this.moved(pane);
  }

  moved(pane) {
    pane.moved();
    this.follow(pane);
  }

  follow(pane) {
    for (const other of this.panes) if (other !== pane && other.view) { other.reread(); other.moved(); }
  }

  // Numbers rise over all that is done in this window. All that the server has not confirmed goes along again: of two clicks while it is
  // busy Streamlit keeps only the later message.
  act(what) {
    here.acted = Math.max((here.acted || 0) + 1, Date.now());
    this.pending.push({ n: here.acted, ...what });
    this.pending = this.pending.slice(-16);
    here.pending.set(this.head.key, this.pending);
    this.send("acts", this.pending);
    return here.acted;
  }

  gone() {
    here.listeners.delete(this.heard);
    this.sizes.disconnect();
    clearTimeout(this.patience);
    this.times.gone();
    this.hold([]);
    this.root.remove();
    this.style.remove();
  }
}
