"""A step is a step, however short."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis.study import fit_study
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_column, suggest_features
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_paths import read_paths
from irlcore.worlds.network import build_network

# A and B are one point, joined both ways by links of length 0 (case q07 of the files as people have them)
LINKS = pd.DataFrame({"link": list("123456"), "u": list("ABBACX"), "v": list("BACCDA"), "length": [0, 0, 100, 150, 50, 10]})
PATHS = pd.DataFrame({"track": list("abcd"), "path": ["6 1 3 5", "6 4 5", "6 1 2 4 5", "6 1 3 5"]})
STEP = FeatureSpec("each step", "step", {})


def test_only_arriving_at_a_place_without_extent_is_no_step() -> None:
    np.testing.assert_array_equal(feature_column(STEP, build_network(LINKS), Context()), 1.0)
    transitions = pd.DataFrame({"from_link": ["6", "1", "2", "4", "5"], "to_link": ["1", "2", "4", "5", "home"]})
    town = build_network(LINKS, transitions)
    np.testing.assert_array_equal(feature_column(STEP, town, Context()), town.place_names[town.choice_place] != "home")


@pytest.mark.parametrize("model", ["noisy_value", "boltzmann", "maxent", "noisy_value_replanned"])
def test_the_start_features_fit_where_links_have_length_0(model: str) -> None:
    made = with_world(Project(name="One point"), read_paths(PATHS, guess_columns(PATHS, "paths")), build_network(LINKS))
    fitted = fit_study(replace(made, features=tuple(suggest_features(build_network(LINKS)))), model)
    assert fitted.fit is not None
    weights = dict(zip(fitted.fit.result.names, fitted.fit.result.theta, strict=True))
    assert weights["each step"] < 0.0 and np.isfinite(fitted.fit.result.loglik)
