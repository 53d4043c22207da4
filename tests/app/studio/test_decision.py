"""What a click on Accept or Add decides on: the text as it is typed now, and once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app import session
from app.desk import Desk
from app.studio import decision
from app.studio.decision import Typed, add_as_it_is, same_proposal
from irlcore.errors import FeatureError
from irlcore.features.base import FeatureSpec
from irlcore.project.project import Project

RING = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]])
LENGTH = FeatureSpec("length", "length", {})
TYPED = Typed("name", "sign", "reason")


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A session as callbacks see it."""
    held: dict[str, object] = {"project": Project(), "desk": Desk(spec=LENGTH), "job": None, "typed": {}}
    monkeypatch.setattr(session, "project", lambda: held["project"])
    monkeypatch.setattr(session, "now_on_desk", lambda: held["desk"])
    monkeypatch.setattr(session, "job", lambda: held["job"])
    monkeypatch.setattr(session, "chosen", lambda key, otherwise: held["typed"].get(key, otherwise))  # type: ignore[attr-defined]
    monkeypatch.setattr(session, "put", lambda project, desk: held.update(project=project, desk=desk))
    return held


def names(page: dict[str, object]) -> list[tuple[str, str]]:
    project = page["project"]
    assert isinstance(project, Project)
    return [(one.name, one.reason) for one in project.features]


def test_what_is_typed_counts_and_a_second_click_does_nothing(page: dict[str, object]) -> None:
    desk = page["desk"]
    assert isinstance(desk, Desk)
    page["typed"] = {"name": " how far ", "reason": "tired feet "}
    add_as_it_is(desk, TYPED)
    add_as_it_is(desk, TYPED)
    assert names(page) == [("how far", "tired feet")]
    page["desk"] = desk
    with pytest.raises(FeatureError, match="how far"):
        add_as_it_is(desk, TYPED)


def test_nothing_is_decided_while_work_runs_or_has_ended_and_is_not_taken(page: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    monkeypatch.setattr(session, "number_tried", lambda: 1)
    monkeypatch.setattr(session, "start_job", lambda title, *_: page.update(job=title) or begun.append(title))
    desk = page["desk"]
    assert isinstance(desk, Desk)
    decision.accept(desk, TYPED, None)
    decision.accept(desk, TYPED, None)
    add_as_it_is(desk, TYPED)
    assert begun == ["Refit with length"] and not names(page)


def test_another_name_of_the_drawing_is_the_same_proposal_and_another_use_is_not() -> None:
    one = Desk(RING, "zone 1", spec=FeatureSpec("in zone 1", "zone", {"zone": "zone 1"}))
    named = replace(one, name="market", spec=FeatureSpec("in market", "zone", {"zone": "market"}))
    assert same_proposal(one, one) and same_proposal(one, named)
    assert not same_proposal(one, replace(named, use="spot"))
    assert not same_proposal(one, replace(named, ring=RING + 1.0))
    assert not same_proposal(one, one.without_drawing()) and not same_proposal(one, Desk(spec=LENGTH))
