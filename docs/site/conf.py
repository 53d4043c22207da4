"""What Sphinx reads: which pages, how they look, and what is made while they are read (``make docs``)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import irlcore
from docs.site import contents, docstrings, formulas, kinds, outward, reference

project = "Motive"
author = "The Motive developers"
release = version = irlcore.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
root_doc = contents.FIRST
exclude_patterns = ["site"]

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4  # the anchors that a repository's own view of these pages has
autodoc_member_order = "bysource"
autodoc_class_signature = "separated"
autodoc_default_options = {"exclude-members": "__init__, __new__"}
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
html_math_renderer = "mathml"

html_theme = "furo"
html_title = "Motive"
html_show_sourcelink = html_show_copyright = html_copy_source = False
html_show_search_summary = False  # it would be fetched, which no browser does for files
html_static_path = ["theme"]
html_css_files = ["site.css"]
html_js_files = [("light.js", {"priority": 1})]
html_last_updated_fmt = None  # the same pages give the same site

MADE = {
    "contents": contents.markdown,
    "feature kinds": kinds.feature_kinds,
    "models": kinds.models,
    "estimators": kinds.estimators,
    "verdicts": kinds.verdicts,
    "names": reference.face_markdown,
    "types": reference.types_markdown,
}
"""What stands for ``<!-- made: NAME -->`` on a page."""


def fill_in(app: Any, page: str, source: list[str]) -> None:
    """Put what is made into a page that is being read, and leave out where the site cannot lead."""
    source[0] = outward.shortened(source[0], contents.PAGES / f"{page}.md", contents.PAGES)
    for name, make in MADE.items():
        mark = f"<!-- made: {name} -->"
        if mark in source[0]:
            source[0] = source[0].replace(mark, make())


def plain(app: Any, what: str, name: str, one: Any, options: Any, lines: list[str]) -> None:
    """Show a docstring as the plain text that it is."""
    lines[:] = docstrings.restructured(lines)


def setup(app: Any) -> dict[str, bool]:
    """Take part in what Sphinx does."""
    app.add_html_math_renderer("mathml", inline_renderers=(formulas.inline, None), block_renderers=(formulas.block, None))
    app.connect("source-read", fill_in)
    app.connect("autodoc-process-docstring", plain)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
