"""One HTML file that opens offline: what was done, what the class wants, which tracks deserve a look.

It carries a content-security policy of its own: the browser that opens it, from wherever, loads nothing from elsewhere and runs no script
but the ones that were written here, which it knows by their hashes. So a text that should escape its place all the same does nothing.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

import pandas as pd
import plotly.graph_objects as go

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
"""plotly sets styles, and makes pictures of plots as data and blobs; no address of a host is allowed anywhere."""


def report_html(title: str, provenance: str, sections: Sequence[Section], notes: str = "") -> str:
    """The report. sections: (heading, sentences, table, figure), the last two may be None. Texts are shown as text."""
    body = [f"<h1>{as_html(title)}</h1>", f'<p class="note">{as_html(HONEST)}</p>']
    if notes.strip():
        body += ["<h2>Notes</h2>", *(f"<p>{as_html(line, SENTENCE)}</p>" for line in notes.splitlines() if line.strip())]
    pictures: list[str] = []
    for heading, sentences, table, figure in sections:
        body.append(f"<h2>{as_html(heading)}</h2>")
        if len(sentences) > 1:
            body.append(f"<ul>{''.join(f'<li>{as_html(s, SENTENCE)}</li>' for s in sentences)}</ul>")
        else:
            body += [f"<p>{as_html(s, SENTENCE)}</p>" for s in sentences]
        if figure is not None:
            pictures.append(figure.to_html(full_html=False, include_plotlyjs=not pictures, config={"displaylogo": False}))
            body.append(f"<figure>{pictures[-1]}</figure>")
        if table is not None:
            body.append(each_text(table, printable).to_html(index=False, float_format=lambda v: f"{v:.4g}", border=0))
    body.append(f"<footer>{as_html(provenance, SENTENCE)}</footer>")
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8">{_policy(pictures)}<title>{as_html(title, NAME)}</title>'
            f"<style>{STYLE}</style></head><body>{''.join(body)}</body></html>")


def _policy(pictures: Sequence[str]) -> str:
    """The policy as an element of the head; the scripts allowed are those of ``pictures``, which no text of a user's is part of."""
    scripts = [code for picture in pictures for code in re.findall(r"<script[^>]*>(.*?)</script>", picture, re.DOTALL)]
    hashes = [f"'sha256-{b64encode(sha256(code.encode()).digest()).decode()}'" for code in scripts]
    policy = POLICY.format(scripts=" ".join(hashes) or "'none'")
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
