"""The site itself: what is made for its pages, and, where its builder is installed, that it is built whole and fetches nothing."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import irlcore
from docs.site import docstrings, kinds, reference
from irlcore.features.base import KINDS
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.rationality.models import MODELS
from tests.docs import ROOT, pages

TOOLS = ROOT / "build" / "docs-tools"  # where `make docs` puts the builder
BUILDER = importlib.util.find_spec("sphinx") is not None or (TOOLS / "sphinx").is_dir()
FETCHED = re.compile(r"""(?:\bsrc|<link[^>]*\bhref|url\(|@import)\s*=?\s*["'(]?\s*(?:https?:)?//[^"')\s>]+""")


def test_every_kind_model_and_estimator_is_told_with_all_that_it_can_be_asked() -> None:
    shown = kinds.feature_kinds()
    assert len(KINDS) > 10 and all(f"`{name}`" in shown for name in KINDS)
    assert all(f"| `{one.name}` |" in shown for kind in KINDS.values() for one in kind.parameters)
    assert {one.type for kind in KINDS.values() for one in kind.parameters} <= set(kinds.TYPES)
    assert all(f"(`{name}`)" in kinds.models() for name in MODELS) and all(f"(`{name}`)" in kinds.estimators() for name in ESTIMATORS)


def test_a_cell_of_a_table_shows_its_text_as_it_is() -> None:
    assert kinds.cell("a | b_c\n <d> *e*") == r"a \| b\_c \<d\> \*e\*"


def test_the_reference_holds_every_name_of_the_face_and_the_types_behind_them() -> None:
    names = reference.face()
    assert set(names) == set(irlcore._FACE)
    told = reference.face_markdown() + reference.types_markdown()
    assert all(f":: irlcore.{name}\n" in told for name in names)
    behind = reference.behind(names)
    assert set(reference.MORE) <= {*behind, *(reference.full(one) for one in names.values() if isinstance(one, type))}
    assert {reference.full(one) for one in behind.values()} == set(behind)


def test_a_docstring_shows_as_the_plain_text_that_it_is() -> None:
    lines = ["sigma^2 |r| is *not* emphasis, ``code_`` and `name` are, x_ is not.", "", "    V = max Q * 2", "", ">>> 1 * 1", "1"]
    shown = r"sigma^2 \|r\| is \*not\* emphasis, ``code_`` and ``name`` are, x\_ is not."
    assert docstrings.restructured(lines) == [shown, "", "::", "", "    V = max Q * 2", "", ">>> 1 * 1", "1", ""]


def test_what_would_be_fetched_is_seen() -> None:
    for one in ('<script src="https://e.org/x.js">', '<link rel="stylesheet" href="//e.org/x.css">', "a { b: url(http://e.org/f.woff) }",
                '@import "https://e.org/x.css"'):
        assert FETCHED.search(one), one
    assert not FETCHED.search('<a href="https://e.org/">there</a> <script src="_static/x.js"></script>')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` builds it; each warning is an error."""
    if not BUILDER:
        pytest.skip("the builder of the docs is not installed: `make docs` does that")
    out = tmp_path_factory.mktemp("site")
    paths = os.pathsep.join(str(one) for one in (ROOT, TOOLS, *filter(None, [os.environ.get("PYTHONPATH", "")])))
    asked = ["-m", "sphinx", "-q", "-W", "--keep-going", "-E", "-d", str(out / "trees"), "-c", "docs/site", "docs", str(out / "html")]
    done = subprocess.run([sys.executable, *asked], cwd=ROOT, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return out / "html"


def test_every_page_is_built_and_leads_to_every_other(site: Path) -> None:
    names = [page.relative_to(ROOT / "docs").with_suffix(".html").as_posix() for page in pages()]
    first = (site / "index.html").read_text(encoding="utf-8")
    assert all((site / name).is_file() for name in names)
    assert all(f'href="{name}"' in first for name in names if name != "index.html")


def test_links_within_the_site_lead_somewhere(site: Path) -> None:
    lost = []
    ids = {page: set(re.findall(r'\bid="([^"]+)"', page.read_text(encoding="utf-8"))) for page in site.rglob("*.html")}
    for page in ids:
        for target in re.findall(r'<a [^>]*href="([^"]+)"', page.read_text(encoding="utf-8")):
            path, _, anchor = target.partition("#")
            to = (page.parent / path).resolve() if path else page
            if not target.startswith(("http:", "https:")) and (not to.exists() or (anchor and to in ids and anchor not in ids[to])):
                lost.append((page.name, target))
    assert lost == []


def test_the_site_opens_offline(site: Path) -> None:
    """No script, style, font or picture from elsewhere, in pages or in what they load; formulas are MathML, kinds and names are there."""
    read = [path for kind in ("*.html", "*.css", "*.js") for path in site.rglob(kind)]
    assert not [(path.name, found[0]) for path in read if (found := FETCHED.search(path.read_text(encoding="utf-8")))]
    assert (site / "models.html").read_text(encoding="utf-8").count("<math") > 50
    assert "<!-- made: " not in "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.html"))
    told = (site / "features.html").read_text(encoding="utf-8")
    assert all(f">{name}</span>" in told for name in KINDS)


def test_formulas_are_read_whole(site: Path) -> None:
    assert "merror" not in (site / "models.html").read_text(encoding="utf-8")
