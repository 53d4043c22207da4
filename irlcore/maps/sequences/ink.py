"""What pictures of logs are drawn with: shapes and words as SVG, each with the class of its colour, so that a dark page can recolour them.

A report shows them as they are, light; a page lays ``dark_css`` over them. Texts are escaped here (``svg_words.as_xml``), and nowhere is a
script, an address or an id.
"""

from __future__ import annotations

from irlcore.maps.palette import COLOURS
from irlcore.maps.svg_words import as_xml, light

DARK = "motive-dark"
"""The class of what stands on a dark page."""
ALT = 600  # characters
NAME = 60
"""Characters of an event's name where there is room for all of it."""


def slug(role: str) -> str:
    """A role of the palette as it stands in a class."""
    return role.replace(" ", "-")


def look(fill: str = "", stroke: str = "", width: float = 1.0, dash: str = "", opacity: float = 1.0) -> str:
    """Attributes of a shape; fill, stroke: roles of the palette, empty for none. dash: as SVG has it."""
    classes = " ".join([*([f"f-{slug(fill)}"] if fill else []), *([f"s-{slug(stroke)}"] if stroke else [])])
    out = f'fill="{light(fill) if fill else "none"}"'
    if stroke:
        out += f' stroke="{light(stroke)}" stroke-width="{width:.3g}"'
    if dash:
        out += f' stroke-dasharray="{dash}"'
    if opacity < 1.0:
        out += f' opacity="{opacity:.2g}"'
    return f'{out} class="{classes}"' if classes else out


def box(x: float, y: float, wide: float, high: float, drawn: str, round_by: float = 4.0) -> str:
    """A rectangle; drawn: of ``look``."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="{round_by:.3g}" {drawn}/>'


def line(points: str, drawn: str) -> str:
    """A path by its data."""
    return f'<path d="{points}" {drawn} stroke-linecap="round" stroke-linejoin="round"/>'


def words(x: float, y: float, text: object, size: float = 11.0, colour: str = "text", anchor: str = "start", most: int = NAME,
          bold: bool = False, halo: bool = False) -> str:
    """A text as it is, escaped and cut at ``most`` characters. halo: with a rim in the page's colour, over lines."""
    rim = f' stroke="{light("halo")}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    weight = ' font-weight="600"' if bold else ""
    classes = f"f-{slug(colour)}{' s-halo' if halo else ''}"
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:.3g}" text-anchor="{anchor}" fill="{light(colour)}"{rim}{weight} '
            f'class="{classes}">{as_xml(text, most)}</text>')


def part(body: str, title: str, kind: str = "", number: int = -1) -> str:
    """A group that says what it is. kind, number: what a page may ask of it, "event" 12."""
    asked = f' data-{kind}="{number}"' if kind else ""
    return f"<g{asked}><title>{as_xml(title, 300)}</title>{body}</g>"


def picture(body: str, wide: float, high: float, alt: str) -> str:
    """The whole: a picture that says what is on it to those who cannot see it."""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{as_xml(alt, ALT)}" width="{wide:.0f}" height="{high:.0f}" '
            f'viewBox="0 0 {wide:.0f} {high:.0f}" font-family="system-ui,sans-serif">{body}</svg>')


def dark_css() -> str:
    """Rules that recolour a picture inside of an element of the class ``DARK``."""
    return "\n".join(f".{DARK} .f-{slug(role)}{{fill:{pair.dark}}} .{DARK} .s-{slug(role)}{{stroke:{pair.dark}}}"
                     for role, pair in COLOURS.items())
