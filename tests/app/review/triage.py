"""The Review page of the port town, as an analyst works on it: what is done in its list comes as the page's component sends it."""

from __future__ import annotations

import base64
import json
from functools import cache
from itertools import count
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from app.review.component import KEY
from irlcore.analysis.study import fit_study
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from tests.app.test_pages import opened

NUMBERS = count(1)


@cache
def fitted() -> Project:
    return fit_study(sample_project("town"))


def review_page(project: Project | None = None) -> AppTest:
    app = opened()
    app.session_state["project"] = project or fitted()
    return fine(app.switch_page("screens/review.py").run())


def fine(app: AppTest) -> AppTest:
    assert not app.exception and not app.error, [one.value for one in (*app.exception, *app.error)]
    return app


def sent(app: AppTest, name: str = KEY) -> dict[str, Any]:
    """What the list, or its rows, were told last."""
    for block in app:
        proto = getattr(block, "proto", None)
        if getattr(proto, "component_name", "") and name == KEY and proto.component_name == "motive_review_list":
            return dict(json.loads(proto.json))
        if getattr(proto, "component_name", "") == "motive_review_rows" and name == "rows":
            return dict(json.loads(proto.bytes[24:]))
    raise AssertionError("There is no list.")


def listed(app: AppTest) -> list[int]:
    told, n = sent(app), len(sent(app, "rows")["ids"])
    bits = np.unpackbits(np.frombuffer(base64.b64decode(told["rows"]), np.uint8), bitorder="little")[:n]
    return [int(k) for k in np.flatnonzero(bits)]


def act(app: AppTest, **what: object) -> AppTest:
    """Do something in the list, once."""
    told = sent(app)
    app.session_state[KEY] = {"acts": [{"n": next(NUMBERS), "of": told["of"], "session": told["session"], **what}]}
    return fine(app.run())


def decide(app: AppTest, outcome: str, rows: list[int], then: int, reason: str = "") -> AppTest:
    return act(app, verdict=outcome, rows=rows, then=then, reason=reason)


def project_of(app: AppTest) -> Project:
    found: Project = app.session_state["project"]
    return found


def said(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.caption, *app.markdown, *app.info))
