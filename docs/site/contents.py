"""The order of the pages, beside the text on the left of every page.

A page is named by its path without ``.md``. A name with ``*`` stands for as many pages as fit, none among them; pages that nobody
named are listed last, so that no page is ever out of reach.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

PAGES = Path(__file__).resolve().parents[1]
FIRST = "index"
"""The page that the others hang on."""
GROUPS: dict[str, tuple[str, ...]] = {
    "First steps": ("loop", "features", "review", "sure"),
    "The method": ("models", "fitting", "abnormal", "triage", "roaming", "logs", "sequences-language"),
    "In and out": ("files", "worlds", "report"),
    "Beyond the browser": ("python*", "command-line*", "serving", "many-machines"),
    "For developers": ("extending*", "reference", "reference-*"),
    "How it compares": ("compared",),
}
"""Heading -> pages in order."""
MORE = "More"


def pages(folder: Path = PAGES) -> list[str]:
    """Every page there is, by name."""
    return sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.md"))


def contents(there: list[str]) -> dict[str, list[str]]:
    """Heading -> the pages under it, of those that there are; what no group names is under ``MORE``."""
    left = [page for page in there if page != FIRST]
    found: dict[str, list[str]] = {}
    for heading, wanted in GROUPS.items():
        found[heading] = []
        for one in wanted:
            found[heading] += [page for page in left if fnmatchcase(page, one)]
            left = [page for page in left if not fnmatchcase(page, one)]
    return {heading: listed for heading, listed in {**found, MORE: left}.items() if listed}


def missing(there: list[str]) -> list[str]:
    """Pages that a group names in full and that there are not."""
    return [one for wanted in GROUPS.values() for one in (FIRST, *wanted) if "*" not in one and one not in there]


def markdown(there: list[str] | None = None) -> str:
    """The tables of contents as MyST reads them, unseen on the page itself."""
    return "\n".join(f"```{{toctree}}\n:hidden:\n:caption: {heading}\n\n" + "\n".join(listed) + "\n```\n"
                     for heading, listed in contents(pages() if there is None else there).items())
