"""What each field of a project may hold. Its type is its annotation's; the table says what the annotation cannot.

A rule holds for the leaves of a field: for each text of a tuple of texts, each array of a mapping. A field of texts, numbers or arrays
without a rule fails a test (``without_rule``), so that no field that is added is taken unseen.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd

from irlcore.features.base import FeatureSpec
from irlcore.features.checks import is_iso_time
from irlcore.fitting.compare import Comparison
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.fitting.result import CURVATURES, FitResult, FitWarning
from irlcore.project.project import ComparisonRecord, FitRecord, GoalGroup, HistoryStep, MapFile, Project, Verdict
from irlcore.project.rules import Array, Number, Rule, Table, Text, among, anything, is_hash
from irlcore.project.silencing import DAY_H, Silencing
from irlcore.projection import is_known
from irlcore.rationality.models import is_named
from irlcore.tracks.bounds import FAR, LONGEST_NAME, LONGEST_READING, LONGEST_UNIT, LONGEST_WORDS
from irlcore.tracks.logs.endings import Endings
from irlcore.tracks.tracks import PROBLEM_COLUMNS, LinkTracks, Tracks
from irlcore.worlds.mdp import MDP, Goals, Paths
from irlcore.worlds.world import World

KINDS: dict[str, type] = {kind.__name__: kind for kind in (
    Comparison, ComparisonRecord, Endings, FeatureSpec, FitResult, FitWarning, FitRecord, GoalGroup, HistoryStep, MapFile, Project,
    Silencing, Verdict, LinkTracks, Tracks, MDP, Goals, Paths, World)}
"""Every kind that a file may hold."""

NAME, WORDS, UNIT = Text(LONGEST_NAME), Text(LONGEST_WORDS), Text(LONGEST_UNIT)
TIME = Text(64, "a time in ISO form", is_iso_time)
TIME_OR_NONE = Text(64, "a time in ISO form", lambda text: not text or is_iso_time(text))
HASH = Text(128, "a hash", is_hash)
COUNT, SECONDS = Number(0, 2**53), Number(0.0, 1e12)
LIKELIHOOD = Number(nan=True, infinite=True)  # NaN where nothing was held out, -inf where a model cannot make a path
GAMMA, SETTING = Number(0.0, 1.0, above=True), Number()  # what a setting may be its estimator says (``soundness``)
FLAT, ERRORS = Array("number", ("K",)), Array("number", ("K",), nan=True, infinite=True)
OWN_ERRORS = Array("number", ("P",), nan=True, infinite=True)
SQUARE = Array("number", ("K", "K"), nan=True, infinite=True)
MODEL = Text(LONGEST_WORDS, "a model that this version knows", is_named)
PROJECTION = Text(20, 'the code of a projection, such as "EPSG:32631"', is_known)

RULES: dict[str, Rule] = {
    "Project.name": NAME, "Project.problems": Table(tuple(PROBLEM_COLUMNS)), "Project.class_column": NAME, "Project.agent_class": NAME,
    "Project.period_column": NAME, "Project.reference_value": NAME, "Project.zones": Array("number", ("V", "2"), most=FAR),
    "Project.spots": Array("number", ("2",), most=FAR), "Project.notes": WORDS, "Project.tried": COUNT, "Project.agent_column": NAME,
    "Project.author": NAME, "Project.region": NAME, "Project.reading": Text(LONGEST_READING),
    "GoalGroup.name": NAME, "GoalGroup.ends": NAME,
    "MapFile.name": NAME, "MapFile.xy": Array("number", ("V", "2"), most=FAR), "MapFile.offsets": Array("index", ("n+1",)),
    "MapFile.names": NAME,
    "HistoryStep.made": TIME, "HistoryStep.what": WORDS, "HistoryStep.why": WORDS, "HistoryStep.numbers": WORDS,
    "Verdict.reason": WORDS, "Verdict.made": TIME, "Project.track_notes": WORDS, "Project.settings": SETTING,
    "Silencing.agent_class": NAME, "Silencing.zone": NAME, "Silencing.hours": Number(0.0, DAY_H), "Silencing.feature": NAME,
    "Silencing.beyond": Number(0.0, 1e6), "Silencing.did": NAME, "Silencing.place": NAME, "Silencing.why": WORDS,
    "Silencing.made": TIME_OR_NONE, "Endings.events": NAME, "Endings.column": NAME, "Endings.values": NAME, "Endings.within": SECONDS,
    "FitRecord.agent_class": NAME, "ComparisonRecord.agent_class": NAME,
    "FitWarning.feature": NAME, "FitWarning.what": WORDS, "FitWarning.fix": WORDS, "FitWarning.details": WORDS,
    "FeatureSpec.name": NAME, "FeatureSpec.kind": NAME, "FeatureSpec.params": anything, "FeatureSpec.reason": WORDS,
    "FeatureSpec.version": Number(1, 2**53), "FeatureSpec.made": TIME_OR_NONE,
    "FitResult.names": NAME, "FitResult.theta": FLAT, "FitResult.se_robust": ERRORS, "FitResult.se_hessian": ERRORS,
    "FitResult.se_opg": ERRORS, "FitResult.covariance": SQUARE,
    "FitResult.scores": Array("number", ("N", "K+P"), nan=True, infinite=True), "FitResult.loglik": LIKELIHOOD,
    "FitResult.loglik_start": LIKELIHOOD, "FitResult.loglik_paths": Array("number", ("N",), nan=True, infinite=True),
    "FitResult.held_out": LIKELIHOOD, "FitResult.rationality": MODEL, "FitResult.gamma": GAMMA,
    "FitResult.iterations": COUNT, "FitResult.evaluations": COUNT, "FitResult.seconds": SECONDS, "FitResult.made": TIME_OR_NONE,
    "FitResult.data_hash": HASH, "FitResult.own_names": NAME, "FitResult.own": Array("number", ("P",)), "FitResult.own_se": OWN_ERRORS,
    "FitResult.estimator": among(ESTIMATORS, "an estimator"),
    "FitResult.freedom": Array("number", ("K+P",), True, nan=True, infinite=True),
    "FitResult.hessian_covariance": Array("number", ("K", "K"), True, nan=True, infinite=True),
    "FitResult.own_se_hessian": Array("number", ("P",), True, nan=True, infinite=True),
    "FitResult.curvature": among(("", *CURVATURES), "a curvature"), "FitResult.agents": COUNT, "FitResult.agent_column": NAME,
    "FitResult.left_out": NAME, "FitResult.settings": SETTING,
    "Comparison.models": NAME, "Comparison.titles": NAME, "Comparison.trouble": WORDS, "Comparison.fold": Array("index", ("N",)),
    "Comparison.loglik": Array("number", ("R", "N"), nan=True, infinite=True), "Comparison.gamma": GAMMA, "Comparison.seconds": SECONDS,
    "Comparison.made": TIME_OR_NONE, "Comparison.data_hash": HASH,
    "Tracks.ids": Array("text", ("N",)), "Tracks.offsets": Array("index", ("N+1",)),
    "Tracks.t": Array("number", ("P",), most=FAR), "Tracks.x": Array("number", ("P",), most=FAR),
    "Tracks.y": Array("number", ("P",), most=FAR), "Tracks.attributes": Table(), "Tracks.unit": UNIT, "Tracks.crs": PROJECTION,
    "LinkTracks.ids": Array("text", ("N",)), "LinkTracks.offsets": Array("index", ("N+1",)), "LinkTracks.links": Array("text", ("P",)),
    "LinkTracks.attributes": Table(), "LinkTracks.choices": Array("text", ("P",)),
    "LinkTracks.times": Array("number", ("P",), most=FAR), "LinkTracks.of_events": Table(),
    "MDP.choice_offsets": Array("index", ("S+1",)), "MDP.successor_offsets": Array("index", ("M+1",)),
    "MDP.successors": Array("index", ("E",)), "MDP.probabilities": Array("number", ("E",)), "MDP.choice_state": Array("index", ("M",)),
    "MDP.state_ids": Array("id", ("S",)),
    "Goals.offsets": Array("index", ("G+1",)), "Goals.states": Array("index", ("E",)), "Goals.names": Array("text", ("G",)),
    "Paths.ids": Array("text", ("N",)), "Paths.offsets": Array("index", ("N+1",)), "Paths.choices": Array("index", ("C",)),
    "Paths.last_state": Array("index", ("N",)), "Paths.goal": Array("index or none", ("N",)), "Paths.times": Array("number", ("C",)),
    "Paths.past": Array("index", ("T", "2")),
    "World.unit": UNIT, "World.place_of_state": Array("index", ("S",)), "World.place_names": Array("text", ("L",)),
    "World.place_xy": Array("number", ("L", "2"), nan=True, most=FAR), "World.shape_xy": Array("number", ("V", "2"), nan=True, most=FAR),
    "World.shape_offsets": Array("index", ("L+1",)),
    "World.choice_length": Array("number", ("M",), nan=True, most=FAR),
    "World.choice_turn": Array("number", ("M",), nan=True, most=FAR),
    "World.place_attributes": Array("column", ("L",), nan=True, infinite=True),
    "World.choice_attributes": Array("column", ("M",), nan=True, infinite=True), "World.crs": PROJECTION, "World.settings": anything,
}
"""Class and field -> its rule. Times were always written by ``project.now``; texts are far longer than anybody writes them."""

SIDES: dict[type, dict[str, tuple[str, str]]] = {
    FitResult: {"K": ("names", "features"), "P": ("own_names", "parameters of the model"), "N": ("loglik_paths", "paths")},
    Comparison: {"R": ("models", "models"), "N": ("fold", "trips")},
    MapFile: {"V": ("xy", "corners"), "n": ("names", "things")},
    Tracks: {"N": ("ids", "tracks"), "P": ("t", "points")},
    LinkTracks: {"N": ("ids", "tracks"), "P": ("links", "links passed")},
    MDP: {"M": ("choice_state", "choices"), "E": ("successors", "outcomes")},
    Goals: {"G": ("names", "goals"), "E": ("states", "states of goals")},
    Paths: {"N": ("ids", "paths"), "C": ("choices", "choices of paths")},
    World: {"S": ("mdp.n_states", "states"), "M": ("mdp.n_choices", "choices"), "L": ("place_names", "places"),
            "V": ("shape_xy", "corners")},
}
"""Class -> the words of its shapes: the field that has so many entries, and what they are."""


@cache
def hints(kind: type) -> dict[str, Any]:
    """Field -> its annotation, of the fields that a file holds."""
    found = get_type_hints(kind)
    return {f.name: found[f.name] for f in fields(kind) if f.init}


def rule_of(kind: type, name: str) -> Rule:
    """The rule of a field, ``anything`` where its annotation says all."""
    return RULES.get(f"{kind.__name__}.{name}", anything)


def without_rule() -> list[str]:
    """Fields that need a rule and have none."""
    return [where for kind in KINDS.values() for name, hint in hints(kind).items()
            if (where := f"{kind.__name__}.{name}") not in RULES and set(leaves(hint)) & {str, int, float, np.ndarray, pd.DataFrame, Any}]


def leaves(hint: Any) -> Iterator[Any]:
    """The types that an annotation comes down to; keys of mappings are texts and not asked for."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        for part in parts:
            yield from leaves(part)
    elif origin is tuple:
        yield from leaves(parts[0])
    elif origin is not None and len(parts) == 2 and parts[0] is str:
        yield from leaves(parts[1])
    else:
        yield hint
