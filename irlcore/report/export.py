"""Review and intent as tables, CSV, GeoJSON and JSON, with the numbers and the reasons of the screen."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from irlcore.analysis.goals import end_names
from irlcore.analysis.hindsight import Hindsight
from irlcore.analysis.parts_told import part_p, single_scores
from irlcore.analysis.ranking import Review
from irlcore.analysis.reasons import headlines
from irlcore.analysis.scored import Scored
from irlcore.analysis.silencing import silenced, silenced_tracks
from irlcore.engine import Control
from irlcore.project.project import Project
from irlcore.project.verdicts import CALLED, words_on
from irlcore.projection import GEOGRAPHIC, moved
from irlcore.report.contents import Card, Contents
from irlcore.report.findings import Finding, Findings
from irlcore.report.hindsight_words import CAUTION as CAUTION_BACK
from irlcore.report.hindsight_words import hindsight_sentences, ranking_table, wrong_table
from irlcore.report.intent_words import CAUTION, seen_row, seen_study, with_goals
from irlcore.report.parts_words import parts_table
from irlcore.report.text import as_csv
from irlcore.review.parts.kinds import TITLES, UNITS
from irlcore.worlds.called import CALLED as CALLED_IN
from irlcore.worlds.called import Called, called
from irlcore.worlds.world import World

NOT_SEEN = "not seen: cut off before"
"""In place of the goal of a track that did not arrive."""

FORMAT = "motive-report/1"
"""What ``report_json`` begins with; docs/report.md says what its keys mean."""


def review_table(project: Project, review: Review) -> pd.DataFrame:
    """One row a reviewed track, strangest first: every score with its p-value, and in the last columns the p-value of each part."""
    order = review.order
    ids = review.parts.paths.ids[order]
    quiet = silenced_tracks(review, silenced(project, review))
    place = "share as strange" if review.control.kind == "strangest" else "p-value"
    return pd.DataFrame({
        "track": ids, "flagged": review.flagged[order], place: review.p[order], **score_columns(review.scored, order, _words(project)),
        "goal": _named(review.parts.paths.goals.names, review.parts.paths.goal[order]),
        "verdict": [CALLED[project.verdicts[str(i)].outcome] if str(i) in project.verdicts else "" for i in ids],
        "reason": [project.verdicts[str(i)].reason if str(i) in project.verdicts else "" for i in ids],
        "silenced by": [quiet.get(str(i), "") for i in ids], **dict(parts_table(review))})


def score_columns(scored: Scored, order: np.ndarray, words: Called = CALLED_IN["network"]) -> dict[str, np.ndarray]:
    """Of the tracks ``order`` (n,): every score that was measured with its unit, and where normal tracks calibrate the p-value of each
    single one; NaN where a track gives nothing to measure. words: of the world."""
    names = {name: "extra cost" if name == "utility_gap" else words.say(TITLES[name]).lower() for name in scored.table.names}
    units = {name: "utility" if name == "utility_gap" else UNITS[name] for name in names}
    values = {f"{said} ({units[name]})" if units[name] else said: scored.table.of(name)[order] for name, said in names.items()}
    if not scored.parts.has_reference:
        return values
    p = part_p(scored)[order]
    return values | {f"p {names[name]}": p[:, k] for k, name in enumerate(single_scores(scored))}


def _words(project: Project) -> Called:
    return CALLED_IN["network"] if project.world is None else called(project.world)


def _named(names: Sequence[str] | np.ndarray, goal: np.ndarray) -> list[str]:
    """The names of goals (n,), of one that is not known (-1) that it was not seen."""
    return [str(names[k]) if k >= 0 else NOT_SEEN for k in goal.tolist()]


def reasoned_table(project: Project, review: Review, found: Findings | None) -> pd.DataFrame:
    """The same with goals by name and why each track stands out: in one line, as in the list of the review, and in sentences where the
    report ``found`` them. What the analyst wrote, on the verdict or the track, is the note."""
    table = review_table(project, review).rename(columns={"reason": "note"})
    table["note"] = [words_on(project, str(i)) for i in table["track"]]
    names = end_names(project, review.parts)
    table["goal"] = _named(names, review.parts.paths.goal[review.order])
    table.insert(2, "why", headlines(project, review, found.told if found else None))
    table.insert(3, "reasons", [" ".join(sentences(found.of.get(int(i)) if found else None)) for i in review.order])
    return table


def sentences(finding: Finding | None) -> tuple[str, ...]:
    """Why a track stands out; none where that was not looked for or could not be found."""
    return finding.reasons.sentences if finding is not None and finding.reasons is not None else ()


def intent_table(project: Project, review: Review, indices: np.ndarray, watch: Control | None = None) -> pd.DataFrame:
    """What each of the paths ``indices`` (n,) that have a destination seemed to be after when a quarter, half and three quarters were seen,
    and from which step on that was certain; a goal's probability stands beside it."""
    paths = review.parts.paths
    asked = with_goals(paths, indices)
    told = seen_study(project, paths, np.array(asked, np.int64), watch) if asked else []
    return pd.DataFrame([seen_row(str(paths.ids[i]), seen) for i, seen in zip(asked, told, strict=True)])


