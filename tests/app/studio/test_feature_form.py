"""The form that proposes features, for every kind, with places drawn and without."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from streamlit.testing.v1 import AppTest

from irlcore.features.base import KINDS, FeatureSpec
from irlcore.features.checks import embedded
from irlcore.features.zones import zones_to_geojson
from irlcore.project.project import Project
from tests.app.studio.on_the_map import fine, said, studio
from tests.app.test_pages import opened


def on_features(*features: FeatureSpec) -> AppTest:
    """The features page of the town, with a zone and a spot in its middle."""
    app = opened("town")
    project: Project = app.session_state["project"]
    assert project.world is not None
    middle = np.nanmedian(project.world.place_xy, axis=0)
    ring = middle + 300.0 * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]])
    features = (*project.features, *features)
    app.session_state["project"] = replace(project, zones={"old town": ring}, spots={"gate": middle}, features=features)
    app.switch_page("screens/features.py").run()
    return app.segmented_control(key="propose").set_value("Anything").run()


def add(app: AppTest, kind: str) -> FeatureSpec:
    """Picks a kind, adds the feature as the form stands, gives back what was added."""
    app.selectbox(key="kind_Anything").set_value(KINDS[kind]).run()
    app.button(key="look_Anything").click().run()
    app.button(key="add_proposal").click().run()
    assert not app.exception and not app.error
    spec: FeatureSpec = app.session_state["project"].features[-1]
    assert spec.kind == kind
    return spec


def test_several_places_are_picked_from_a_list() -> None:
    assert add(on_features(), "near").params["places"] == ["gate"]


def test_two_features_combined_are_copies_of_those_picked() -> None:
    app = on_features()
    first: FeatureSpec = app.session_state["project"].features[0]
    spec = add(app, "combine")
    assert spec.params["first"] == embedded(first) and first.name in spec.name and "{" not in spec.name


def test_a_place_that_a_feature_within_a_feature_uses_cannot_be_removed() -> None:
    inside = embedded(FeatureSpec("in", "zone", {"zone": "old town"}))
    app = on_features(FeatureSpec("twice", "combine", {"first": inside, "how": "and", "second": inside}))
    app.segmented_control(key="propose").set_value("Draw").run()
    remove = next(b for b in app.button if b.label == "Remove old town")
    remove.click().run()
    assert any("twice" in e.value for e in app.error)
    assert "old town" in app.session_state["project"].zones


def test_every_kind_has_a_form_that_can_be_drawn() -> None:
    app = on_features()
    for kind in [k for k in KINDS.values() if not k.available(app.session_state["project"].world)]:
        app.selectbox(key="kind_Anything").set_value(kind).run()
        assert not app.exception, kind.kind


def test_a_point_begins_at_the_place_that_was_clicked() -> None:
    app = on_features()
    project: Project = app.session_state["project"]
    assert project.world is not None
    app.session_state["looked_at"] = 7
    spec = add(app, "bump")
    assert (spec.params["x"], spec.params["y"]) == tuple(project.world.place_xy[7])


def test_a_formula_is_previewed_as_typed_and_its_error_points_to_the_place() -> None:
    app = studio()
    app.segmented_control(key="propose").set_value("Formula").run()

    def type_in(formula: str) -> None:
        next(t for t in app.text_input if t.key and t.key.startswith("formula_")).set_value(formula).run()

    type_in("length * nonsense")
    assert app.error and any("^" in c.value for c in app.code)
    type_in('(road == "arterial") * length')
    assert "Predicted gain" in said(fine(app))
    type_in("length *")
    assert app.error and app.session_state["desk"].spec is None, "the card of the formula before could be accepted by mistake"


def test_zones_from_a_file_are_one_click_from_their_proposal() -> None:
    app = on_features()
    app.segmented_control(key="propose").set_value("Draw").run()
    project: Project = app.session_state["project"]
    text = zones_to_geojson({"harbour": project.zones["old town"] + 200.0}, project.world.crs if project.world else None)
    app.file_uploader(key="geojson").set_value([("zones.geojson", text.encode(), "application/geo+json")]).run()
    next(b for b in app.button if b.label == "Add these zones").click().run()
    app.button(key="propose_zone").click().run()
    assert not app.exception and not app.error
    assert app.session_state["desk"].spec == FeatureSpec("in harbour", "zone", {"zone": "harbour"})
    app.button(key="add_proposal").click().run()
    assert app.session_state["project"].features[-1].name == "in harbour"
    assert add(on_features(), "zone").name == "in old town", "a form proposes under the same name"
