"""Agents ranked by their weights as tracks are by their scores, and the prices of one of them, as the pages ask it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irlcore.analysis.memory import kept
from irlcore.analysis.ranking import Review
from irlcore.analysis.study import judged, yardstick_of
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.features.feature_set import PathFeatures
from irlcore.fitting.maximum_likelihood import bounds_of
from irlcore.fitting.problem import Problem
from irlcore.project.project import Project
from irlcore.project.split import Parts, agents_of_paths, need_world
from irlcore.review.calibration.controls import USUAL, FalseAlarmControl, flag
from irlcore.review.calibration.p_values import rank_share
from irlcore.review.calibration.promise import promise_of
from irlcore.review.calibration.words import calibration_limit
from irlcore.review.prices.against import FEWEST, Against, against_normal, random_order, step_down
from irlcore.review.prices.agent_prices import Prices, Tester, normal_agents_test, normal_test, prices_of, simulated_test
from irlcore.review.prices.evidence import Evidence, evidence_of
from irlcore.review.prices.null_trips import can_simulate, simulated
from irlcore.review.prices.score_test import Scored, score_agents
from irlcore.review.prices.spread import ClassPrices, spread_among
from irlcore.review.prices.words import in_short, sentences

NO_LIMIT = 10.0  # units: prior standard deviation of a weight that the class's tracks set no limit to
MOST_KEPT = 60  # agents whose prices are kept


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """What all agents of a class are judged by. tracks: of every path. rank: (N,) of ``random_order``. named: whether a column names
    agents; labels: (N,) str, whose each path is. fitted, calibration, reviewed: label -> its paths (n,) int64 in each part."""

    parts: Parts
    tracks: Evidence
    prices: ClassPrices
    rank: np.ndarray
    named: bool
    labels: np.ndarray
    fitted: dict[str, np.ndarray]
    calibration: dict[str, np.ndarray]
    reviewed: dict[str, np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class Agents:
    """A reviewed agents. names: (A,) labels, or ids of tracks where no column names agents (named). tracks: of each, (n,) int64 among the
    class's paths, the one that most sets it apart first. p: (A,) p-values of the joint test, or places in the list where the control is
    "strangest". flagged: (A,) bool. order: (A,) int64, the strangest first. lines: one a agent. promise: the control in words. limit: what
    keeps it from flagging, empty where nothing does."""

    names: tuple[str, ...]
    tracks: tuple[np.ndarray, ...]
    p: np.ndarray
    flagged: np.ndarray
    order: np.ndarray
    lines: tuple[str, ...]
    promise: str
    limit: str
    named: bool
    scored: Scored
    against: Against | None
    control: FalseAlarmControl


def basis_of(project: Project, watch: Control | None = None) -> Basis:
    """Scores of every track by the class's weights, and how the class's agents differ: worked out once a fit. FitError without a fit."""
    return kept(project, "agents", lambda: _basis(project, watch or Control()), (project.fit,))


def _basis(project: Project, watch: Control) -> Basis:
    ready = judged(project)
    parts, matrix, model, batches = ready.parts, ready.matrix, ready.model, ready.batches
    assert project.fit is not None
    result, paths = project.fit.result, parts.paths
    tracks = evidence_of(model, [(b.features, b.prepared) for b in batches], paths, watch)
    named = agents_of_paths(project, paths)
    labels = np.array([str(i) for i in paths.ids]) if named is None else named.astype(str)
    units = Problem(need_world(project)[0].mdp, matrix.values, matrix.names, paths.take(parts.fit), model, result.gamma).units()
    units = units[:len(matrix.names)]
    covariance = np.where(np.isfinite(result.covariance), result.covariance, 0.0)
    unlimited = np.isinf(result.se)
    covariance = covariance + np.diag(np.where(unlimited, (NO_LIMIT * units) ** 2, 0.0))
    fitted = by_agent(labels, parts.fit)
    spread = spread_among(tracks.summed([*fitted.values()]), units, np.where(np.outer(unlimited, unlimited), 0.0, covariance))
    lower, upper = bounds_of([s.sign for s in project.fit.features])
    prices = ClassPrices(result.theta, result.own, lower, upper, units, spread, covariance, len(fitted), result.se)
    return Basis(parts, tracks, prices, random_order(paths.ids), named is not None, labels, fitted, by_agent(labels, parts.calibration),
                 by_agent(labels, parts.review))


def by_agent(labels: np.ndarray, index: np.ndarray) -> dict[str, np.ndarray]:
    """Label -> its paths (n,) among ``index``; labels: (N,) str of all paths."""
    order = index[np.argsort(labels[index], kind="stable")]
    names, first = np.unique(labels[order], return_index=True)
    return {str(name): part for name, part in zip(names, np.split(order, first[1:]), strict=True)} if len(order) else {}


def agents_study(project: Project, review: Review, watch: Control | None = None) -> Agents:
    """The reviewed agents under the review's control of false alarms, the strangest first; the slow half is kept once a fit."""
    basis, control = basis_of(project, watch), FalseAlarmControl(review.control.kind, review.control.rate)
    names, tracks = tuple(basis.reviewed), tuple(basis.reviewed.values())
    scored = score_agents(basis.tracks.summed(tracks), basis.prices)
    against = None
    if basis.parts.has_reference and control.kind != "strangest":
        place = {name: at for at, name in enumerate(basis.calibration)}
        against = against_normal(tracks, [*basis.calibration.values()], basis.tracks, basis.prices, basis.rank,
                                 itself=np.array([place.get(name, -1) for name in names], np.int64))
        p = against.joint
        adjusted = np.array([step_down(each, told) for each, told in zip(against.each, scored.told, strict=True)]).reshape(scored.z.shape)
    else:
        p, adjusted = rank_share(scored.joint), np.ones(scored.z.shape)
    flagged = flag(p, control)
    order = np.lexsort((-np.minimum(scored.joint, 1e9), p))
    paths, result = basis.parts.paths, basis.prices
    error, matrix_names = result.se, _names(project)
    lines = tuple("Makes a choice that the class's model cannot make" if not np.isfinite(scored.joint[a]) else
                  in_short(matrix_names, result.theta, error, scored.away[a], scored.z[a], adjusted[a],
                           float(p[a]) if against is not None else 1.0, bool(flagged[a])) for a in range(len(names)))
    alone = score_agents(basis.tracks, basis.prices).joint
    first = tuple(one[np.lexsort((paths.ids[one].astype(str), -alone[one]))] for one in tracks)
    limit = ""
    if against is not None and not flagged.any():
        limit = _of_agents(calibration_limit(int(against.agents.min(initial=10**9)), control, len(names)), basis.named)
    ground = replace(review.ground, n=0 if against is None else int(against.agents.min(initial=len(basis.calibration))), m=len(names),
                     basis=USUAL, alike=None)
    return Agents(names, first, p, flagged, order, lines, _of_agents(promise_of(control, ground).sentence, basis.named), limit,
                  basis.named, scored, against, control)


