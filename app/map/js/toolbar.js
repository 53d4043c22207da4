// Zoom, and what the pointer does.
const TOOLS = { move: "Move the map (drag); click to select", lasso: "Lasso: draw round an area with the button held down",
  polygon: "Polygon: click the corners; double click or Enter closes", rectangle: "Rectangle: drag from corner to corner" };

class Toolbar {
  constructor(box, map) {
    this.map = map;
    this.draw = make("div", "bar draw", box);
    this.draw.setAttribute("role", "toolbar");
    this.draw.setAttribute("aria-label", "What the pointer does");
    this.tools = Object.entries(TOOLS).map(([name, label]) => button(this.draw, name, label, () => map.choose(name)));
    this.zoom = make("div", "bar zoom", box);
    this.zoom.setAttribute("role", "toolbar");
    this.zoom.setAttribute("aria-label", "Zoom");
    button(this.zoom, "nearer", "Nearer (+, or Ctrl and the wheel)", () => map.zoom(ZOOM));
    button(this.zoom, "farther", "Farther (-)", () => map.zoom(1 / ZOOM));
    button(this.zoom, "whole", "Show all (0)", () => map.whole());
    this.hint = make("div", "hint", box, { hidden: true });
    this.hint.setAttribute("role", "status");
  }

  update(tool, drawable) {
    this.draw.hidden = !drawable;
    for (const one of this.tools) one.setAttribute("aria-pressed", String(one.dataset.act === tool));
    this.say(drawable && tool !== "move" ? `${TOOLS[tool]}. Esc drops it.` : "");
  }

  // A line at the top for a while, or until the next.
  say(text, seconds = 0) {
    clearTimeout(this.fading);
    this.hint.textContent = text;
    this.hint.hidden = !text;
    if (seconds) this.fading = setTimeout(() => { this.hint.hidden = true; }, 1000 * seconds);
  }
}
