"""One HTML file that opens offline: what was done, what the class wants, which tracks deserve a look."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd
import plotly.graph_objects as go

Section = tuple[str, Sequence[str], pd.DataFrame | None, go.Figure | None]
"""Heading, sentences, table, figure."""

HONEST = ("This report ranks what deserves a look. \"Unusual under this model\" is not guilt: the model knows only the "
          "features named here, and people must decide.")
STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b2733}
h1{font-size:1.7rem}h2{font-size:1.25rem;margin-top:2.2rem;border-bottom:1px solid #d5dde5}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #e3e9ef}
.note{background:#f3f6f9;padding:.8rem 1rem;border-left:4px solid #0072b2}footer{color:#667;font-size:.85rem;margin-top:3rem}
@media print{body{margin:0;max-width:none}h2{break-after:avoid}figure{break-inside:avoid}}"""


def report_html(title: str, provenance: str, sections: Sequence[Section], notes: str = "") -> str:
    """The report. sections: (heading, sentences, table, figure), the last two may be None. Texts are escaped."""
    body = [f"<h1>{escape(title)}</h1>", f'<p class="note">{escape(HONEST)}</p>']
    if notes.strip():
        body += ["<h2>Notes</h2>", *(f"<p>{escape(line)}</p>" for line in notes.splitlines() if line.strip())]
    first = True
    for heading, sentences, table, figure in sections:
        body.append(f"<h2>{escape(heading)}</h2>")
        if len(sentences) > 1:
            body.append(f"<ul>{''.join(f'<li>{escape(s)}</li>' for s in sentences)}</ul>")
        else:
            body += [f"<p>{escape(s)}</p>" for s in sentences]
        if figure is not None:
            picture = figure.to_html(full_html=False, include_plotlyjs=first, config={"displaylogo": False})
            body.append(f"<figure>{picture}</figure>")
            first = False
        if table is not None:
            body.append(table.to_html(index=False, float_format=lambda v: f"{v:.4g}", border=0))
    body.append(f"<footer>{escape(provenance)}</footer>")
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
            f"<style>{STYLE}</style></head><body>{''.join(body)}</body></html>")
