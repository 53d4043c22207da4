// The doors through which Streamlit's components come in; those that came before this program was here are let in now.

// Numbers of the bits that are set: base64 of bytes, the lowest bit first.
function indices(text, n) {
  if (!text) return Array.from({ length: n }, (_, k) => k);
  const bytes = atob(text), found = [];
  for (let k = 0; k < n; k++) if ((bytes.charCodeAt(k >> 3) >> (k & 7)) & 1) found.push(k);
  return found;
}

here.take = data => {
  const name = new TextDecoder().decode(data.subarray(0, 24));
  if (!here.tables.has(name)) {
    here.tables.clear();
    here.tables.set(name, JSON.parse(new TextDecoder().decode(data.subarray(24))));
  }
  for (const list of here.lists.values()) if (list.last) list.update(list.last);
};

for (const data of here.fed ?? []) here.take(data);
here.fed = [];

here.show = component => {
  const { lists } = here, parent = component.parentElement;
  let list = lists.get(parent);
  if (!list) lists.set(parent, list = new ReviewList(parent));
  list.last = component;
  list.update(component);
  return () => here.gone(parent);
};
here.gone = parent => {
  here.lists.get(parent)?.gone();
  here.lists.delete(parent);
};
for (const component of here.waiting) here.show(component);
here.waiting = [];

export default () => {};
