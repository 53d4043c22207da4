"""Where trips end, said on the Import form and the Tracks page: with its counts, as suggested, and corrected track by track."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app.importing.aims_form import WORDS
from irlcore.project.project import Project
from tests.app.importing.form import said, tracks_page
from tests.project.test_aims import WALKS, aim_of

ROUND_TRIPS = "\n".join(["track,t,x,y,type", *(f"{name} {k},{t},{x + 0.5},{y + 0.5},{'patrol' if name in ('round', 'back') else 'car'}"
                                             for name, cells in WALKS.items() for k in range(3) for t, (x, y) in enumerate(cells)),
                         *(f"corner {k},{t},{8 * k + 0.5 - t * (2 * k - 1)},{8 * k + 0.5},car" for k in (0, 1) for t in range(4))])


def read() -> AppTest:
    app = tracks_page(points=ROUND_TRIPS.encode())
    app.number_input(key="cell").set_value(1.0).run()
    assert not app.exception and not app.error
    return app


@pytest.fixture(scope="module")
def imported() -> Project:
    app = read()
    app.button(key="import").click().run()
    assert not app.exception and not app.error
    project: Project = app.session_state["project"]
    return project


def page(project: Project) -> AppTest:
    app = tracks_page()
    app.session_state["project"] = project
    app.run()
    assert not app.exception and not app.error
    return app


def test_the_import_form_suggests_by_class_and_says_why() -> None:
    app = read()
    asked = {one.label: one for one in app.selectbox if one.label.startswith("Tracks of ")}
    assert {label: one.value for label, one in asked.items()} == {"Tracks of car": "ends", "Tracks of patrol": "nowhere"}
    assert "6 of 6 tracks end where they start or pass their end long before it: they seem to have no destination." in said(app)
    assert any("(3 kept)" in one for one in asked["Tracks of patrol"].options) and any("(6 kept)" in one for one in
                                                                                      asked["Tracks of patrol"].options)
    assert any("unfinished)" in one for one in asked["Tracks of car"].options)


def test_what_is_chosen_there_is_what_the_project_says(imported: Project) -> None:
    assert dict(imported.class_aims) == {"patrol": "nowhere"}
    assert aim_of(imported, "round 0") == "nowhere" and aim_of(imported, "cut 0") == "end"
    app = read()
    next(one for one in app.selectbox if one.label == "Tracks of patrol").set_value("ends").run()
    app.button(key="import").click().run()
    assert not app.session_state["project"].class_aims and aim_of(app.session_state["project"], "round 0") == ""


def test_the_tracks_page_changes_it_and_says_how_many_are_kept(imported: Project) -> None:
    app = page(imported)
    radio = next(one for one in app.radio if one.label == "Where a trip ends")
    assert radio.value == "ends" and imported.agent_class == "car"
    stops = next(one for one in radio.options if one.startswith(WORDS["stops"]))
    radio.set_value("stops").run()
    app.button(key="set_aim").click().run()
    project = app.session_state["project"]
    assert not app.exception and not app.error and project.class_aims == {"patrol": "nowhere", "car": "stops"}
    assert aim_of(project, "cut 0") == "unfinished" and aim_of(project, "out 0") == "end"
    unfinished = sum(aim_of(project, str(one)) == "unfinished" for one in project.paths.ids)
    assert stops.endswith(f"{unfinished} of them unfinished)") and not any(b.key == "set_aim" for b in app.button)
    app.sidebar.button(key="undo").click().run()
    assert app.session_state["project"].paths is imported.paths


def test_one_track_is_corrected_and_taken_back(imported: Project) -> None:
    app = page(imported)
    app.session_state["selected"] = "cut 0"
    app.run()
    box = next(one for one in app.selectbox if one.label == "cut 0 is after")
    box.set_value("unfinished").run()
    app.button(key="correct_track").click().run()
    project = app.session_state["project"]
    assert not app.exception and not app.error
    assert project.track_aims == {"cut 0": "unfinished"} and aim_of(project, "cut 0") == "unfinished" and aim_of(project, "cut 1") == "end"
    app.button(key="uncorrect").click().run()
    assert not app.session_state["project"].track_aims and aim_of(app.session_state["project"], "cut 0") == "end"


def test_paths_on_a_network_are_asked_about_too() -> None:
    links = b"link,u,v,length\na,1,2,10\nb,2,3,10\nc,3,1,10\nd,3,4,10\n"
    paths = b"track,path\nr,a b c a\ns,b c a b\nt,a b d\n"
    app = tracks_page(links=links, paths=paths)
    box = next(one for one in app.selectbox if one.label == "All tracks")
    assert box.value == "nowhere" and "2 of 3 tracks end where they start" in said(app)
    assert any("(3 kept, 2 of them unfinished)" in one for one in box.options)
    app.button(key="import").click().run()
    assert not app.exception and not app.error
    assert [aim_of(app.session_state["project"], track) for track in "rst"] == ["nowhere"] * 3
