"""A fit as a table of text, as users of statsmodels know it, and as a frame."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from irlcore.analysis.study import staleness
from irlcore.fitting.compare import short_title
from irlcore.fitting.estimators import made_by
from irlcore.fitting.result import FitResult
from irlcore.project.project import FitRecord, Project
from irlcore.project.split import need_world, split_paths
from irlcore.rationality.models import named
from irlcore.report.fit_cautions import cautions
from irlcore.worlds.called import called

WIDTH = 88
HALVINGS = 50  # of the level that an interval reaches 0 at
MISSING = "-"


class Summary(str):
    """A text that shows itself as it reads, at a prompt too."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def frame_of(result: FitResult, level: float = 0.95) -> pd.DataFrame:
    """One row a weight, and below them the model's own parameters: "of" says which, indexed by name. weight, "std err" (the larger of the
    robust one and that of the curvature), z, p, and the ends of the interval of this level. A number that there is none of is NaN: a
    weight at its bound, or one that the data set no limit to.

    p is the level at which the interval just reaches 0, so both say the same: p < 0.05 where the 95 % interval leaves 0 out.
    """
    parts = [("feature", result.names, result.theta, result.se, result.interval)]
    if len(result.own):
        errors = np.maximum(result.own_se, result.own_se_hessian) if len(result.own_se_hessian) else result.own_se
        parts.append(("model", result.own_names, result.own, errors, result.own_interval))
    own = named(result.rationality).parameters
    limits = np.array([p.lower for p in own]), np.array([p.upper for p in own])
    return pd.concat([_rows(*part, level, limits) for part in parts]).rename_axis("name")


def _rows(of: str, names: Sequence[str], value: np.ndarray, error: np.ndarray, interval: Callable[[float], np.ndarray],
          level: float, limits: tuple[np.ndarray, np.ndarray]) -> pd.DataFrame:
    """Of weights or own parameters; limits: (P,) each, what the latter may be, which their intervals do not go beyond."""
    known = np.isfinite(error) & (error > 0.0)
    z = np.divide(value, error, out=np.full(len(value), np.nan), where=known)
    low, high = np.asarray(interval(level)).T
    p = np.where(known, _reaching_zero(value, interval), np.nan)
    if of == "model":  # how large a noise is has 0 for its end: that it is 0 is no question of z
        z, p = np.full(len(value), np.nan), np.full(len(value), np.nan)
        low, high = np.maximum(low, limits[0]), np.minimum(high, limits[1])
    return pd.DataFrame({"of": of, "weight": value, "std err": np.where(np.isfinite(error), error, np.nan), "z": z, "p": p,
                         "low": np.where(np.isfinite(low), low, np.nan), "high": np.where(np.isfinite(high), high, np.nan)},
                        index=list(names))


def _reaching_zero(value: np.ndarray, interval: Callable[[float], np.ndarray]) -> np.ndarray:
    """(n,) 1 - the level at which each interval just reaches 0, found by halving: intervals widen with their level."""
    inside, outside = np.ones(len(value)), np.zeros(len(value))  # levels at which it holds 0, and does not
    for _ in range(HALVINGS):
        middle = 0.5 * (inside + outside)
        ends = np.array([interval(float(level))[k] for k, level in enumerate(middle)]) if len(value) else np.zeros((0, 2))
        holds = (ends[:, 0] <= 0.0) & (ends[:, 1] >= 0.0)
        inside, outside = np.where(holds, middle, inside), np.where(holds, outside, middle)
    return np.asarray(1.0 - inside)


