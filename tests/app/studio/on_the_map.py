"""The Features page as a test opens it, and what an analyst does on its map: sent as the page's own component sends it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from streamlit.testing.v1 import AppTest

from app.studio.map import MAP
from irlcore.project.project import Project
from tests.app.test_pages import opened


def said(app: AppTest) -> str:
    parts = (*app.markdown, *app.caption, *app.info, *app.warning, *app.error)
    return "\n".join(str(e.value).replace("\\", "") for e in parts)


def project_of(app: AppTest) -> Project:
    project: Project = app.session_state["project"]
    return project


def fine(app: AppTest) -> AppTest:
    assert not app.exception and not app.error, said(app)
    return app


def studio(sample: str = "town", without: str = "", fit: bool = True, about: str = "") -> AppTest:
    """The Features page of a sample, fitted, without one of its features; about: what agents are unsure of, anew at each step."""
    app = opened(sample)
    app.session_state["project"] = fitted(sample, without, about) if fit else fewer(project_of(app), without)
    return fine(app.switch_page("screens/features.py").run())


@cache
def fitted(sample: str, without: str = "", about: str = "") -> Project:
    """As the Fit page leaves it: one for all tests, with what follows from it."""
    app = opened(sample)
    app.session_state["project"] = fewer(project_of(app), without)
    app.switch_page("screens/fit.py").run()
    if about:
        app.toggle(key="kept_error").set_value(False)
        app.selectbox(key="about").set_value(about).run()
    app.button(key="fit_button").click().run()
    return project_of(fine(app))


def fewer(project: Project, without: str) -> Project:
    return replace(project, features=tuple(s for s in project.features if s.name != without))


def act(app: AppTest, **what: object) -> AppTest:
    """The next act on the map."""
    heeded = app.session_state["found map acts heeded"].get(MAP) if "found map acts heeded" in app.session_state else 0
    app.session_state[MAP] = {"acts": [{"n": (heeded or 0) + 1, **what}]}
    return app.run()


def draw(app: AppTest, low: float = 0.4, high: float = 0.65) -> AppTest:
    """A loop round the middle of the map."""
    world = project_of(app).world
    assert world is not None
    (x0, y0), (x1, y1) = np.nanquantile(world.place_xy, [low, high], axis=0)
    return act(app, ring=[x0, y0, x1, y0, x1, y1, x0, y1])


def click_place(app: AppTest, place: int) -> AppTest:
    return act(app, place=str(place))


def draft(app: AppTest, what: str) -> str:
    """The key of the drawing's "name" or "use" widget."""
    widgets = (*app.text_input, *app.segmented_control)
    return next(str(w.key) for w in widgets if w.key and w.key.startswith(f"draft_{what}_"))
