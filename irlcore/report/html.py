"""One HTML file that opens offline: what was done, what the class wants, which tracks deserve a look.

It carries a content-security policy of its own: the browser that opens it, from wherever, loads nothing from elsewhere and runs two scripts
alone, which it knows by their hashes: plotly's, and ``DRAW``. Neither has a text of a user's in it, since figures lie beside them as data.
So a text that should escape its place all the same does nothing.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

import pandas as pd
import plotly.graph_objects as go
from plotly.basedatatypes import BaseTraceType
from plotly.offline import get_plotlyjs

from irlcore.report.maps import CLEAR
from irlcore.report.text import NAME, as_html, each_text, printable

Section = tuple[str, Sequence[str], pd.DataFrame | None, go.Figure | None]
"""Heading, sentences, table, figure."""

HONEST = ("This report ranks what deserves a look. \"Unusual under this model\" is not guilt: the model knows only the "
          "features named here, and people must decide.")
STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;overflow-wrap:anywhere;margin:2rem auto;padding:0 1rem;color:#1b2733}
h1{font-size:1.7rem}h2{font-size:1.25rem;margin-top:2.2rem;border-bottom:1px solid #d5dde5}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #e3e9ef}
.note{background:#f3f6f9;padding:.8rem 1rem;border-left:4px solid #0072b2}footer{color:#667;font-size:.85rem;margin-top:3rem}
@media print{body{margin:0;max-width:none}h2{break-after:avoid}figure{break-inside:avoid}}"""


SENTENCE = 5000  # characters: the longest names every feature of a fit
POLICY = ("default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'; "
          "script-src {scripts}")
"""plotly sets styles, and makes pictures of plots as data and blobs; no address of a host is allowed anywhere. Nothing is compiled from
text ('unsafe-eval'), which plotly needs for WebGL alone: figures are drawn without."""
DRAW = """for (const told of document.querySelectorAll("script.figure")) {
  const {data, layout} = JSON.parse(told.textContent);
  Plotly.newPlot(told.previousElementSibling, data, layout, {displaylogo: false, responsive: true});
}"""
"""Draws each figure above its data."""


def report_html(title: str, provenance: str, sections: Sequence[Section], notes: str = "") -> str:
    """The report. sections: (heading, sentences, table, figure), the last two may be None. Texts are shown as text."""
    body = [f"<h1>{as_html(title)}</h1>", f'<p class="note">{as_html(HONEST)}</p>']
    if notes.strip():
        body += ["<h2>Notes</h2>", *(f"<p>{as_html(line, SENTENCE)}</p>" for line in notes.splitlines() if line.strip())]
    figures = any(figure is not None for *_, figure in sections)
    for heading, sentences, table, figure in sections:
        body.append(f"<h2>{as_html(heading)}</h2>")
        if len(sentences) > 1:
            body.append(f"<ul>{''.join(f'<li>{as_html(s, SENTENCE)}</li>' for s in sentences)}</ul>")
        else:
            body += [f"<p>{as_html(s, SENTENCE)}</p>" for s in sentences]
        if figure is not None:
            body.append(f'<figure><div></div><script type="application/json" class="figure">{_data(figure)}</script></figure>')
        if table is not None:
            body.append(each_text(table, printable).to_html(index=False, float_format=lambda v: f"{v:.4g}", border=0))
    body.append(f"<footer>{as_html(provenance, SENTENCE)}</footer>")
    scripts = (get_plotlyjs(), DRAW) if figures else ()
    body += [f"<script>{code}</script>" for code in scripts]
    policy = POLICY.format(scripts=" ".join(map(_hash, scripts)) or "'none'")
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
            f"<title>{as_html(title, NAME)}</title><style>{STYLE}</style></head><body>{''.join(body)}</body></html>")


@lru_cache(maxsize=2)
def _hash(code: str) -> str:
    """A script as a policy names it."""
    return f"'sha256-{b64encode(sha256(code.encode()).digest()).decode()}'"


def _data(figure: go.Figure) -> str:
    """The figure as JSON in which no sign ends the element that it lies in."""
    told: str = go.Figure([one for trace in figure.data for one in _without_webgl(trace)], figure.layout).to_json()
    return told.replace("<", "\\u003c")


def _without_webgl(trace: BaseTraceType) -> list[BaseTraceType]:
    """A trace as SVG draws it, [] where nothing of it is seen or told. Markers in no colour are there to be clicked, and in SVG each of
    30,000 would be an element of its own; what they tell on hovering, the corners of their lines tell too."""
    if trace.type != "scattergl":
        return [trace]
    told = {key: value for key, value in trace.to_plotly_json().items() if key != "type"}
    if trace.marker.color == CLEAR:
        if "lines" in told["mode"]:
            told["mode"] = "lines"
        elif told.get("hoverinfo") == "skip":
            return []
    return [go.Scatter(told)]
