// Colours by what they stand for, on a light or a dark page; fonts of the page.
function isDark(element) {
  const ground = getComputedStyle(element).getPropertyValue("--st-background-color").trim();
  const probe = lookCanvas().getContext("2d");
  probe.fillStyle = "#fff"; // what is no colour leaves it as it is
  probe.fillStyle = ground || "#fff";
  const [r, g, b] = parts(probe.fillStyle);
  return 0.299 * r + 0.587 * g + 0.114 * b < 110;
}

function lookCanvas() {
  return here.probe ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
}

function parts(colour) {
  if (colour.startsWith("#")) return [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16));
  return (colour.match(/[\d.]+/g) || [255, 255, 255]).map(Number);
}

// colour("flagged") -> "#rrggbb"; an unknown role is drawn as text is.
function lookOf(element, colours) {
  const dark = isDark(element), at = dark ? 1 : 0;
  const css = getComputedStyle(element);
  const font = css.getPropertyValue("--st-font").trim() || css.fontFamily || "sans-serif";
  const ground = css.getPropertyValue("--st-background-color").trim() || (dark ? "#10161D" : "#FFFFFF");
  const colour = role => (colours[role] || colours.text || ["#1B2733", "#E6EDF3"])[at];
  return { dark, font, ground, colour, text: colour("text"), halo: ground, accent: css.getPropertyValue("--st-primary-color").trim() || "#0072B2" };
}

const HALO = 3.5; // pixels that a halo adds to the width of a line, both sides together
const DASH = [7, 5];
