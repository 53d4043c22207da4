"""Pages of Markdown as tests read them: examples, links, and the anchors that headings give."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>```+)(?P<info>[^\n`]*)\n(?P<code>.*?)^(?P=indent)(?P=ticks) *$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?P<image>!?)\[(?:[^\[\]]|!\[[^\]]*\]\([^)]*\))*\]\((?P<target>[^)\s]+)\)")
EXAMPLE = "python example"


@dataclass(frozen=True, slots=True)
class Block:
    """Fenced code: what stands behind its ticks, the code, and the line on which it begins."""

    info: str
    code: str
    line: int


def pages() -> list[Path]:
    """Every page of docs, at any depth."""
    return sorted(DOCS.rglob("*.md"))


def blocks(text: str) -> list[Block]:
    """All fenced code of a page, in order."""
    return [Block(one["info"].strip(), one["code"], text.count("\n", 0, one.start()) + 2) for one in FENCE.finditer(text)]


def prose(text: str) -> str:
    """A page without its code."""
    return re.sub(r"`[^`\n]*`", "``", FENCE.sub("", text))


def links(text: str) -> list[tuple[bool, str]]:
    """(whether an image, target) of every link of a page."""
    return [(bool(one["image"]), one["target"]) for one in LINK.finditer(prose(text))]


def anchors(text: str) -> set[str]:
    """What ``#...`` may name on a page: headings, as GitHub and MyST both make anchors of them."""
    found: set[str] = set()
    for title in re.findall(r"^#{1,6} +(.+?) *$", FENCE.sub("", text), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).strip().lower()
        slug = base = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        again = 0
        while slug in found:
            again += 1
            slug = f"{base}-{again}"
        found.add(slug)
    return found
