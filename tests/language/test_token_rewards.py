"""Rewards on a text: nothing of the text is taken for markup or for a terminal's commands, and the numbers are those of the tokens."""

from __future__ import annotations

from html.parser import HTMLParser

import numpy as np

from irlcore.language.token_rewards import TokenRewards

NASTY = ("<script>", "&amp;", ' "x"\n', "\x1b[31m", "(end)")
SHOWN = TokenRewards(NASTY, np.array([0.0, 1.25, -6.0, 2.5, -0.004]), np.log([0.5, 0.25, 0.01, 1.0, 0.125]), -1.5, 3.0)


class Reader(HTMLParser):
    """Tags with their attributes, and the text within."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_holds_the_text_and_no_tag_of_its_own() -> None:
    read = Reader(SHOWN.html("a <b> title"))
    assert {tag for tag, _ in read.tags} == {"h3", "p", "span"}
    assert read.texts[0] == "a <b> title"
    assert "".join(read.texts[1:-1]) == "".join(NASTY)


def test_each_token_says_its_numbers_and_more_is_told_from_less_without_colour() -> None:
    spans = [attributes for tag, attributes in Reader(SHOWN.html()).tags if tag == "span"]
    assert [span["title"] for span in spans][1:3] == ["reward +1.25 nats against the mean, chance 25.00%",
                                                      "reward -6.00 nats against the mean, chance 1.00%"]
    styles = [span["style"] or "" for span in spans]
    assert ["solid" in style for style in styles] == [True, True, False, True, False]
    assert "0.19)" in styles[1] and "0.75)" in styles[2]  # a quarter of the full colour; not beyond it


def test_a_terminal_is_given_no_commands() -> None:
    lines = SHOWN.table()
    assert len(lines) == 6 and all(line.isprintable() for line in lines)
    assert lines[2].startswith("&amp;") and "+1.25" in lines[2] and "25.0%" in lines[2]
    assert SHOWN.table(2)[-1] == "... and 3 more"
