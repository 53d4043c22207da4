"""Goals as the analyst names them."""

from __future__ import annotations

import pytest

from irlcore.analysis.goals import renamed
from irlcore.errors import DataError
from irlcore.project.project import GoalGroup

GROUPS = (GoalGroup("Quay", ("1", "2")), GoalGroup("Mill", ("3",)))


@pytest.mark.parametrize("name", ["Quay", "Quay ", " Quay"])
def test_two_goals_have_two_names_whatever_the_blanks_round_them(name: str) -> None:
    with pytest.raises(DataError, match="'Quay' already"):
        renamed(GROUPS, 1, name)
    assert renamed(GROUPS, 0, name) == GROUPS


def test_a_name_is_kept_without_blanks_round_it_and_is_not_empty() -> None:
    assert [one.name for one in renamed(GROUPS, 1, " Old Mill ")] == ["Quay", "Old Mill"]
    with pytest.raises(DataError, match="needs a name"):
        renamed(GROUPS, 1, "  ")
