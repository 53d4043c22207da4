"""What is decided on a proposal: it is accepted with a refit, or added as it is. The callbacks read what is typed when they are called:
what was there when the page was drawn may be older."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app import session
from app.desk import Desk, drawing_key, uses_drawing, with_drawing
from app.job_results import into
from app.studio.drawing import check_typed_name
from app.studio.findings import Found, found_beside, keep_findings
from irlcore.analysis.proposals import accept_record, with_accepted
from irlcore.elicitation.suggestions import Suggestion
from irlcore.engine import Control
from irlcore.errors import FeatureError
from irlcore.features.base import FeatureSpec
from irlcore.project.project import FitRecord, Project, now, remember


@dataclass(frozen=True, slots=True)
class Typed:
    """Keys of the widgets that hold name, sign and reason of the proposal."""

    name: str
    sign: str
    reason: str


def made_of(spec: FeatureSpec, typed: Typed) -> FeatureSpec:
    """The proposal with what its widgets hold now; a widget that was not drawn changes nothing."""
    return replace(spec, name=str(session.chosen(typed.name, spec.name)).strip(), sign=session.chosen(typed.sign, spec.sign),
                   reason=str(session.chosen(typed.reason, spec.reason)).strip(), made=now())


def decided(desk: Desk, typed: Typed) -> tuple[Project, Desk, FeatureSpec] | None:
    """What a click decides on: the project and the desk as they are now, and the feature. None where that has been decided already (of two
    clicks in a row the second one), or something else lies on the desk by now. FeatureError where a name is taken or empty."""
    project, today = session.project(), session.now_on_desk()
    if session.job() is not None or not same_proposal(desk, today):  # a job that has ended but whose result is not taken counts too
        return None
    assert today.spec is not None
    if uses_drawing(today, today.spec):
        check_typed_name(project, today)
    spec = made_of(today.spec, typed)
    checked(project, spec)
    return project, today, spec


def same_proposal(one: Desk, other: Desk) -> bool:
    """Whether both desks propose the same, but for the name of the drawing, which may have been typed just before a click."""
    if one.spec is None or other.spec is None or drawing_key(replace(one, name=other.name)) != drawing_key(other):
        return False
    renamed = one.name != other.name and uses_drawing(one, one.spec) and one.spec.kind == other.spec.kind
    return renamed or one.spec == other.spec


def checked(project: Project, spec: FeatureSpec) -> None:
    """FeatureError where the name is taken or empty."""
    if not spec.name or any(s.name == spec.name for s in project.features):
        raise FeatureError(f"A feature called {spec.name!r} is there already, or the name is empty.", "Choose another name.")


def settled(project: Project, desk: Desk, spec: FeatureSpec) -> tuple[Project, Desk]:
    """The project with the drawing saved where the feature rests on it, and the desk without the proposal."""
    if uses_drawing(desk, spec):
        return with_drawing(project, desk), desk.without_drawing()
    return project, replace(desk, spec=None)


def add_as_it_is(desk: Desk, typed: Typed) -> None:
    """The feature goes into the project, and the fit stays as it was."""
    if (meant := decided(desk, typed)) is None:
        return
    project, desk, spec = meant
    kept_project, left_desk = settled(project, desk, spec)
    session.put(remember(replace(kept_project, features=(*project.features, spec)), f"Added {spec.name}", spec.reason), left_desk)


def accept(desk: Desk, typed: Typed, test: Suggestion | None) -> None:
    """Refit beside the page; project, feature and fit become one step of undo, and the card of what changed is laid out."""
    if (meant := decided(desk, typed)) is None:
        return
    project, desk, spec = meant
    promised = (test.gain, test.held_out) if test is not None else (float("nan"), float("nan"))
    tried, begun = session.number_tried(), project.fit
    drawn = settled(project, desk, spec)[0]

    def add(today: Project, record: FitRecord) -> Project:
        return with_accepted(settled(today, desk, spec)[0], spec, record, promised[0], tried, begun)

    def then(record: FitRecord) -> Desk:
        today = session.now_on_desk()
        if (drawing_key(today), today.spec) == (drawing_key(desk), desk.spec):  # else something new lies there meanwhile
            today = settled(project, desk, spec)[1]
        return replace(today, change=record.identity, promised=promised)

    def work(watch: Control) -> tuple[FitRecord, Found | None]:
        record = accept_record(drawn, spec, watch)
        return record, found_beside(add(drawn, record), watch)

    def keep(result: tuple[FitRecord, Found | None]) -> None:
        into(project, add, "refit", then)(result[0])
        if result[1] is not None:
            keep_findings(*result[1])

    session.start_job(f"Refit with {spec.name}", work, keep)
