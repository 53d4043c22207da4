"""The measure of cases: what it takes for right, said, silent, a traceback or wrong, on files made here; and the command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import cases
from benchmarks.cases import path
from benchmarks.cases.expectation import Asked, Expected, Facts, Fit, Read, Refused, Way
from benchmarks.cases.judgement import Kind, judged
from benchmarks.cases.path import Outcome, import_files
from irlcore.errors import DataError
from irlcore.tracks.options import Options, Question

ROOT = Path(__file__).resolve().parents[2]
POINTS = "track,t,x,y,class\n" + "".join(f"v{k},{60 * i},{100 * i},{100 * k},{'ab'[k % 2]}\n" for k in range(4) for i in range(10))
FILES = {"p.csv": POINTS.encode()}
LINKS = {"links.csv": b"link,u,v,length\n1,A,B,100\n2,B,C,200\n3,B,D,300\n", "paths.csv": b"track,path\na,1 2\nb,1 3\n"}
TRUE = Facts(tracks=4, points=40, paths=4, ids=("v0", "v1", "v2", "v3"), span={"v1": (0.0, 540.0)}, seconds={"v2": 540.0}, step_s=60.0,
             step_m=100.0, metres={"v0": 900.0}, labels={"class": {"a": 2, "b": 2}}, absent=("x",), timed=True, crs="", cell=(50.0, 200.0))
ROADS = Facts(tracks=2, links=3, choices=2, link_m={"2": 200.0}, steps=(("1", "2"),), no_steps=(("2", "1"),), route={"b": ("1", "3")},
              no_features=("toll",), fit=Fit(refused=True, told=("nothing can be learned",)))
FALSE = (Facts(tracks=5), Facts(points=41), Facts(paths=3), Facts(ids=("v0", "v1", "v2", "v4")), Facts(span={"v1": (0.0, 600.0)}),
         Facts(span={"v9": (0.0, 540.0)}), Facts(seconds={"v2": 600.0}), Facts(step_s=59.0), Facts(step_m=99.0),
         Facts(metres={"v0": 880.0}), Facts(metres={"v9": 900.0}), Facts(labels={"class": {"a": 4}}), Facts(labels={"kind": {"a": 4}}),
         Facts(absent=("class",)), Facts(timed=False), Facts(crs="utm"), Facts(cell=(200.0, 300.0)))
NO_ROADS = (Facts(links=4), Facts(choices=3), Facts(link_m={"2": 190.0}), Facts(link_m={"9": 200.0}), Facts(steps=(("2", "1"),)),
            Facts(no_steps=(("1", "2"),)), Facts(route={"b": ("1", "2")}), Facts(no_features=("length",)), Facts(fit=Fit()),
            Facts(fit=Fit(refused=True, told=("never said",))))


def kind(files: dict[str, bytes], *ways: Way) -> Kind:
    return judged(files, Expected("", ways)).kind


def test_what_is_as_the_facts_say_is_read_right() -> None:
    assert kind(FILES, Read(TRUE)) == Kind.READ_RIGHT
    assert kind(LINKS, Read(ROADS)) == Kind.READ_RIGHT
    assert kind(FILES, Read(Facts(tracks=9)), Read(TRUE)) == Kind.READ_RIGHT, "one way is enough"


@pytest.mark.parametrize(("files", "facts"), [*((FILES, one) for one in FALSE), *((LINKS, one) for one in NO_ROADS)])
def test_any_fact_that_does_not_hold_is_a_wrong_reading_in_silence(files: dict[str, bytes], facts: Facts) -> None:
    assert kind(files, Read(facts)) == Kind.SILENT


def test_a_right_reading_without_the_words_is_silent_and_a_wrong_one_with_them_is_wrong() -> None:
    lost = {"p.csv": (POINTS + "v0,600,none,0,a\n").encode()}
    assert kind(lost, Read(TRUE, ("row 42.*none",))) == Kind.READ_RIGHT
    assert kind(lost, Read(TRUE, ("row 43",))) == Kind.SILENT
    assert kind(lost, Read(Facts(tracks=9), ("row 42.*none",))) == Kind.WRONG


def test_a_refusal_is_right_in_the_true_words_alone() -> None:
    empty = {"p.csv": b"track,t,x,y\n"}
    assert kind(empty, Refused(("no rows",))) == Kind.SAID_RIGHT
    assert kind(empty, Refused(("no header",))) == Kind.WRONG
    assert kind(empty, Refused(("no rows",), never=("header",))) == Kind.WRONG
    assert kind(empty, Read(TRUE)) == Kind.WRONG
    assert kind(FILES, Refused(("no rows",))) == Kind.SILENT


def test_after_a_refusal_the_columns_that_are_picked_by_hand_must_lead_to_the_facts() -> None:
    foreign = {"p.csv": POINTS.replace("track,t,x,y", "ding,t,x,y").encode()}
    way = Refused(("what each file holds",), roles={"p.csv": "points"}, columns={"track": "ding"}, facts=TRUE)
    assert kind(foreign, way) == Kind.SAID_RIGHT
    assert kind(foreign, Refused(way.told, roles=way.roles, columns=way.columns, facts=Facts(tracks=9))) == Kind.WRONG


def test_a_question_is_right_where_its_answer_leads_to_the_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = path.read

    def asking(plan: path.Plan, watch: path.Control) -> path.Read:
        if chosen != "dmy":
            raise Question("Day or month first?", "Choose.", "time", {"mdy": "month first", "dmy": "day first"})
        return whole(plan, watch)

    chosen = ""

    def answered(files: dict[str, bytes], options: Options | None = None, picked: path.Picked | None = None) -> Outcome:
        nonlocal chosen
        chosen = (options or Options()).time
        return import_files(files, options, picked)

    monkeypatch.setattr(path, "read", asking)
    monkeypatch.setattr("benchmarks.cases.judgement.import_files", answered)
    assert kind(FILES, Asked("time", "day first", TRUE, ("month first",))) == Kind.SAID_RIGHT
    assert kind(FILES, Asked("time", "month first", TRUE)) == Kind.WRONG, "that answer asks again"
    assert kind(FILES, Asked("time", "day first", Facts(tracks=9))) == Kind.WRONG
    assert kind(FILES, Asked("zone", "day first", TRUE)) == Kind.WRONG
    assert kind(FILES, Read(TRUE)) == Kind.WRONG


def test_what_nobody_foresaw_is_a_traceback_whatever_is_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(path, "raw_scene", lambda *_: 1 / 0)
    found = judged(FILES, Expected("", (Read(TRUE), Refused(("division",)))))
    assert found.kind == Kind.TRACEBACK and "ZeroDivisionError" in found.why


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_read_on() -> None:
    assert kind({**FILES, "empty.csv": b""}, Read(TRUE, ("empty.csv",))) == Kind.READ_RIGHT


def test_a_folder_without_cases_or_with_others_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not there"):
        cases.run(tmp_path / "nowhere")
    with pytest.raises(DataError, match="no cases"):
        cases.run(tmp_path)
    (tmp_path / "z99_other").mkdir()
    with pytest.raises(DataError, match="z99_other"):
        cases.run(tmp_path)


def test_the_command_prints_the_counts_as_its_last_line(tmp_path: Path) -> None:
    for name in ("c01_iso", "k01_type_column_blank_csv", "p01_tz_ns"):
        (tmp_path / name).symlink_to(ROOT / "tests/cases" / name)
    done = subprocess.run([sys.executable, "-m", "benchmarks", "cases", "--json", "--data", str(tmp_path)], cwd=ROOT, check=True,
                          capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == {"read_right": 3, "said_right": 0, "silent": 0, "traceback": 0, "of": 3, "silent_cases": [], "traceback_cases": [],
                     "wrong_cases": []}
