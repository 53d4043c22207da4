"""Figures of plotly, which is needed only where one is asked for."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from irlcore.errors import MotiveError
from irlcore.fitting.result import FitResult
from irlcore.intent.goals import GoalPosterior


def weights(result: FitResult) -> Any:
    """Weights as dots with 95 % intervals, a plotly.graph_objects.Figure. MotiveError where plotly is missing."""
    return _charts().weights_figure(result.names, result.theta, result.interval())


def posterior(found: GoalPosterior, names: tuple[str, ...]) -> Any:
    """Probability of each goal along a track, as stacked areas. MotiveError where plotly is missing."""
    return _charts().posterior_figure(found.probability, names, found.certain_step)


def _charts() -> ModuleType:
    """The charts of pages and reports, which are made with plotly."""
    try:
        from irlcore.report import charts
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "plotly":
            raise
        raise MotiveError("Figures are made with plotly, which is not installed.", 'Install it: pip install "motive[app]".') from error
    return charts
