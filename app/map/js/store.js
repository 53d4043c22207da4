// What the page keeps for all maps: layers by their digest, the view of each ground. One program serves every map of the page.
const here = window.motiveMaps ??= { waiting: [] };
here.layers ??= new Map();
here.listeners ??= new Set();
const MOST_BYTES = 192 * 1024 * 1024; // of layers that no map shows any more
const TYPES = { f: [Float32Array, 4], u: [Uint32Array, 4], b: [Uint8Array, 1] };
const decoder = new TextDecoder();

// A packet (see packing.py) as its head, with the arrays in the place of what the head tells of them. Bytes that Streamlit hands over stand
// anywhere in a larger buffer, but a Float32Array may only begin at a multiple of four: so they are copied first.
function unpack(bytes, start, length) {
  const own = bytes.slice(start, start + length).buffer;
  const size = new DataView(own).getUint32(0, true);
  const head = JSON.parse(decoder.decode(new Uint8Array(own, 4, size)));
  for (const [name, [type, at, count]] of Object.entries(head.arrays)) {
    head[name] = new TYPES[type][0](own, 4 + size + at, count);
  }
  head.bytes = length;
  delete head.arrays;
  return head;
}

const DIGEST = 24;

// Keeps a layer that came with its name before it; those that were used longest ago go when there is too much.
function keepLayer(bytes, start, length) {
  const digest = decoder.decode(bytes.subarray(start, start + DIGEST));
  if (here.layers.has(digest)) return digest;
  const layer = unpack(bytes, start + DIGEST, length - DIGEST);
  layer.digest = digest;
  here.layers.set(digest, layer);
  let total = 0;
  for (const one of here.layers.values()) total += one.bytes;
  for (const [name, one] of here.layers) {
    if (total <= MOST_BYTES || name === digest) break;
    if (one.shown) continue;
    total -= one.bytes;
    here.layers.delete(name);
  }
  return digest;
}

// From a feeder component: a heavy layer. Maps that wait for it draw again.
function take(bytes) {
  if (!bytes || bytes.length <= DIGEST) return;
  const known = here.layers.size;
  const digest = keepLayer(bytes, 0, bytes.length);
  if (here.layers.size !== known) for (const heard of here.listeners) heard(digest);
}

// The view of a ground, the same on every page: in the window, and in the tab's storage for a reload.
const VIEWS = "motive-map-views";
function keptView(ground) {
  here.views ??= readViews();
  return here.views[ground];
}
function readViews() {
  try { return JSON.parse(sessionStorage.getItem(VIEWS)) || {}; } catch { return {}; }
}
function keepView(ground, view) {
  here.views ??= readViews();
  delete here.views[ground]; // the latest stands last
  here.views[ground] = view;
  const names = Object.keys(here.views);
  for (const old of names.slice(0, Math.max(0, names.length - 20))) delete here.views[old];
  clearTimeout(here.saving); // a storage is slow; not at each step of a drag
  here.saving = setTimeout(() => {
    try { sessionStorage.setItem(VIEWS, JSON.stringify(here.views)); } catch { /* a full or closed storage: the window still knows */ }
  }, 200);
}
