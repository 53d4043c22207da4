// The doors through which Streamlit's components come in; those that came before this program was here are let in now.
const maps = here.maps = new Map(); // by the element that each stands in

here.show = component => {
  const parent = component.parentElement;
  let map = maps.get(parent);
  if (!map) maps.set(parent, map = new MotiveMap(parent));
  map.update(component);
  return () => here.gone(parent);
};
here.gone = parent => {
  maps.get(parent)?.gone();
  maps.delete(parent);
};
here.take = take;
for (const bytes of here.fed || []) take(bytes);
here.fed = [];
for (const component of here.waiting) here.show(component);
here.waiting = [];

export default () => {};
