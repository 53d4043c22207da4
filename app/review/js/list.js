// The list: which track is current, which are marked, what was decided here and is not yet confirmed by the server.
const WAIT = 60; // ms: of steps that follow each other faster, the server hears of the last
const MOST_PICKED = 2000; // rows that the server is told of
const FRESH = 10_000; // ms in which a step made on an element that is gone is still meant; a verdict always is

// By the list's key: Streamlit may put the list on the page anew while the server has not yet heard of what was done on it.
function keptOf(key) {
  here.kept ??= new Map();
  if (!here.kept.has(key)) here.kept.set(key, { of: null, pending: [], done: [] });
  const kept = here.kept.get(key);
  kept.pending = kept.pending.filter(act => act.select === undefined || act.n > Date.now() - FRESH); // numbers are times
  return kept;
}

class ReviewList {
  constructor(parent) {
    this.root = make("div", "review-list", parent);
    this.shown = [];
    this.marked = new Set();
    this.current = -1;
    this.parts();
    this.keys = new Keys(this);
  }

  get pending() { return this.kept.pending; }
  set pending(acts) { this.kept.pending = acts; }

  parts() {
    const top = make("div", "tools", this.root);
    this.search = make("input", "search", top, { type: "search", placeholder: "Search by id  ( / )", "aria-label": "Search by id", "aria-keyshortcuts": "/", spellcheck: "false" });
    this.search.addEventListener("input", () => { this.relist(); this.rows.box.scrollTop = 0; });
    this.search.addEventListener("keydown", event => this.searched(event));
    this.count = make("span", "count", top, { role: "status" });
    this.before = this.button(top, "Previous", "p", () => this.step(-1, false));
    this.after = this.button(top, "Next", "n", () => this.step(1, false));
    this.rows = new Rows(this, this.root);
    this.empty = make("div", "empty", this.root, { hidden: "" });
    this.reason = make("input", "reason", this.root, { type: "text", "aria-label": "Your reason", placeholder: "Your reason (optional), then what it is" });
    this.reason.addEventListener("keydown", event => { if (event.key === "Enter" || event.key === "Escape") this.rows.box.focus(); });
    this.verdicts = make("div", "verdicts", this.root, { role: "group", "aria-label": "What it is" });
  }

  button(parent, label, key, act, help = "") {
    const one = make("button", "act", parent, { type: "button", "aria-keyshortcuts": key, title: help || `${label} (${key})` });
    make("span", "", one).textContent = label;
    make("kbd", "", one, { "aria-hidden": "true" }).textContent = key;
    one.addEventListener("click", act);
    return one;
  }

  update({ data, setStateValue }) {
    const table = here.tables.get(data.table), anew = this.data?.session !== data.session; // a new element, or a new session
    this.kept ??= keptOf(data.key);
    this.data = data;
    this.send = setStateValue;
    this.pending = this.pending.filter(act => act.n > data.heeded && act.of === data.of);
    if (anew && this.pending.length) this.tellServer(); // what it was told before is lost, or of another session
    this.buttons();
    if (!table) return; // it is on its way, and brings this about again
    this.table = table;
    if (this.of !== data.of) { this.of = data.of; this.marked.clear(); this.current = -1; }
    if (this.kept.of !== data.of) { this.kept.of = data.of; this.kept.done = []; } // done: for undo to show at once
    this.listed = indices(data.rows, table.ids.length);
    const meant = this.pending.at(-1);
    if (!meant || this.current < 0) this.settle(meant?.select ?? meant?.then ?? data.selected);
    this.relist();
  }

  // Where the server says that another track is selected, on the map or another page.
  settle(k) {
    if (k === this.current) return;
    this.current = k;
    this.marked = new Set(k < 0 ? [] : [k]);
    this.wanted = k;
    this.reason.value = ""; // it was about another track
  }

  buttons() {
    if (this.verdicts.childElementCount) return;
    this.data.outcomes.forEach((outcome, i) => {
      const one = this.button(this.verdicts, this.data.actions[i], String(i + 1), event => {
        if (event.detail < 2) this.decide(outcome); // the second click of a double one would fall on the next track
      }, this.data.helps[i]);
      one.dataset.outcome = outcome;
    });
    this.button(this.verdicts, "Undo", "u", () => this.undo(), "Take the last verdict back").classList.add("undo");
  }

  relist() {
    if (!this.table) return;
    const text = this.search.value.trim().toLowerCase();
    const found = text ? this.table.ids.flatMap((id, k) => (id.toLowerCase().includes(text) ? [k] : [])) : this.listed;
    this.shown = found;
    this.marked = new Set(this.inSight());
    this.empty.hidden = found.length > 0;
    this.empty.textContent = text ? "No reviewed track has such an id." : this.data.empty;
    this.rows.box.hidden = !found.length;
    this.tell();
  }

  // The marked rows that are listed, else the current one, whose picture is in sight.
  inSight() {
    const shown = new Set(this.shown), marked = [...this.marked].filter(k => shown.has(k));
    return marked.length || this.current < 0 ? marked : [this.current];
  }

