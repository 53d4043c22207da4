"""The report opens offline, shows what is in names as text, whatever they hold, and can be read by a machine that reads aloud."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from irlcore.report.contents import SECTIONS, contents_of
from irlcore.report.html import HONEST, MOST_ASKED, POLICY, report_body, report_html, with_images
from irlcore.report.intent_words import CAUTION
from irlcore.report.weights_svg import weights_svg
from tests.report import EVIL
from tests.report.made import contents_with, town

VOID = ("meta", "br", "img", "link")


class Page(HTMLParser):
    """Tags with their attributes, the text that is read, and that every element ends where it should."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.open = "", [""]
        self.feed(html)
        self.close()
        assert self.open == [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1] != "style":
            self.text += data + "\n"

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.tags if name == tag]


@pytest.fixture(scope="module")
def evil() -> Page:
    return Page(report_html(contents_with(EVIL)))


def test_nothing_is_loaded_or_run(evil: Page) -> None:
    loading = {"script", "link", "iframe", "object", "embed", "base", "img", "image", "use", "a", "form"}
    assert not [tag for tag, _ in evil.tags if tag in loading]
    attributes = [pair for tag, found in evil.tags if tag != "meta" for pair in found.items()]
    assert not [key for key, _ in attributes if key in ("src", "href", "data", "action", "srcset", "style") or key.startswith("on")]
    assert {found["content"] for found in evil.all("meta") if found.get("http-equiv") == "Content-Security-Policy"} == {POLICY}
    assert "script-src" not in POLICY and POLICY.startswith("default-src 'none'") and "http" not in POLICY


def test_the_style_asks_for_nothing_and_is_of_the_report_alone() -> None:
    style = re.findall(r"<style>(.*?)</style>", report_html(contents_with("a")), re.DOTALL)[0]
    assert not re.search(r"url\(|@import|@font-face|<", style)
    rules = re.findall(r"(?:^|})\s*([^{}@]+){", style.replace("@media print{", "}"))
    assert [one for one in rules if not all(part.strip().startswith((".motive-report", "body")) for part in one.split(","))] == []


def test_a_text_is_read_as_text_wherever_it_is_told(evil: Page) -> None:
    plain = Page(report_html(contents_with("PLAIN")))
    assert evil.text.count(EVIL) == plain.text.count("PLAIN") > 40
    assert [tag for tag, _ in evil.tags] == [tag for tag, _ in plain.tags]


@pytest.mark.parametrize("text", ["\"></td></table><img src=x onerror=alert(1)> & 'more'", "</style><script>alert(1)</script>", "a\x00b",
                                  "x" * 100_000, "\u202etxt.exe"])
def test_a_text_that_ends_its_place_stays_in_it(text: str) -> None:
    html = report_html(contents_with(text))
    assert [tag for tag, _ in Page(html).tags] == [tag for tag, _ in Page(report_html(contents_with("a"))).tags]
    assert "\u202e" not in html and "\x00" not in html
    html.encode()


def test_what_is_read_aloud_has_a_heading_a_name_and_a_head(evil: Page) -> None:
    assert len(evil.all("h1")) == 1 and len(evil.all("main")) == 1
    levels = [int(tag[1]) for tag, _ in evil.tags if re.fullmatch("h[1-6]", tag)]
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert all(found.get("role") == "img" and found.get("aria-label") for found in evil.all("svg"))
    heads = evil.all("th")
    assert heads and all(found.get("scope") in ("col", "row") for found in heads)
    assert len(evil.all("caption")) == len(evil.all("table"))


@pytest.mark.parametrize("left_out", SECTIONS)
def test_each_part_can_be_left_out_and_takes_nothing_else_with_it(left_out: str) -> None:
    sections = tuple(key for key in SECTIONS if key != left_out)
    whole, part = (Page(report_html(contents_with("TEXT", which))).text for which in (tuple(SECTIONS), sections))
    assert f"{SECTIONS[left_out]}\n" in whole and f"{SECTIONS[left_out]}\n" not in part
    assert all(f"{SECTIONS[key]}\n" in part for key in sections)
    assert HONEST in part


