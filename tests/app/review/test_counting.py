"""What makes verdicts count, each part of the page alone: notes, files, rules that silence, heeded verdicts, hindsight."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from irlcore.analysis.ranking import Review, review_study
from irlcore.analysis.silencing import rules_of, silenced
from irlcore.analysis.triage import decided
from irlcore.project.project import Label, Project
from irlcore.project.silencing import Silencing
from irlcore.review.calibration.controls import FalseAlarmControl
from tests.app.hostile import TRAPS, open_in_markdown
from tests.app.review.triage import fine, fitted, listed, project_of, review_page

pytestmark = pytest.mark.kernels
SQUARE = np.array([[0.0, 0.0], [9000.0, 0.0], [9000.0, 9000.0], [0.0, 9000.0], [0.0, 0.0]])


def part() -> None:
    """A page of one part, named in the session."""
    import streamlit as st

    from app import session
    from app.review import heeded, hindsight, notes, silencing, verdict_files
    from irlcore.analysis.ranking import review_study
    from irlcore.review.calibration.controls import FalseAlarmControl

    session.finish_job()
    project = session.project()
    review = review_study(project, FalseAlarmControl("share_of_flags", 0.1))
    first = int(review.order[0])
    name = str(review.parts.paths.ids[first])
    {"notes": lambda: notes.show(project, name), "files": lambda: verdict_files.show(project, review),
     "silencing": lambda: silencing.show(project, review, first), "heeded": lambda: heeded.show(project, review),
     "hindsight": lambda: hindsight.show(project, review)}[st.session_state["part"]]()


def page(name: str, project: Project) -> AppTest:
    app = AppTest.from_function(part, default_timeout=60)
    app.session_state["run_inline"], app.session_state["part"], app.session_state["project"] = True, name, project
    return fine(app.run())


@cache
def reviewed() -> Review:
    return review_study(fitted(), FalseAlarmControl("share_of_flags", 0.1))


def names(rows: slice = slice(None)) -> list[str]:
    return [str(i) for i in reviewed().parts.paths.ids[reviewed().order[rows]]]


def said(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*app.markdown, *app.caption, *app.warning, *app.info)).replace("\\", "")


def upload(app: AppTest, text: str) -> AppTest:
    app.file_uploader[0].set_value([("told.csv", text.encode(), "text/csv")])
    return fine(app.run())


def test_a_note_is_kept_and_changed_and_stays_whatever_the_verdict() -> None:
    app = page("notes", decided(fitted(), names(slice(1)), "understood", "market"))
    app.text_area[0].set_value("ask the harbour").run()
    assert project_of(fine(app)).track_notes == {names()[0]: "ask the harbour"}
    again = decided(project_of(app), names(slice(1)), "discarded", "no")
    assert again.track_notes == {names()[0]: "ask the harbour"}
    app.text_area[0].set_value("").run()
    assert not project_of(app).track_notes


def test_verdicts_are_taken_from_a_file_and_others_only_where_that_is_said() -> None:
    first, second = names(slice(2))
    app = page("files", decided(fitted(), [first], "understood", "market"))
    app = upload(app, f"track,outcome,reason\n{first},discarded,x\n{second},operational event,went round\nnobody,discarded,\n")
    assert "nobody" in said(app) and "another verdict or note" in said(app)
    app.button(key="import_verdicts").click().run()
    verdicts = project_of(fine(app)).verdicts
    assert (verdicts[first].outcome, verdicts[second].outcome) == ("understood", "operational event")
    app = upload(app, f"track,outcome,reason\n{first},discarded,x\n")
    app.radio(key="verdicts_overwrite").set_value("Replace it by the file's").run()
    app.button(key="import_verdicts").click().run()
    assert project_of(fine(app)).verdicts[first].outcome == "discarded"


def test_a_rule_is_made_of_a_track_counted_and_revoked() -> None:
    app = page("silencing", fitted())
    did = next(s for s in app.selectbox if s.label == "Did")
    assert "Choose at least one" in said(app)
    did.select_index(len(did.options) - 1).run()
    assert "It silences" in said(app) and "reviewed tracks" in said(app)
    app.button(key="add_rule").click().run()
    project = project_of(fine(app))
    [rule] = rules_of(project)
    many = int(silenced(project, reviewed()).mask.sum())
    assert rule.did and many >= 1 and f"{int(reviewed().flagged.sum())} flagged, {many} silenced by 1 rule." in said(app)
    app.button(key="revoke_rule_0").click().run()
    assert not project_of(fine(app)).silencing and "silenced by" not in said(app)


def test_verdicts_are_heeded_after_a_look_at_what_that_changes() -> None:
    project = fitted()
    normal = [str(i) for i in reviewed().parts.paths.ids[reviewed().parts.calibration[:3]]]
    app = page("heeded", decided(project, normal, "discarded", "bad signal"))
    assert "left out" in said(app)
    app.button(key="heed_look").click().run()
    assert "3 tracks are left out of calibration" in said(app) and not project_of(app).heeded
    app.button(key="heed_accept").click().run()
    after = project_of(fine(app))
    assert set(after.heeded) == set(normal) and len(after.fits) == len(project.fits) + 1
    app.button(key="heed_none").click().run()
    assert not project_of(fine(app)).heeded


def test_hindsight_reads_labels_and_tells_what_the_list_had_wrong() -> None:
    app = page("hindsight", fitted())
    assert "Without labels" in said(app)
    rows = "".join(f"{name},{'yes' if k < 5 or k == 40 else 'no'}\n" for k, name in enumerate(names()))
    app = upload(app, f"id,abnormal\n{rows}nobody,yes\n")
    assert "nobody" in said(app)
    app.button(key="import_labels").click().run()
    told = said(fine(app))
    assert "missed 1" in told and "Missed: 1" in told and "average precision" in told
    labels: dict[str, Label] = dict(project_of(app).labels)
    assert sum(one == "abnormal" for one in labels.values()) == 6 and len(labels) == len(names())
    app.button(key="remove_labels").click().run()
    assert not project_of(fine(app)).labels


def test_a_file_that_tells_nothing_is_refused_in_words() -> None:
    app = page("hindsight", fitted())
    app.file_uploader[0].set_value([("told.csv", b"track,label\nnobody,1\n", "text/csv")])
    app.run()
    assert not app.exception and "No track of this project" in app.error[0].value


def test_silenced_is_a_filter_where_there_is_a_rule() -> None:
    app = review_page()
    assert "Silenced" not in app.segmented_control(key="shown").options
    before = listed(app)
    project = fitted()
    used = replace(project, silencing=(Silencing(project.agent_class, did="turn"),))
    app = review_page(used)
    quiet = int(silenced(used, reviewed()).mask.sum())
    assert quiet and len(listed(app)) == len(before) - quiet
    app.segmented_control(key="shown").set_value("silenced").run()
    assert len(listed(fine(app))) == quiet and set(listed(app)) <= set(before)
    assert np.isin(listed(app), before).all()


@pytest.mark.parametrize("name", ["silencing", "hindsight", "files"])
def test_no_text_of_a_stranger_is_read_as_markdown(name: str) -> None:
    """Names in files, and words of rules from a project of somebody else; a name of a zone or feature is shown as it is typed."""
    project = fitted()
    rules = tuple(Silencing(project.agent_class, zone=trap[:80], why=trap) for trap in TRAPS)
    app = page(name, replace(project, silencing=rules, zones={TRAPS[0]: SQUARE, TRAPS[6]: SQUARE}))
    if name != "silencing":
        rows = "".join(f'"{trap.replace(chr(34), chr(34) * 2)}",1,"{trap.replace(chr(34), chr(34) * 2)}"\n' for trap in TRAPS[:12])
        app = upload(app, f'track,label,outcome\n{names()[0]},1,understood\n{names()[1]},{TRAPS[0]},"{TRAPS[2]}"\n{rows}')
    texts = [str(one.value) for one in (*app.markdown, *app.caption, *app.warning, *app.info, *app.error)]
    assert len(texts) > 1 and not [(trap, text) for text in texts for trap in open_in_markdown(text)]