def review_csv(project: Project, review: Review, found: Findings | None) -> str:
    """The table with reasons as CSV that no spreadsheet runs (``text.as_csv``), its columns called as things are in the world."""
    table, words = reasoned_table(project, review, found), _words(project)
    if project.world is not None and project.world.kind == "log":
        running = review.parts.paths.goal[review.order] < 0
        table = table.drop(columns="goal").assign(ended=np.where(running, "still running", "ended"))
    return as_csv(table.rename(columns={"track": words.track}))


def review_geojson(project: Project, review: Review, world: World, found: Findings | None) -> str:
    """The reviewed tracks as lines with their numbers, reasons and verdicts; lon / lat where the world has a projection."""
    table = reasoned_table(project, review, found)
    features = []
    for row, i in zip(table.to_dict("records"), review.order, strict=True):
        xy = world.place_xy[world.place_of_state[review.parts.paths.states(world.mdp, int(i))]]
        xy = xy[np.isfinite(xy).all(axis=1)]
        if world.crs and len(xy):
            xy = moved(xy, world.crs, GEOGRAPHIC)
            xy = xy[np.isfinite(xy).all(axis=1)]  # a place of a world by hand may have none on the globe
        geometry = {"type": "LineString", "coordinates": np.round(xy, 6).tolist()} if len(xy) > 1 else None
        features.append({"type": "Feature", "geometry": geometry, "properties": plain_row(row)})
    return json.dumps({"type": "FeatureCollection", "features": features})


def report_json(contents: Contents) -> str:
    """Everything of a report as data. A number that there is none of is null."""
    worth, method = contents.worth, contents.method
    told = {
        "format": FORMAT, "title": contents.title, "facts": dict(contents.facts), "summary": list(contents.summary),
        "caution": contents.caution, "notes": contents.notes,
        "cards": [_card(card) for card in contents.cards],
        "more": plain_rows(contents.more), "understood": plain_rows(contents.understood), "discarded": plain_rows(contents.discarded),
        "silenced": plain_rows(contents.silenced), "rules": list(contents.rules),
        "sure": {"sentences": list(contents.sure.sentences), "evidence": plain_rows(contents.sure.evidence),
                 "not_measured": list(contents.sure.missing)},
        "hindsight": None if contents.looked_back is None else hindsight_rows(contents.looked_back),
        "intent": {"caution": contents.words.say(CAUTION), "tracks": plain_rows(contents.intents), "not_asked": contents.intents_left},
        "wants": {"sentences": list(worth.sentences), "unit": worth.unit or "utility", "cautions": list(contents.cautions),
                  "features": [{"feature": label, "worth": plain_value(value), "low": plain_value(low), "high": plain_value(high)}
                               for label, value, (low, high) in zip(worth.labels, worth.value, worth.interval, strict=True)]},
        "weights": plain_rows(contents.weights), "method": list(method.sentences), "references": list(method.references),
        "settings": dict(contents.settings), "problems": list(contents.problems), "history": list(contents.history),
        "versions": dict(contents.versions), "data": contents.data_hash}
    return json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1)


def _card(card: Card) -> dict[str, Any]:
    one, verdict = card.finding, card.verdict
    uses = one.reasons.features if one.reasons is not None else ()
    return {"track": one.track, "place": card.rank, "why": card.why, "scores": list(card.scores), "reasons": list(sentences(one)),
            "trouble": one.trouble,
            "features": [{"feature": use.name, "observed": plain_value(use.observed), "expected": plain_value(use.expected),
                          "deviation": plain_value(use.deviation), "z": plain_value(use.z)} for use in uses],
            "verdict": None if verdict is None else {"outcome": CALLED[verdict.outcome], "note": verdict.reason, "made": verdict.made},
            "note": card.note, "parts": card.parts,
            "intent": None if card.seen is None else plain_row(seen_row(one.track, card.seen))}


def hindsight_rows(found: Hindsight) -> dict[str, Any]:
    """What labels say of the list, in sentences and tables."""
    return {"sentences": list(hindsight_sentences(found)), "caution": CAUTION_BACK, "missed": plain_rows(wrong_table(found.missed)),
            "false_alarms": plain_rows(wrong_table(found.false_alarms)), "scores": plain_rows(ranking_table(found.rankings))}


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as JSON has them."""
    return [plain_row(row) for row in frame.to_dict("records")]


def plain_row(row: Mapping[Any, object]) -> dict[str, Any]:
    """A row as JSON has it: plain numbers and texts, null for what is no finite number."""
    return {str(name): plain_value(value) for name, value in row.items()}


def plain_value(value: object) -> Any:
    """A number, a text or None."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)