def test_the_parts_stand_in_the_order_in_which_they_are_read() -> None:
    text = Page(report_html(contents_with("TEXT"))).text
    at = [text.index(f"{heading}\n") for heading in SECTIONS.values()]
    assert at == sorted(at)


def test_tables_hold_every_row_with_numbers_to_four_digits_and_names_in_full() -> None:
    name = "a vessel whose name is a good deal longer than the fifty characters of a narrow column"
    rows = pd.DataFrame({"track": [name, *(f"track {k}" for k in range(500))], "p": 0.0123456, "flagged": True, "none": float("nan")})
    page = Page(report_html(replace(contents_with("a"), more=rows)))
    assert name in page.text and all(f"track {k}\n" in page.text for k in range(500))
    assert page.text.count("0.01235") >= 501 and page.text.count("yes") >= 501 and page.text.count("not known") >= 501


def test_goals_of_flagged_tracks_carry_their_caution() -> None:
    assert CAUTION in Page(report_html(contents_with("a"))).text
    assert "A hint only" in Page(report_html(contents_with("a", ("cards",)))).text


def test_a_preview_shows_the_first_cards_and_counts_the_others() -> None:
    contents = contents_with("TEXT")
    assert len(Page(report_body(contents, 1)).all("article")) == 1 and "1 more card in the file." in report_body(contents, 1)
    assert report_body(contents, 2) == report_body(contents) and report_body(contents) in report_html(contents)


def test_a_page_that_takes_svg_away_has_the_same_pictures_as_images() -> None:
    project, review, found = town()
    body = report_body(contents_of(replace(project, name=EVIL), review, found, SECTIONS))
    shown = with_images(body)
    inline = re.findall(r"<figure>(.*?)</figure>", body, re.DOTALL)
    images = Page(shown).all("img")
    assert len(images) == len(inline) == len(found.of) + 2 and "<svg" not in shown
    for svg, image in zip(inline, images, strict=True):
        kind, written = str(image["src"]).split(",")
        assert kind == "data:image/svg+xml;base64" and b64decode(written).decode() == svg
        picture = ElementTree.fromstring(svg)  # by itself it must be XML
        assert [image[key] for key in ("alt", "width", "height")] == [picture.get(key) for key in ("aria-label", "width", "height")]
    assert Page(shown).text == Page(re.sub(r"<svg.*?</figure>", "</figure>", body, flags=re.DOTALL)).text


@pytest.mark.parametrize("text", [EVIL, "\x00\x0b\ufffe", "&nbsp; <b>"])
def test_the_picture_of_weights_is_xml_whatever_a_feature_is_called(text: str) -> None:
    figures = re.findall(r"<figure>(<svg.*?)</figure>", report_html(contents_with(text, ("wants",))), re.DOTALL)
    contents = contents_with(text)
    figures.append(weights_svg(replace(contents.worth, interval=np.array([[0.5, 1.5], [-3.0, -1.0]]))))
    assert all(ElementTree.fromstring(one).tag.endswith("svg") for one in figures) and figures[-1]


def test_goals_are_listed_for_the_first_tracks_and_the_others_counted() -> None:
    contents = contents_with("TEXT")
    rows = pd.concat([contents.intents.assign(track=f"track {k}") for k in range(MOST_ASKED + 5)])
    whole, part = report_body(replace(contents, intents=rows)), report_body(replace(contents, intents=rows), 3)
    assert f"track {MOST_ASKED - 1}<" in whole and f"track {MOST_ASKED}<" not in whole
    assert f"for the first {MOST_ASKED} of {MOST_ASKED + 5} tracks" in whole and "track 2<" in part and "track 3<" not in part


def test_the_sample_has_a_card_and_a_map_for_each_flagged_track_and_stays_small() -> None:
    project, review, found = town()
    html = report_html(contents_of(project, review, found, SECTIONS))
    page = Page(html)
    flagged = int(review.flagged.sum())
    assert flagged > 3 and len(page.all("article")) == flagged
    assert sum(str(f.get("aria-label")).startswith("Map of track") for f in page.all("svg")) == flagged
    assert len(html) < 400_000
    for one in found.of.values():
        assert all(sentence in page.text for sentence in (*one.reasons.did, *one.reasons.strange))
