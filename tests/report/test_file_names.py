"""Names of files that are taken away: safe wherever they are saved, and never too long."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from irlcore.report.file_names import file_name

DAY = datetime(2026, 11, 26)
HOSTILE = ("../../etc/passwd", "C:\\x\\y", "a/b:c*d?e\"f<g>h|i", "\x00\n\r\t", "\u202egpj.exe", "a" * 10_000, "\u6d77" * 1000, "\ud800",
           ".", "..", "-rf", "~", "$(rm)", "  ", "\U0001f6a2" * 300, "%2e%2e%2f", "nul")


def test_a_name_has_project_class_date_and_what_it_is() -> None:
    assert file_name("Port town: drivers on 450 streets", "commuter", "review", "csv", DAY) == \
        "port-town-drivers-on-450-streets_commuter_2026-11-26_review.csv"


def test_what_is_empty_is_left_out_and_letters_of_all_alphabets_stay() -> None:
    assert file_name("Zürich", "", "report", "html", DAY) == "zürich_2026-11-26_report.html"
    assert file_name("上海", "出租车", "report", "html", DAY) == "上海_出租车_2026-11-26_report.html"
    assert file_name("...", "::", "report", "html", DAY) == "2026-11-26_report.html"


@pytest.mark.parametrize("project", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("agent_class", HOSTILE[:8], ids=range(8))
def test_no_name_is_unsafe_or_long(project: str, agent_class: str) -> None:
    name = file_name(project, agent_class, "review", "geojson", DAY)
    assert len(name.encode()) < 255 and name.endswith("2026-11-26_review.geojson")
    assert re.fullmatch(r"[\w][\w-]*\.geojson", name) and name.isprintable()
    assert name.split(".")[0].upper() not in ("NUL", "CON", "AUX", "PRN")
