"""``ir.fit`` and what it gives: weights with their errors, and everything that can be asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from irlcore.analysis.study import fit_study
from irlcore.engine import Control, Progress
from irlcore.errors import FitError
from irlcore.face import figures
from irlcore.face.asked import Start
from irlcore.face.intended import Intended, intended
from irlcore.face.named import estimator_named, model_named
from irlcore.face.prediction import What, predicted, scored, simulated
from irlcore.face.reviewed import Reviewed, reviewed
from irlcore.face.study import Study
from irlcore.face.summary import Summary, frame_of, summary_of
from irlcore.features.base import FeatureSpec
from irlcore.fitting.compare import short_title
from irlcore.fitting.estimators import Estimator
from irlcore.fitting.result import FitResult
from irlcore.project.project import FitRecord
from irlcore.quantities import counted
from irlcore.rationality.base import Rationality
from irlcore.rationality.models import named
from irlcore.review.calibration.controls import Kind
from irlcore.worlds.called import called


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Fit(Study):
    """A study with what its class was found to want. All that a ``Study`` can do, it can.

    >>> import irlcore as ir
    >>> fit = ir.fit(ir.sample("town"), model="maxent")
    >>> fit
    <Fit: MaxEnt, 5 features, log-likelihood -216.9, 53 tracks of class commuter>
    >>> list(fit.weights.index)
    ['length (km)', 'left turn', 'right turn', 'u-turn', 'road: arterial']
    """

    @property
    def record(self) -> FitRecord:
        """The fit with its features and class, as a project keeps it. FitError where the class has none."""
        if self.project.fit is None:
            raise FitError("There is no fit of this class yet.", "Fit it: ir.fit(study).")
        return self.project.fit

    @property
    def result(self) -> FitResult:
        """Everything that was found: weights, errors, log-likelihood, warnings (``irlcore.fitting.result``)."""
        return self.record.result

    @property
    def weights(self) -> pd.Series:
        """Feature -> weight, utility per unit of the feature."""
        return pd.Series(self.result.theta, list(self.result.names), name="weight")

    def summary(self, level: float = 0.95) -> Summary:
        """The whole of it as text: weights with errors, z, p and intervals of this level, log-likelihood, held-out tracks, warnings.

        >>> import irlcore as ir
        >>> print(ir.fit(ir.sample("town"), model="maxent").summary())  # doctest: +ELLIPSIS
                                         What these agents want
        ========...
        Class: ...
        """
        return summary_of(self.project, self.record, level)

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """The table of the summary: a row a weight or number of the model's own, with "of" ("feature" or "model"), weight, "std err", z, p,
        low, high."""
        return frame_of(self.result, level)

    def predict(self, goal: str = "", start: Start = "", *, what: What = "choices", steps: int = 10) -> pd.DataFrame:
        """What agents on the way to ``goal`` are expected to do.

        what: "choices", every choice and how probable it is (from, to, probability); "next", the likeliest one of each place; "path", the
        likeliest way from ``start`` (step, place, probability of the choice). goal: a place, or a goal by its name; not needed where there
        is one, or none. start: a place, or all places so far, the present one last; in a log the events so far ([] before the first).
        steps: of a way without a goal. In a world with a clock, in its first band of hours. DataError where a name is none, WorldError
        where no way leads there.

        >>> import irlcore as ir
        >>> fit = ir.fit(ir.sample("town"), model="maxent")
        >>> way = fit.predict("231", start="379", what="path")
        >>> way["link"].iloc[0], way["link"].iloc[-1]
        ('379', '231')
        >>> bool(abs(fit.predict("231", start="379")["probability"].sum() - 1.0) < 1e-9)
        True
        """
        return predicted(self.project, goal, start, what, steps)

    def score(self, tracks: Study | None = None, *, by_track: bool = False) -> float | pd.Series:
        """Log-likelihood in nats a track, higher is better: of the tracks known as normal that were held out (of those fitted to where
        there are none), or of others, of the class under study there, that were read with ``world=fit.world``. by_track: of
        each one, by its id. WorldError where they are in another world.

        >>> import irlcore as ir
        >>> fit = ir.fit(ir.sample("town"), model="maxent")
        >>> abs(fit.score() - fit.result.held_out) < 1e-9
        True
        """
        found = scored(self.project, tracks)
        return found if by_track else float(found.mean())

    def simulate(self, n: int = 100, *, seed: int = 0) -> pd.DataFrame:
        """n tracks drawn from the fit, each from the start and to the goal of a fitted one that is drawn too: a row a place, as
        ``Study.paths`` has them. FitError where drawn trips do not end.

        >>> import irlcore as ir
        >>> fit = ir.fit(ir.sample("town"), model="maxent")
        >>> drawn = fit.simulate(50, seed=1)
        >>> len(ir.read(paths=drawn, world=fit.world).tracks)
        50
        """
        return simulated(self.project, n, seed)

    def review(self, rate: float | None = None, *, limit: Kind | str = "", score: str = "") -> Reviewed:
        """Which tracks this fit does not explain, with reasons.

        limit: "share_of_flags" (of the flagged tracks at most about ``rate`` are normal, usual where tracks are known as normal),
        "share_of_normal" (of the normal ones that share is flagged), or "strangest" (that share of all is listed, and nothing promised).
        rate: between 0 and 1; .1 where None, .02 of the strangest. score: what ranks; what the evidence supports where empty.
        """
        return reviewed(self.project, rate, limit, score)

    def intent(self, track: str | Sequence[str]) -> Intended:
        """What one track seems to be after along its way. track: the id of one of the class, or the places that one has passed so far."""
        return intended(self.project, track)

    def plot(self) -> Any:
        """Weights as dots with their intervals, a plotly figure. MotiveError where plotly is missing."""
        return figures.weights(self.result)

    def __repr__(self) -> str:
        found = self.result
        words = called(self.world)
        some = f"{counted(found.n_paths, words.track)}{f' of class {of}' if (of := self.record.agent_class) else ''}"
        what = f"{short_title(named(found.rationality))}, {counted(len(found.names), 'feature')}"
        return f"<Fit: {what}, log-likelihood {found.loglik:,.1f}, {some}>"


def fit(study: Study, *, features: Sequence[FeatureSpec | str] | None = None, model: str | Rationality = "",
        estimator: str | Estimator = "maximum_likelihood", clusters: str = "", small_sample: bool = True, gamma: float | None = None,
        settings: Mapping[str, float] | None = None, progress: Progress | None = None) -> Fit:
    """What the class under study wants: the same as *Fit* on the pages does, to the last digit.

    features: objects of ``ir.feature``, or names; the study's own where None. model: how agents choose, a name of
    ``ir.catalogue("models")`` or an object; the usual one of the world where empty. estimator: a name of ``ir.catalogue("estimators")`` or
    an object. clusters: the column that names agents, whose tracks count as one where they are alike. small_sample: whether standard
    errors are put right for few tracks or agents. gamma: discount a step; 1, or below where tracks have no destination, where None.
    settings: of the estimator. progress: hears how far it is, progress(steps done, steps in all, what is done). FitError, FeatureError or
    DataError says what is wrong; a name that is none is answered by the nearest.

    >>> import irlcore as ir
    >>> town = ir.sample("town").of_class("truck")
    >>> fit = ir.fit(town, features=["length (km)", ir.feature("turn", "left turn", turn="left")], model="maxent")
    >>> bool(fit.to_frame().loc["left turn", "p"] < 0.01)
    True
    >>> ir.fit(town, model="maxnet")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    irlcore.errors.FitError: No model is called 'maxnet'. Did you mean maxent? ...
    """
    if not isinstance(study, Study):
        raise FitError(f"An object of type {type(study).__name__} cannot be fitted.",
                       "Give a study: ir.read(...), ir.open(...) or ir.sample(...).")
    asked = study if features is None else study.with_features(*([features] if isinstance(features, str | FeatureSpec) else features))
    asked = asked.with_agents(clusters) if clusters else asked
    return Fit(fit_study(asked.project, model_named(model), gamma, Control(progress), estimator_named(estimator), settings, small_sample))

