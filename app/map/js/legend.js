// What the marks mean: entries with the styles as they are drawn, and a bar of colours. It is open by itself only where it hides little of the
// map; once the analyst has opened or closed it, all legends of the page stay so.
const MOST_HIDDEN = 0.1; // of the picture

class Legend {
  // changed: called when it was opened or closed, for what lies around it to be drawn anew.
  constructor(box, changed) {
    this.pane = box;
    this.box = make("div", "legend", box, { hidden: true });
    this.head = make("button", "fold", this.box, { type: "button" });
    this.head.append(icon("keys"), make("span", "", null, { textContent: "Legend" }));
    this.list = make("div", "list", this.box);
    this.list.tabIndex = -1;
    this.head.addEventListener("click", event => {
      event.stopPropagation();
      here.folded = !this.list.hidden;
      this.fold();
      changed();
    });
  }

  fold() {
    this.list.hidden = false;
    const w = this.box.offsetWidth, h = this.head.offsetHeight + this.list.scrollHeight; // as high as it would be without its own limit
    const folded = here.folded ?? w * h > MOST_HIDDEN * this.pane.clientWidth * this.pane.clientHeight;
    this.list.hidden = folded;
    this.head.setAttribute("aria-expanded", String(!folded));
    this.head.title = folded ? "Show the legend" : "Fold the legend";
  }

  show(scene, look, dpr) {
    const said = JSON.stringify([scene.keys, scene.scale, look.dark, look.halo, dpr, here.folded, this.pane.clientWidth, this.pane.clientHeight]);
    if (said === this.said) return;
    this.said = said;
    this.box.hidden = !scene.keys.length && !scene.scale;
    this.list.replaceChildren();
    for (const key of scene.keys) {
      const row = make("div", "key", this.list);
      row.append(sample(key, look, dpr));
      make("span", "", row, { textContent: key.text });
    }
    if (scene.scale) this.scale(scene.scale, look);
    this.fold();
  }

  scale({ title, colours, low, high }, look) {
    const part = make("div", "ramp", this.list);
    if (title) make("div", "title", part, { textContent: title });
    const bar = make("div", "bar", part);
    for (const colour of colours) make("i", "", bar).style.background = look.colour(colour);
    const ends = make("div", "ends", part);
    make("span", "", ends, { textContent: low });
    make("span", "", ends, { textContent: high });
  }
}

const WIDE = 30, HIGH = 16;
function sample({ style, mark: kind }, look, dpr) {
  const canvas = make("canvas", "", null, { width: WIDE * dpr, height: HIGH * dpr });
  canvas.setAttribute("aria-hidden", "true");
  const ctx = canvas.getContext("2d"), middle = HIGH / 2;
  ctx.scale(dpr, dpr);
  if (kind === "line" || kind === "area") {
    const colour = look.colour(style.colour), area = kind === "area";
    ctx.beginPath();
    if (area) ctx.rect(4, 2.5, WIDE - 8, HIGH - 5);
    else { ctx.moveTo(2, middle); ctx.lineTo(WIDE - 2, middle); }
    ctx.globalAlpha = style.opacity;
    if (area) {
      ctx.fillStyle = colour;
      ctx.fill();
      ctx.globalAlpha = Math.min(1, style.opacity + 0.55);
    } else ctx.globalAlpha = Math.max(style.opacity, 0.55); // a faint line alone would not be seen
    ctx.strokeStyle = colour;
    ctx.setLineDash(style.dash ? [6, 4] : []);
    ctx.lineWidth = area ? Math.min(style.width, 2) : Math.min(Math.max(style.width, 1.5), 7);
    if (ctx.lineWidth && (!area || style.width)) ctx.stroke();
  } else mark(ctx, kind, WIDE / 2, middle, 5.5, style, look);
  return canvas;
}
