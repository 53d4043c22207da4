"""Features edited on their cards, out to a file and back into a project."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from app.studio.feature_exchange import with_features
from irlcore.errors import FeatureError
from irlcore.features.base import FeatureSpec
from irlcore.features.exchange import Exchanged, features_from_json, features_to_json
from irlcore.project.project import Project
from tests.app.studio.on_the_map import draw, fine, project_of, said, studio


def test_editing_counts_versions_and_the_lab_book_keeps_reasons() -> None:
    app = studio(fit=False)
    assert not [b for b in app.button if b.label == "Save"], "the form is drawn where its popover is open"
    app.session_state[f"edit_0_{app.session_state['changes']}"] = True
    app.run()
    next(t for t in app.text_input if t.label == "Why it might matter").set_value("they pay for petrol")
    next(b for b in app.button if b.label == "Save").click().run()
    spec = project_of(fine(app)).features[0]
    assert spec.version == 2 and spec.made and spec.reason == "they pay for petrol"
    assert "v2" in said(app) and "they pay for petrol" in said(app)
    app.session_state[f"edit_0_{app.session_state['changes']}"] = True
    app.run()
    next(b for b in app.button if b.label == "Save").click().run()
    assert project_of(app).features[0].version == 2, "saved without a change it is the same version"
    assert "(v2)  \nthey pay for petrol" in said(app)


def test_features_go_out_and_come_back_under_names_that_are_free() -> None:
    app = draw(studio(fit=False))
    app.button(key="add_proposal").click().run()
    project = project_of(fine(app))
    assert project.world is not None
    text = features_to_json(project.features, project.zones, project.spots, project.world)
    found = features_from_json(text, project.world)
    assert with_features(project, found).features == project.features, "twice the same cannot be told apart"
    first = project.features[0]
    longer = replace(project, features=(replace(first, params={**first.params, "per": 7.0}), *project.features[1:]))
    again = with_features(longer, found)
    assert again.features[-1].name == "length (km) (2)" and len(again.features) == len(project.features) + 1
    assert list(again.zones) == ["zone 1"]

    uploader = next(u for u in app.file_uploader if "another project" in u.label)
    uploader.set_value([("features.json", text.encode(), "application/json")]).run()
    app.button(key="import_features").click().run()
    assert len(project_of(app).features) == len(project.features) and "here already" in said(app)
    next(b for b in app.button if (b.key or "").startswith("del_0")).click().run()
    uploader = next(u for u in app.file_uploader if "another project" in u.label)
    uploader.set_value([("features.json", text.encode(), "application/json")]).run()
    app.button(key="import_features").click().run()
    assert [s.name for s in project_of(fine(app)).features][-1] == "length (km)"
    uploader = next(u for u in app.file_uploader if "another project" in u.label)
    uploader.set_value([("features.json", json.dumps({"format": "else"}).encode(), "application/json")]).run()
    app.button(key="import_features").click().run()
    assert app.error and not app.exception


def test_an_imported_zone_does_not_take_the_place_of_another() -> None:
    ring = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]])
    spec = FeatureSpec("in a", "zone", {"zone": "a"})
    with pytest.raises(FeatureError, match="elsewhere: a"):
        with_features(Project(zones={"a": ring + 1.0}), Exchanged((spec,), {"a": ring}, {}))
