// The rows that are in sight, and a few around them: of 15,000 the page holds some thirty.
const ROW = 42; // pixels high, as the style has it
const AROUND = 6;
const here = (window.motiveReview ??= { lists: new Map(), tables: new Map(), waiting: [] });

function make(tag, name, parent, more = {}) {
  const one = document.createElement(tag);
  if (name) one.className = name;
  for (const [key, value] of Object.entries(more)) one.setAttribute(key, value);
  if (parent) parent.append(one);
  return one;
}

class Rows {
  constructor(list, parent) {
    this.list = list;
    this.alone = make("div", "alone", parent, { hidden: "", role: "status" });
    this.box = make("div", "rows", parent, { role: "listbox", tabindex: "0", "aria-multiselectable": "true", "aria-label": "Reviewed tracks, strangest first" });
    this.space = make("div", "space", this.box, { role: "presentation" });
    this.drawn = new Map();
    this.own = this.row(null);
    this.box.addEventListener("scroll", () => this.frame());
    this.box.addEventListener("mousedown", event => { if (event.shiftKey) event.preventDefault(); }); // no text is marked
    this.box.addEventListener("click", event => this.click(event));
    this.sizes = new ResizeObserver(() => this.frame());
    this.sizes.observe(this.box);
  }

  click(event) {
    const row = event.target.closest?.(".row");
    if (!row) return;
    const at = Number(row.dataset.at);
    if (event.shiftKey) this.list.extend(at);
    else if (event.ctrlKey || event.metaKey) this.list.toggle(at);
    else this.list.go(at);
  }

  frame() { this.asked ??= requestAnimationFrame(() => { this.asked = null; this.draw(); }); }

  draw() {
    const { shown } = this.list, height = this.box.clientHeight || 300;
    this.space.style.height = `${shown.length * ROW}px`;
    const first = Math.max(0, Math.floor(this.box.scrollTop / ROW) - AROUND);
    const last = Math.min(shown.length, Math.ceil((this.box.scrollTop + height) / ROW) + AROUND);
    const kept = new Map();
    for (let at = first; at < last; at++) {
      const row = this.drawn.get(at) ?? this.row(this.space);
      this.fill(row, shown[at]);
      this.place(row, at);
      kept.set(at, row);
    }
    for (const [at, row] of this.drawn) if (!kept.has(at)) row.remove();
    this.drawn = kept;
    const current = shown.indexOf(this.list.current);
    if (current >= 0) this.box.setAttribute("aria-activedescendant", `motive-row-${current}`);
    else this.box.removeAttribute("aria-activedescendant");
    this.box.dataset.rows = String(shown.length);
    this.outside(current < 0 && this.list.current >= 0);
  }

  // A track that was selected elsewhere, or is filtered away, is in sight with its picture: a verdict falls on it, and must be seen to.
  outside(is) {
    this.alone.hidden = !is;
    if (!is) { this.alone.replaceChildren(); return; }
    this.fill(this.own, this.list.current);
    if (!this.own.isConnected) this.alone.append(make("div", "said"), this.own);
    this.alone.firstChild.textContent = "Selected, and not in this list";
  }

  row(parent) {
    const row = make("div", "row", parent, { role: parent ? "option" : "group" }), top = make("div", "top", row);
    for (const name of ["track", "score", "place", "verdict"]) row[name] = make("span", name, top);
    row.why = make("div", "why", row);
    return row;
  }

  // All texts are the user's data: they are set as text, never as markup.
  fill(row, k) {
    const { list } = this, { table } = list, outcome = list.outcome(k);
    const said = [table.ids[k], table.scores[k], table.places[k], list.data.labels[outcome] ?? "", table.lines[k]];
    [row.track, row.score, row.place, row.verdict, row.why].forEach((part, i) => { if (part.textContent !== said[i]) part.textContent = said[i]; });
    row.title = `${said[0]}: ${said[4]}`;
    row.dataset.track = said[0];
    row.dataset.outcome = outcome;
    row.classList.toggle("current", k === list.current);
    row.classList.toggle("flagged", Boolean(table.flagged[k]));
  }

  place(row, at) {
    const { shown, marked } = this.list;
    row.id = `motive-row-${at}`;
    row.dataset.at = String(at);
    row.style.top = `${at * ROW}px`;
    row.setAttribute("aria-selected", String(marked.has(shown[at])));
    row.setAttribute("aria-setsize", String(shown.length));
    row.setAttribute("aria-posinset", String(at + 1));
  }

  reveal(at) {
    const { scrollTop, clientHeight } = this.box, top = at * ROW;
    if (top < scrollTop) this.box.scrollTop = top;
    else if (top + ROW > scrollTop + clientHeight) this.box.scrollTop = top + ROW - clientHeight;
  }
}
