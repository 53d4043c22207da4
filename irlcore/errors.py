"""The kinds of error Motive raises. Each says what is wrong, where, and what to do about it."""

from __future__ import annotations


class MotiveError(Exception):
    """Base of every error an analyst may meet.

    ``what`` names the row, value or feature that is wrong; ``fix`` says what to do about it.
    """

    def __init__(self, what: str, fix: str = "") -> None:
        super().__init__(f"{what} {fix}".strip())
        self.what = what
        self.fix = fix


class DataError(MotiveError):
    """A file or table cannot be used as it is."""


class WorldError(MotiveError):
    """The world cannot be built, or cannot be solved as asked (unreachable goal, gamma = 1 that cannot hold)."""


class Infeasible(MotiveError):
    """These rewards have no finite value in this world (gamma = 1 with a paying choice, a free cycle, a
    spectral radius of 1 or more, a goal out of reach)."""


class FeatureError(MotiveError):
    """A feature's specification is wrong, or its values carry no information."""


class FitError(MotiveError):
    """No weights can be found for this data, world and set of features."""


class ProjectError(MotiveError):
    """A project file is damaged, foreign, or written by a newer version."""


class Cancelled(MotiveError):
    """The analyst stopped the work; nothing that was there before is lost."""

    def __init__(self, what: str = "Cancelled.") -> None:
        super().__init__(what, "The last result is still there.")