  tell() {
    const at = this.shown.indexOf(this.current), many = this.marked.size;
    this.count.textContent = many > 1 ? `${many.toLocaleString("en")} marked` : `${at < 0 ? "–" : (at + 1).toLocaleString("en")} of ${this.shown.length.toLocaleString("en")}`;
    this.before.disabled = !this.shown.length || at === 0;
    this.after.disabled = !this.shown.length || at === this.shown.length - 1;
    const mine = this.current < 0 ? "" : this.outcome(this.current);
    for (const one of this.verdicts.children) {
      if (one.dataset.outcome) one.setAttribute("aria-pressed", String(one.dataset.outcome === mine));
    }
    if (this.wanted >= 0 && at >= 0) { this.rows.draw(); this.rows.reveal(at); this.wanted = -1; }
    this.root.dataset.current = this.table.ids[this.current] ?? "";
    this.root.dataset.pending = String(this.pending.length);
    this.rows.draw();
  }

  // What is decided on row k, by what is not yet confirmed and else by the server.
  outcome(k) {
    for (let i = this.pending.length - 1; i >= 0; i--) {
      const found = this.pending[i].shows?.get(k);
      if (found !== undefined) return found;
    }
    return this.data.verdicts[k] ?? "";
  }

  go(at) { this.select(this.shown[at], true); }

  select(k, tell) {
    if (k === undefined) return;
    this.current = this.anchor = k;
    this.marked = new Set([k]);
    this.wanted = k;
    this.reason.value = "";
    if (tell) this.act({ select: k });
    this.tell();
  }

  // From a track that is not listed the next one is the next less strange that is.
  step(by, extend) {
    const { shown, current } = this, last = shown.length - 1;
    let at = shown.indexOf(current);
    if (at < 0) at = shown.findIndex(k => k > current) - (by > 0 ? 1 : 0);
    const next = Math.max(0, Math.min(last, at + by));
    if (last < 0 || shown[next] === current) return;
    if (extend) this.extend(next);
    else this.go(next);
  }

  extend(at) {
    const from = Math.max(0, this.shown.indexOf(this.anchor ?? this.current)), low = Math.min(from, at), high = Math.max(from, at);
    this.marked = new Set(this.shown.slice(low, high + 1));
    this.move(at);
  }

  toggle(at) {
    const k = this.shown[at];
    if (this.marked.has(k) && this.marked.size > 1) this.marked.delete(k);
    else this.marked.add(k);
    this.anchor = k;
    this.move(at);
  }

  all() {
    this.marked = new Set(this.shown);
    if (this.current >= 0) this.act({ select: this.current, picked: this.picked() });
    this.tell();
  }

  move(at) {
    this.current = this.wanted = this.shown[at];
    this.act({ select: this.current, picked: this.picked() });
    this.tell();
  }

  // Of several marked rows the server says how many may be normal.
  picked() { return this.marked.size > 1 && this.marked.size <= MOST_PICKED ? [...this.marked] : []; }

  decide(outcome) {
    const chosen = this.inSight().sort((a, b) => a - b);
    if (!chosen.length || !this.table) return;
    const before = new Map(chosen.map(k => [k, this.outcome(k)]));
    const last = this.shown.indexOf(chosen.at(-1)), open = k => !this.outcome(k) && !this.marked.has(k);
    const next = this.shown.slice(last + 1).find(open) ?? this.shown.slice(0, Math.max(last, 0)).find(open) ?? chosen.at(-1);
    if (!this.reason.value.trim() && chosen.every(k => before.get(k) === outcome)) { this.select(next, true); return; } // it stands already
    this.kept.done.push(before);
    this.act({ verdict: outcome, rows: chosen, reason: this.reason.value, then: next }, new Map(chosen.map(k => [k, outcome])));
    this.select(next, false);
  }

  undo() {
    const before = this.kept.done.pop();
    this.act({ undo: true }, before);
    const first = before && [...before.keys()][0];
    if (first !== undefined) this.select(first, false);
    else this.tell();
  }

  // Acts are numbered and sent again until the server has confirmed them: of two messages while it is busy only the later arrives.
  act(what, shows) {
    here.acted = Math.max((here.acted || 0) + 1, Date.now());
    if (what.select !== undefined) this.pending = this.pending.filter(one => one.select === undefined);
    this.pending.push({ n: here.acted, of: this.data.of, ...what, shows });
    clearTimeout(this.later);
    if (what.select === undefined) this.tellServer();
    else this.later = setTimeout(() => this.tellServer(), performance.now() - (this.told ?? -WAIT) < WAIT ? WAIT : 0);
  }

  tellServer() {
    this.told = performance.now();
    this.send("acts", this.pending.map(({ shows, ...act }) => ({ ...act, session: this.data.session })));
  }

  searched(event) {
    if (event.key === "Escape") { this.search.value = ""; this.relist(); this.rows.box.focus(); }
    if (event.key === "ArrowDown") this.rows.box.focus();
    if (event.key !== "Enter" || !this.shown.length) return;
    const k = this.shown.includes(this.current) ? this.current : this.shown[0];
    this.search.value = "";
    this.relist();
    this.select(k, true);
    this.rows.box.focus();
  }

  gone() {
    clearTimeout(this.later);
    this.keys.gone();
    this.rows.sizes.disconnect();
    this.root.remove();
  }
}
