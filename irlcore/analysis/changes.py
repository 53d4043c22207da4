"""What a refit changed: two fits of a class side by side, and who enters and leaves the flagged list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from irlcore.analysis.ranking import Review, by_one_fit
from irlcore.analysis.study import features_in_use
from irlcore.project.project import FitRecord, Outcome, Project, Verdict
from irlcore.review.calibration.controls import FalseAlarmControl


@dataclass(frozen=True, slots=True)
class WeightChange:
    """One feature's weight with its 95 % interval (low, high) before and after; None where the fit did not have it."""

    feature: str
    before: tuple[float, float, float] | None
    after: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class ListChange:
    """The flagged list before and after: how many, and the tracks that entered and left, strangest first.

    known: outcome of triage -> (flagged before, flagged after), of the tracks with a verdict. false_alarms: (before, after), how many
    normal tracks the control lets one expect among the flagged; NaN where it says nothing. scores: the names of those that rank, (before,
    after): two where each fit's own evidence chooses.
    """

    before: int
    after: int
    entered: tuple[str, ...]
    left: tuple[str, ...]
    known: Mapping[Outcome, tuple[int, int]]
    false_alarms: tuple[float, float]
    scores: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Change:
    """Two fits of one class. loglik, held_out: nats a track, (before, after); held_out on the tracks
    kept for calibration: what is accepted for its sake makes false-alarm rates a little too good."""

    weights: tuple[WeightChange, ...]
    loglik: tuple[float, float]
    held_out: tuple[float, float]
    aic: tuple[float, float]


def earlier_fit(project: Project) -> FitRecord | None:
    """The fit of the class under study before its newest."""
    mine = [f for f in project.fits if f.agent_class == project.agent_class]
    return mine[-2] if len(mine) > 1 else None


def as_fitted(project: Project, record: FitRecord) -> Project:
    """The project as if ``record`` were its newest fit, on the zones and tracks of today."""
    return replace(project, fits=(record,), features=features_in_use(project, record))


def fit_change(before: FitRecord, after: FitRecord) -> Change:
    """Weights and fit before and after, the features of either in the order of the newer fit."""
    rows = [_weights(record) for record in (before, after)]
    names = list(dict.fromkeys([*rows[1], *rows[0]]))
    old, new = before.result, after.result
    return Change(tuple(WeightChange(name, rows[0].get(name), rows[1].get(name)) for name in names),
                  (old.loglik / max(old.n_paths, 1), new.loglik / max(new.n_paths, 1)), (old.held_out, new.held_out), (old.aic, new.aic))


def list_change(before: Review, after: Review, verdicts: Mapping[str, Verdict]) -> ListChange:
    """Who enters and who leaves the flagged list, under the same control, by the one fit of each."""
    before, after = by_one_fit(before), by_one_fit(after)
    ids = after.parts.paths.ids
    was = set(before.parts.paths.ids[before.flagged])
    is_now = set(ids[after.flagged])
    known: dict[Outcome, tuple[int, int]] = {}
    mine = {*before.parts.paths.ids, *ids}
    for track, verdict in verdicts.items():
        if track not in mine:
            continue  # of another class
        a, b = known.get(verdict.outcome, (0, 0))
        known[verdict.outcome] = (a + (track in was), b + (track in is_now))
    return ListChange(len(was), len(is_now), _in_order(after, is_now - was), _in_order(before, was - is_now), known,
                      (expected_false_alarms(before), expected_false_alarms(after)), (before.score, after.score))


def expected_false_alarms(review: Review) -> float:
    """How many normal tracks the control lets one expect among the flagged, at most; NaN where nothing can be promised."""
    control: FalseAlarmControl = review.control
    if control.kind == "strangest":
        return float("nan")
    if not review.promise.holds:
        return float("nan")
    return control.rate * (len(review.order) if control.kind == "share_of_normal" else int(review.flagged.sum()))


def _weights(record: FitRecord) -> dict[str, tuple[float, float, float]]:
    result = record.result
    return {n: (float(w), float(a), float(b)) for n, w, (a, b) in zip(result.names, result.theta, result.interval(), strict=True)}


def _in_order(review: Review, wanted: set[str]) -> tuple[str, ...]:
    order: Sequence[str] = [str(i) for i in review.parts.paths.ids[review.order]]
    return tuple(i for i in order if i in wanted)
