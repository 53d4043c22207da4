"""The pages hang together, and nothing in them comes from elsewhere: no builder is needed to see that."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.site.contents import FIRST, MORE, contents, markdown, missing
from docs.site.contents import pages as names
from docs.site.outward import shortened
from tests.docs import DOCS, ROOT, anchors, links, pages, prose

MADE = re.compile(r"<!-- made: (.+?) -->")
READ = [*pages(), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "sample_data/README.md"))]
ELSEWHERE = ("http://", "https://", "mailto:")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def label(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def test_every_page_that_the_navigation_names_is_there_and_every_page_is_in_it_once() -> None:
    there = names()
    assert len(there) > 15 and missing(there) == []
    listed = [page for under in contents(there).values() for page in under]
    assert sorted([FIRST, *listed]) == there
    assert all(f"\n{page}\n" in markdown(there) for page in listed)


def test_a_page_that_is_not_there_is_missed_and_one_that_nobody_named_is_listed_last() -> None:
    assert missing(["index", "loop"]) and "index" not in missing(["index", "loop"])
    found = contents(["index", "loop", "extending/features", "of-its-own"])
    assert list(found)[-1] == MORE and found[MORE] == ["of-its-own"] and ["extending/features"] in found.values()


@pytest.mark.parametrize("page", READ, ids=label)
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = []
    for _, target in links(text_of(page)):
        if target.startswith(ELSEWHERE):
            continue
        path, _, anchor = target.partition("#")
        to = (page.parent / path).resolve() if path else page
        if not to.exists() or (anchor and anchor not in anchors(text_of(to))):
            lost.append(target)
    assert lost == []


def test_a_link_to_the_source_is_shown_as_its_words_on_the_site() -> None:
    page = DOCS / "extending" / "page.md"
    text = "[here](../worlds.md#a) [`there`](../../irlcore/errors.py) [far](https://e.org/a) ![p](../p.png)\n```\n[x](../../a.py)\n```\n"
    assert shortened(text, page, DOCS) == text.replace("[`there`](../../irlcore/errors.py)", "`there`")
    assert shortened("[a](../README.md)", DOCS / "page.md", DOCS) == "a"


@pytest.mark.parametrize("page", READ, ids=label)
def test_nothing_is_fetched_from_elsewhere(page: Path) -> None:
    assert not [target for image, target in links(text_of(page)) if image and target.startswith(ELSEWHERE)]
    assert not re.search(r"<(script|link|img|iframe|style|object|embed|video)\b", prose(text_of(page)), re.IGNORECASE)


@pytest.mark.parametrize("page", pages(), ids=label)
def test_a_page_has_one_title_and_its_pictures_have_words(page: Path) -> None:
    said = re.sub(r"^```.*?^```", "", text_of(page), flags=re.MULTILINE | re.DOTALL)
    assert len(re.findall(r"^# ", said, re.MULTILINE)) == 1 and said.startswith("# ")
    assert "![](" not in said


def test_what_pages_say_is_made_is_made() -> None:
    """Each mark has somebody who fills it in, and nobody makes what no page shows. Read, not run: that needs the builder."""
    made = re.search(r"^MADE = \{(.*?)^\}", (DOCS / "site" / "conf.py").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert made is not None
    assert set(re.findall(r'"(.+?)":', made[1])) == {mark for page in pages() for mark in MADE.findall(text_of(page))}


def test_the_readers_of_pages_see_what_is_wrong() -> None:
    text = "# A `b`, c\n\n[x](y.md#z) ![p](https://e.org/p.png)\n\n```python\n[no](link)\n```\n\n## A b c\n\n### A b c\n"
    assert links(text) == [(False, "y.md#z"), (True, "https://e.org/p.png")]
    assert anchors(text) == {"a-b-c", "a-b-c-1", "a-b-c-2"}
