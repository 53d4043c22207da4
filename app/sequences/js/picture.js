// A picture of a log: the drawing that fits the room there is, in the colours of the page, told event by event with the keys.
const here = window.motivePictures ??= { waiting: [] };
const pictures = here.pictures = new Map(); // by the element that each stands in

function isDark(element) {
  const ground = getComputedStyle(element).getPropertyValue("--st-background-color").trim();
  const probe = (here.probe ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 })).getContext("2d");
  probe.fillStyle = "#fff"; // what is no colour leaves it as it is
  probe.fillStyle = ground || "#fff";
  const colour = probe.fillStyle;
  const [r, g, b] = colour.startsWith("#") ? [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16)) : colour.match(/[\d.]+/g).map(Number);
  return 0.299 * r + 0.587 * g + 0.114 * b < 110;
}

class LogPicture {
  constructor(parent) {
    this.frame = document.createElement("div");
    this.frame.className = "motive-picture";
    this.frame.tabIndex = 0;
    this.frame.setAttribute("role", "group");
    this.line = document.createElement("div"); // what is pointed at, for eyes and ears
    this.line.className = "motive-picture-line";
    this.line.setAttribute("aria-live", "polite");
    parent.append(this.frame, this.line);
    this.at = -1;
    this.frame.addEventListener("keydown", event => this.key(event));
    this.frame.addEventListener("mouseover", event => this.point(event.target.closest?.("g > title")?.parentElement || event.target.closest?.("g")));
    this.frame.addEventListener("mouseleave", () => this.point(null));
    this.frame.addEventListener("click", event => this.pick(event.target.closest?.("[data-place]")));
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this.frame);
  }

  update(component) {
    this.component = component;
    const { svgs, most, alt } = component.data;
    const same = this.svgs && JSON.stringify(this.svgs) === JSON.stringify(svgs);
    this.svgs = svgs;
    this.frame.style.maxHeight = most;
    this.frame.setAttribute("aria-label", alt);
    this.frame.classList.toggle("motive-picks", component.data.picks);
    if (!same) { this.shown = -1; this.at = -1; this.line.textContent = ""; }
    this.draw();
  }

  draw() {
    if (!this.svgs) return;
    this.frame.parentElement?.classList.toggle("motive-dark", isDark(this.frame));
    this.frame.classList.toggle("motive-dark", isDark(this.frame));
    const room = this.frame.clientWidth;
    let best = 0; // the widest that fits, else the narrowest
    this.svgs.forEach((one, k) => { if (one.wide <= room) best = k; });
    if (best === this.shown) {
      this.look();
      return this.idle();
    }
    this.shown = best;
    this.looked = false;
    this.frame.innerHTML = this.svgs[best].svg;
    const svg = this.frame.firstElementChild;
    const { wide, grow } = this.svgs[best];
    if (grow) Object.assign(svg.style, { width: "100%", minWidth: `${0.8 * wide}px`, maxWidth: `${wide}px`, marginInline: "auto" });
    else svg.style.maxWidth = "100%";
    svg.style.height = "auto";
    this.parts = [...this.frame.querySelectorAll("[data-event], [data-place]")];
    this.look();
    this.idle();
  }

  look() { // what matters most is in view from the first, once there is any room
    const found = [...this.frame.querySelectorAll("[data-look]")].map(one => one.getBoundingClientRect());
    const frame = this.frame.getBoundingClientRect();
    if (!found.length || this.looked || !frame.height) return;
    this.looked = true;
    this.frame.scrollTop += Math.min(...found.map(one => one.top)) - frame.top - 40;
    this.frame.scrollLeft += Math.min(...found.map(one => one.left)) - frame.left - 40;
  }

  idle() { // nothing is pointed at: whether there is more than is seen
    if (this.frame.querySelector(".motive-here")) return;
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = this.frame;
    const more = [...(scrollWidth > clientWidth + 4 ? ["sideways"] : []), ...(scrollHeight > clientHeight + 4 ? ["up and down"] : [])];
    this.line.textContent = more.length ? `There is more than is seen: scroll ${more.join(" and ")}, or use the arrow keys.` : "";
  }

  point(part) {
    this.frame.querySelector(".motive-here")?.classList.remove("motive-here");
    const title = part && this.frame.contains(part) ? part.querySelector(":scope > title") : null;
    if (title) part.classList.add("motive-here");
    if (title) this.line.textContent = title.textContent;
    else this.idle();
  }

  key(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step && this.parts.length) {
      event.preventDefault();
      event.stopPropagation();
      this.at = Math.min(Math.max(this.at + step, 0), this.parts.length - 1);
      this.point(this.parts[this.at]);
      this.parts[this.at].scrollIntoView({ block: "nearest", inline: "nearest" });
    } else if (event.key === "Enter" && this.at >= 0) this.pick(this.parts[this.at]);
  }

  pick(part) {
    if (part?.dataset.place !== undefined && this.component.data.picks) this.component.setTriggerValue("place", part.dataset.place);
  }

  gone() { this.watch.disconnect(); }
}

here.show = component => {
  const parent = component.parentElement;
  let one = pictures.get(parent);
  if (!one) pictures.set(parent, one = new LogPicture(parent));
  one.update(component);
  return () => here.gone(parent);
};
here.gone = parent => {
  pictures.get(parent)?.gone();
  pictures.delete(parent);
};
for (const component of here.waiting) here.show(component);
here.waiting = [];

export default () => {};
