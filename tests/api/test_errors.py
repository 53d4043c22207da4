"""What is wrong in a script is said in a sentence that names it, and what is nearest to a name that is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import irlcore as ir
from irlcore.project.split import split_paths

TOWN = Path(__file__).resolve().parents[2] / "sample_data" / "town"


@pytest.fixture(scope="module")
def town() -> ir.Study:
    return ir.sample("town")


@pytest.fixture(scope="module")
def fit(town: ir.Study) -> ir.Fit:
    return ir.fit(town, features=["length (km)", "u-turn"], model="maxent")


NEAR: dict[str, tuple[Callable[[ir.Study, ir.Fit], Any], str]] = {
    "class column": (lambda study, _: study.of_class("truck", column="clas"), "no column of classes called 'clas'. Did you mean class?"),
    "class": (lambda study, _: study.of_class("trucks"), "no class called 'trucks'. Did you mean truck?"),
    "reference": (lambda study, _: study.of_class("truck", normal="referense"), "Did you mean reference?"),
    "period": (lambda study, _: study.of_class("truck", normal="reference", period="periods"), "Did you mean period?"),
    "agents": (lambda study, _: ir.fit(study, clusters="clas"), "no column of agents called 'clas'. Did you mean class?"),
    "model": (lambda study, _: ir.fit(study, model="noisy-value"), "No model is called 'noisy-value'. Did you mean noisy_value?"),
    "estimator": (lambda study, _: ir.fit(study, estimator="maximum_likelyhood"), "Did you mean maximum_likelihood?"),
    "setting": (lambda study, _: ir.fit(study, estimator="value_basis", settings={"lamb": 1.0}), 'no setting "lamb"'),
    "feature": (lambda study, _: ir.fit(study, features=["lenght (km)"]), "no feature called 'lenght (km)'. Did you mean length (km)?"),
    "kind": (lambda *_: ir.feature("atribute"), "no kind of feature called 'atribute'. Did you mean attribute?"),
    "parameter": (lambda *_: ir.feature("attribute", atribute="road"), "Did you mean attribute?"),
    "sign": (lambda *_: ir.feature("length", sign="negativ"), "Did you mean negative?"),  # type: ignore[arg-type]
    "attribute": (lambda study, _: ir.fit(study, features=[ir.feature("attribute", attribute="speed_kph")], model="maxent"),
                  "no attribute 'speed_kph' in this world. Did you mean speed_kmh?"),
    "sample": (lambda *_: ir.sample("twon"), "no sample called 'twon'. Did you mean town?"),
    "catalogue": (lambda *_: ir.catalogue("feature"), "Did you mean features?"),  # type: ignore[arg-type]
    "table": (lambda *_: ir.read(path=pd.DataFrame()), "no kind of table called 'path'. Did you mean paths?"),
    "aims": (lambda *_: ir.read(TOWN, aims="end"), "Did you mean ends?"),  # type: ignore[arg-type]
    "times": (lambda *_: ir.read(TOWN, time="days first"), "Did you mean day first?"),
    "goal": (lambda _, fit: fit.predict("Church Stret at Cooper Lane"), "no goal called 'Church Stret at Cooper Lane'. Did you mean"),
    "place": (lambda _, fit: fit.predict("231", start="23l"), "no link called '23l'. Did you mean"),
    "prediction": (lambda _, fit: fit.predict("231", what="paths"), "Did you mean path?"),
    "track": (lambda _, fit: fit.intent("comuter-001"), "Did you mean commuter-001?"),
    "limit": (lambda _, fit: fit.review(limit="share_of_flag"), "Did you mean share_of_flags?"),
    "score": (lambda _, fit: fit.review(score="suprise"), "Did you mean surprise?"),
    "reasons": (lambda _, fit: fit.review().reasons("commuter-0001"), "Did you mean commuter-001?"),
}
"""What is misspelt -> how, and what is said of it."""

WRONG: dict[str, tuple[Callable[[ir.Study, ir.Fit, Path], Any], str]] = {
    "no folder": (lambda *_: ir.read("nowhere at all"), "There is no file or folder 'nowhere at all'"),
    "an empty folder": (lambda study, fit, tmp: ir.read(tmp), "holds no tables"),
    "nothing": (lambda *_: ir.read(), "No table holds tracks; there is nothing"),
    "a number": (lambda *_: ir.read(3), "An object of type int cannot be read"),  # type: ignore[call-overload]
    "no table": (lambda *_: ir.read(points=3), "The points cannot be read as a table"),
    "a project file": (lambda study, fit, tmp: ir.read(study.save(tmp / "a.motive")), "Open it with ir.open"),
    "no project file": (lambda study, fit, tmp: ir.open(tmp / "b.motive"), "cannot be read"),
    "no place to save": (lambda study, fit, tmp: study.save(tmp / "none" / "a.motive"), "cannot be written"),
    "choices alone": (lambda *_: ir.read(choices=pd.DataFrame({"track": ["a"], "state": ["b"], "choice": ["c"]})), "where they lead"),
    "a value": (lambda *_: ir.feature("length", per="far"), "per is 'far', not a finite number"),
    "no study": (lambda *_: ir.fit("sample_data/town"), "An object of type str cannot be fitted"),  # type: ignore[arg-type]
    "no fit": (lambda study, *_: ir.Fit(study.project).result, "There is no fit of this class yet"),
    "no class column": (lambda *_: ir.read(paths={"a": ["1", "2"], "b": ["1", "2"]}).of_class("x"), "No column tells the class"),
    "corners": (lambda study, *_: study.with_zones({"a": [1.0, 2.0]}), "are not pairs of numbers"),  # type: ignore[list-item]
    "no step": (lambda study, fit, _: fit.predict("231", start=["379", "231"]), "No step leads from '379' to '231'"),
    "one place": (lambda study, fit, _: fit.intent(["379"]), "One place alone says nothing"),
    "none drawn": (lambda study, fit, _: fit.simulate(0), "0 tracks cannot be drawn"),
    "no model": (lambda study, *_: ir.fit(study, model=3), "An object of type int is no model"),  # type: ignore[arg-type]
    "no estimator": (lambda study, *_: ir.fit(study, estimator=3), "An object of type int is no estimator"),  # type: ignore[arg-type]
    "which goal": (lambda study, fit, _: fit.predict(start="379"), "Name one, or a place"),
    "another world": (lambda study, fit, _: fit.score(ir.read(paths={"a": ["1", "2"], "b": ["1", "2"]})), "Read them with world=fit.world"),
    "a rate": (lambda study, fit, _: fit.review(2.0), "Choose a number between 0 and 1"),
}
"""What cannot be -> how, and what is said of it."""


@pytest.mark.kernels
@pytest.mark.parametrize("what", NEAR)
def test_a_misspelt_name_is_answered_by_the_nearest(what: str, town: ir.Study, fit: ir.Fit) -> None:
    ask, said = NEAR[what]
    with pytest.raises(ir.MotiveError) as error:
        ask(town, fit)
    assert said in str(error.value)


@pytest.mark.kernels
@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_said(what: str, town: ir.Study, fit: ir.Fit, tmp_path: Path) -> None:
    ask, said = WRONG[what]
    with pytest.raises(ir.MotiveError) as error:
        ask(town, fit, tmp_path)
    assert said in str(error.value)


def test_a_class_column_that_is_not_there_is_no_longer_every_track(town: ir.Study) -> None:
    with pytest.raises(ir.MotiveError, match=r"There is no column of classes called 'clas'\. Did you mean class\?"):
        split_paths(replace(town.project, class_column="clas"))


def test_a_question_that_the_data_asks_names_what_answers_it() -> None:
    frame = pd.DataFrame({"track": ["a"] * 3 + ["b"] * 3, "t": ["03/04/2024 10:00", "03/04/2024 10:01", "03/04/2024 10:02"] * 2,
                          "x": [1000.0, 1010.0, 1020.0] * 2, "y": [1000.0] * 6})
    with pytest.raises(ir.MotiveError, match=r"time=\.\.\., one of 'day first'"):
        ir.read(frame)
    assert len(ir.read(frame, time="day first", clean=False, cell=10.0).tracks) == 2
