"""Links from a page to a file of the source: a repository's own view follows them, the site has no such file and shows their words."""

from __future__ import annotations

import re
from pathlib import Path

CODE = re.compile(r"(^ *```.*?^ *``` *$|`[^`\n]*`)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[([^\[\]]+)\]\(([^)\s#]+)(#[^)\s]*)?\)")


def shortened(text: str, page: Path, folder: Path) -> str:
    """A page of ``folder`` with its links to what lies outside replaced by their words; code stays as it is."""
    def words(link: re.Match[str]) -> str:
        if ":" in link[2] or folder in (page.parent / link[2]).resolve().parents:
            return link[0]
        return link[1]

    # Words of a link may be code: of `[` and `](...)` around it the parts between code know nothing, so code is put by and brought back.
    kept: list[str] = []

    def put_by(code: re.Match[str]) -> str:
        kept.append(code[0])
        return f"\0{len(kept) - 1}\0"

    return re.sub(r"\0(\d+)\0", lambda found: kept[int(found[1])], LINK.sub(words, CODE.sub(put_by, text)))