def summary_of(project: Project, record: FitRecord, level: float = 0.95) -> Summary:
    """The whole of a fit: what was fitted and how well, every weight, the model's own parameters, and what to be careful about."""
    result, words = record.result, called(need_world(project)[0])
    frame = frame_of(result, level)
    rule, thin = "=" * WIDTH, "-" * WIDTH
    sides = _facts(project, record)
    half = -(-len(sides) // 2)
    heads = [_line("Class", record.agent_class or "all"), _line("Model", short_title(named(result.rationality))),
             _line("Estimator", made_by(result))]
    heads += [_two(sides[k], sides[half + k] if half + k < len(sides) else ("", "")) for k in range(half)]
    names = [*frame.index]
    wide = max(16, min(30, max(map(len, names), default=0)))
    ends = [f"[{0.5 - level / 2:.3g}", f"{0.5 + level / 2:.3g}]"]
    table = [_row("", ["weight", "std err", "z", "P>|z|", *ends], wide)]
    for of in ("feature", "model"):
        rows = frame[frame["of"] == of]
        if of == "model" and len(rows):
            table += [thin, "The model's own"]
        table += [_row(str(name), _cells(one), wide) for name, one in zip(rows.index, rows.to_dict("records"), strict=True)]
    told = [f"How the search ended: {result.status.value}", *_errors(result, words.tracks)]
    told += [stale] if (stale := staleness(project)) else []
    told += [f"{caution.feature + ': ' if caution.feature else ''}{caution.what} {caution.fix}".strip() for caution in cautions(result)]
    notes = [line for k, one in enumerate(told, 1) for line in textwrap.wrap(f"[{k}] {one}", WIDTH, subsequent_indent="    ")]
    title = "What these agents want".center(WIDTH).rstrip()
    return Summary("\n".join([title, rule, *heads, rule, table[0], thin, *table[1:], rule, *notes]))


def _facts(project: Project, record: FitRecord) -> list[tuple[str, str]]:
    result, parts, words = record.result, split_paths(project), called(need_world(project)[0])
    tracks, fitted = words.tracks, parts.paths.take(parts.fit)
    held = f"{result.held_out:.4f}" if math.isfinite(result.held_out) else MISSING
    agents = [("Agents", f"{result.agents:,} (by {result.agent_column})")] if result.agents else []
    left = [(f"Left out, {tracks}", f"{len(result.left_out):,}")] if result.left_out else []
    choices = [("Choices", f"{len(fitted.choices):,}")] if len(fitted) == result.n_paths else []
    return [("Discount (gamma)", f"{result.gamma:g}"), ("Made", result.made.replace("T", " ")[:16]),
            (f"N, {tracks}", f"{result.n_paths:,}"), *choices, *agents, *left, ("Log-likelihood", f"{result.loglik:,.2f}"),
            ("AIC", f"{result.aic:,.2f}"), ("BIC", f"{result.bic:,.2f}"), (f"Held out, nats a {words.track}", held)]


def _errors(result: FitResult, tracks: str) -> list[str]:
    """What the standard errors are."""
    if not np.isfinite(result.se).any():
        return []
    who = f"summed by {result.agent_column} ({result.agents:,} agents)" if result.agents else f"each of the {tracks} for itself"
    return [f"Weights: utility per unit of their feature. Standard errors: the larger of the robust ones ({who}) and those of the "
            f"curvature ({result.curvature}). P>|z|: the level at which the interval just reaches 0."]


def _line(label: str, value: str) -> str:
    room = WIDTH - len(label) - 2
    return f"{label}: {value if len(value) <= room else value[:room - 3] + '...'}"


def _two(left: tuple[str, str], right: tuple[str, str]) -> str:
    half = WIDTH // 2 - 1
    sides = []
    for label, value in (left, right):
        room = half - len(label) - 2
        sides.append(f"{label}: {value if len(value) <= room else value[:room - 3] + '...':>{room}}" if label else "")
    return f"{sides[0]}  {sides[1]}".rstrip()


def _row(name: str, cells: Sequence[str], wide: int) -> str:
    name = name if len(name) <= wide else name[:wide - 3] + "..."
    return f"{name:<{wide}} " + "".join(f"{one:>{(WIDTH - wide - 1) // 6}}" for one in cells)


def _cells(row: Mapping[Hashable, Any]) -> list[str]:
    return [_number(row["weight"]), _number(row["std err"]), _fixed(row["z"], 2), _p(row["p"]), _number(row["low"]), _number(row["high"])]


def _number(value: float) -> str:
    return MISSING if not math.isfinite(value) else f"{value:.4f}" if 1e-3 <= abs(value) < 1e4 or value == 0.0 else f"{value:.2e}"


def _fixed(value: float, digits: int) -> str:
    return MISSING if not math.isfinite(value) else f"{value:.{digits}f}"


def _p(value: float) -> str:
    return MISSING if not math.isfinite(value) else "<0.001" if value < 1e-3 else f"{value:.3f}"