def _of_agents(sentence: str, named: bool) -> str:
    """A sentence on tracks told of agents, where the data names these."""
    return sentence.replace("track", "agent") if named else sentence


def _names(project: Project) -> tuple[str, ...]:
    assert project.fit is not None
    return project.fit.result.names


def prices_study(project: Project, who: str, watch: Control | None = None) -> Prices:
    """The prices of an agent by its label, or of the agent that a track (its id) is of; kept once a fit. Of a reviewed agent the reviewed
    tracks speak. DataError where there is neither."""
    basis = basis_of(project, watch)
    at = np.flatnonzero(basis.parts.paths.ids.astype(str) == who)
    label = str(basis.labels[at[0]]) if len(at) else who
    if not (basis.labels == label).any():
        raise DataError(f"There is no track and no agent called {who!r} in this class.", "Choose one of the listed ones.")
    return kept(project, "prices", lambda: _prices(project, basis, label, watch or Control()), (project.fit, basis), (label,), MOST_KEPT)


def _prices(project: Project, basis: Basis, label: str, watch: Control) -> Prices:
    mine = next(part[label] for part in (basis.reviewed, basis.calibration, basis.fitted) if label in part)
    problem = _problem(project, basis, mine)
    own, calibration = basis.tracks.summed([mine]), [v for name, v in basis.calibration.items() if name != label]
    tester: Tester
    if basis.parts.has_reference and len(calibration) >= FEWEST:
        tester = normal_agents_test(mine, calibration, basis.tracks, basis.prices, basis.rank)
    elif can_simulate(problem) and own.possible[0]:
        tester = simulated_test(own, simulated(problem, basis.prices, control=watch), basis.prices, len(mine))
    else:
        tester = normal_test(own, basis.prices, len(mine))
    return prices_of(label.strip(), mine, problem, basis.tracks.possible[mine], basis.prices, tester, watch)


def _problem(project: Project, basis: Basis, mine: np.ndarray) -> Problem:
    """The trips of one agent, each by the features that it is judged by."""
    ready = judged(project)
    matrix, model, batches = ready.matrix, ready.model, ready.batches
    assert project.fit is not None
    own = [PathFeatures(np.flatnonzero(np.isin(mine, b.index)), b.features.phi) for b in batches[1:]]
    return Problem(need_world(project)[0].mdp, batches[0].features.phi, matrix.names, basis.parts.paths.take(mine), model,
                   project.fit.result.gamma, tuple(part for part in own if len(part.index)))


def prices_words(project: Project, prices: Prices) -> tuple[str, ...]:
    """The prices of an agent in sentences, in the unit that the project's utility is told in."""
    assert project.fit is not None
    kinds = [spec.kind for spec in project.fit.features]
    return sentences(prices, kinds, yardstick_of(project), basis_of(project).named)
