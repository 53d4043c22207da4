"""Verdicts and labels from files: matched by track, what does not match is listed, others stay unless told."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis.labels import read_labels, with_labels, without_labels
from irlcore.analysis.ranking import review_study
from irlcore.analysis.silencing import with_rule
from irlcore.analysis.study import fit_study
from irlcore.analysis.triage import decided, noted
from irlcore.analysis.verdict_files import read_verdicts, verdict_table, with_verdicts
from irlcore.errors import DataError
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from irlcore.project.silencing import Silencing
from irlcore.report.text import as_csv, unrun
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.tracks.formulas import as_typed
from irlcore.tracks.tracks import LinkTracks

A, B, C, D = (f"commuter-00{k}" for k in (1, 2, 3, 4))


@cache
def town() -> Project:
    return sample_project("town")


def judged() -> Project:
    project = decided(town(), [A, B], "misunderstood", "=HYPERLINK(1); -x")
    return noted(noted(decided(project, [C], "operational event", ""), D, "first line\nsecond, \"quoted\""), A, "'tis odd")


def test_what_goes_out_comes_back() -> None:
    project = judged()
    text = as_csv(verdict_table(project))
    found = read_verdicts(town(), text.encode(), "v.csv")
    after = with_verdicts(town(), found, "v.csv", False)
    assert after.verdicts == project.verdicts and after.track_notes == project.track_notes
    assert not found.unmatched and not found.unclear and not found.others
    assert after.history[-1].what == "Read 3 verdicts and 2 notes from v.csv" and len(after.history) == len(town().history) + 1
    assert with_verdicts(project, read_verdicts(project, text.encode()), "v.csv", True) is project, "nothing is new"


@pytest.mark.parametrize("text", ["=1+1", "'=1", "''=x", "a;=b", "-5", "'-5", "plain", "'quoted'", "\t=x", "@x", "it's", "a\n-b", "", "'"])
def test_what_is_kept_from_running_is_read_as_it_was_typed(text: str) -> None:
    assert as_typed(unrun(text)) == text


@pytest.mark.kernels
def test_the_rules_that_silence_a_track_are_told_and_not_read() -> None:
    project = fit_study(town(), "boltzmann")
    review = review_study(project, FalseAlarmControl("share_of_flags", 0.1))
    ruled = with_rule(project, Silencing(project.agent_class, did="turn"))
    table = verdict_table(ruled, review)
    assert len(table) and set(table["silenced by"]) == {"turned round"} and set(table["outcome"]) == {""}
    found = read_verdicts(project, as_csv(table).encode())
    assert not found.verdicts and not found.notes


def test_what_does_not_match_is_listed_and_the_last_row_of_a_track_counts() -> None:
    text = f"name,verdict,why\n{A},understood,x\nnobody,discarded,\n{B},guilty,\n{A},Operational event,y\nnobody,discarded,\n"
    found = read_verdicts(town(), text.encode(), "v.csv")
    assert {track: (one.outcome, one.reason) for track, one in found.verdicts.items()} == {A: ("operational event", "y")}
    assert found.unmatched == ("nobody",) and found.unclear == {B: "guilty"}
    said = " ".join(found.sentences)
    assert "1 verdict and 0 notes" in said and "No track here is called nobody" in said and "guilty (commuter-002)" in said


def test_others_stay_unless_they_are_to_be_overwritten() -> None:
    project = noted(decided(town(), [A], "understood", "market"), B, "mine")
    found = read_verdicts(project, f"track,outcome,note\n{A},discarded,\n{B},discarded,theirs\n".encode())
    assert found.others == (A, B)
    kept, taken = (with_verdicts(project, found, "v.csv", overwrite) for overwrite in (False, True))
    assert kept.verdicts[A].outcome == "understood" and kept.verdicts[B].outcome == "discarded" and kept.track_notes[B] == "mine"
    assert taken.verdicts[A].outcome == "discarded" and taken.track_notes[B] == "theirs"


def test_times_of_a_file_are_kept_where_they_are_times() -> None:
    text = f"track,outcome,time (UTC)\n{A},discarded,2024-03-01T12:00:00+00:00\n{B},discarded,yesterday\n"
    found = read_verdicts(town(), text.encode())
    assert found.verdicts[A].made == "2024-03-01T12:00:00+00:00" and found.verdicts[B].made > "2026"


@pytest.mark.parametrize("text", ["track,outcome\nnobody,discarded\n", f"track,colour\n{A},red\n", "", "a\n\n"])
def test_a_file_that_tells_nothing_is_refused_in_words(text: str) -> None:
    with pytest.raises(DataError) as caught:
        read_verdicts(town(), text.encode(), "v.csv")
    assert caught.value.what and caught.value.fix


def test_ids_are_text_007_is_not_7() -> None:
    ids, links = np.array(["007", "7"], dtype=object), np.array(["a", "b"], dtype=object)
    project = Project(tracks=LinkTracks(ids, np.array([0, 1, 2]), links, pd.DataFrame(index=range(2))))
    assert read_labels(project, b"vehicle,label\n007,1\n7,0\n").labels == {"007": "abnormal", "7": "normal"}


@pytest.mark.parametrize(("header", "yes", "no"), [
    ("label", "1", "0"), ("label", "1.0", "0.0"), ("abnormal", "yes", "no"), ("x", "abnormal", "normal"), ("normal", "no", "yes"),
    ("outcome", "operational event", "understood"), ("verdict", "operational event", "lacks a feature"), ("is_outlier", "True", "False")])
def test_labels_are_guessed_by_name_and_by_words(header: str, yes: str, no: str) -> None:
    found = read_labels(town(), f"score,{header},track\n0.5,{yes},{A}\n0.7,{no},{B}\n".encode(), "l.csv")
    assert found.labels == {A: "abnormal", B: "normal"} and (found.tracks, found.column) == ("track", header)


def test_labels_that_are_none_or_both_are_listed_and_left_out() -> None:
    text = f"track,label\n{A},1\n{A},0\n{B},perhaps\n{C},discarded\n{D},1\nnobody,1\n"
    found = read_labels(town(), text.encode())
    assert found.labels == {D: "abnormal"} and found.torn == (A,) and found.unclear == {B: "perhaps"} and found.unknown == (C,)
    said = " ".join(found.sentences)
    assert "1 label from the column label" in said and "nobody" in said
    assert "both: commuter-001" in said and "perhaps (commuter-002)" in said


def test_labels_take_the_place_of_others_in_one_step() -> None:
    first = with_labels(town(), read_labels(town(), f"track,label\n{A},1\n{B},0\n".encode()), "l.csv")
    assert first.labels == {A: "abnormal", B: "normal"} and first.history[-1].what == "Read 2 labels from l.csv"
    again = read_labels(first, f"track,label\n{A},0\n".encode())
    assert again.others == (A,) and with_labels(first, again).labels == {A: "normal", B: "normal"}
    assert with_labels(first, read_labels(first, f"track,label\n{A},1\n".encode())) is first
    assert not without_labels(first).labels and without_labels(town()) is town()


def test_a_file_read_of_other_tracks_is_not_taken() -> None:
    found = read_labels(town(), f"track,label\n{A},1\n".encode())
    verdicts = read_verdicts(town(), f"track,outcome\n{A},discarded\n".encode())
    others = replace(town(), tracks=town().tracks.take(np.arange(5, 9)))  # type: ignore[union-attr]
    with pytest.raises(DataError, match="changed since"):
        with_labels(others, found)
    with pytest.raises(DataError, match="changed since"):
        with_verdicts(others, verdicts, "v.csv", False)
    with pytest.raises(DataError, match="no tracks yet"):
        read_labels(Project(), b"track,label\na,1\n")


def numbered(*ids: str) -> Project:
    n = len(ids)
    tracks = LinkTracks(np.array(ids, dtype=object), np.arange(n + 1), np.full(n, "a", dtype=object), pd.DataFrame(index=range(n)))
    return Project(tracks=tracks)


@pytest.mark.parametrize(("text", "column", "labels"), [
    ("label,id\n1,0\n0,1\n0,2\n1,3\n", "id", {"0": "abnormal", "1": "normal", "2": "normal", "3": "abnormal"}),
    ("label,name\n1,8\n0,9\n0,80\n1,90\n", "name", {"8": "abnormal", "9": "normal"}),
    ("rank,track,label\n1,7,1\n2,8,0\n3,80,1\n4,90,0\n", "track", {"7": "abnormal", "8": "normal"}),
    ("id,vehicle,label\n1,7.0,1.0\n2,8.0,0.0\n", "vehicle", {"7": "abnormal", "8": "normal"})])
def test_labels_and_row_numbers_are_not_taken_for_names_of_tracks(text: str, column: str, labels: dict[str, str]) -> None:
    found = read_labels(numbered(*map(str, range(10))), text.encode(), "l.csv")
    assert found.tracks == column and found.labels == labels


@pytest.mark.parametrize(("text", "said"), [
    (f"{A},1\n{B},0\n", "names a track, commuter-001"),
    ("track,label\n7,1\n", "its column track has 7; tracks here are called commuter-001"),
    (f"track,y\n{A},-1\n{B},1\n", "holds -1"), (f"track,stopped\n{A},yes\n{B},no\n", "does not say which of them is abnormal"),
    (f"track,not normal\n{A},yes\n{B},no\n", "does not say"), (f"track,label\n{A},bad\n{B},good\n", "label holds bad, good"),
    (f"track,label\n{A},\n{B},\n", "label holds nothing"), (f"track,colour\n{A},red\n", "it has track, colour")])
def test_labels_that_can_be_read_two_ways_or_not_at_all_are_refused_by_their_cause(text: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        read_labels(town(), text.encode(), "l.csv")
    assert said in caught.value.what and caught.value.fix and "l.csv" in caught.value.what + caught.value.fix


@pytest.mark.parametrize(("header", "yes", "no"), [
    ("Auffällig", "ja", "nein"), ("Bewertung", "Anomalie", "unauffällig"), ("anomalie", "vrai", "faux"), ("is normal?", "FALSE", "TRUE"),
    ("inlier", "0", "1"), ("abnormal (1 = yes)", "1", "0"), ("Outlier_flag", "Y", "N")])
@pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")])
def test_labels_of_other_languages_and_spreadsheets(header: str, yes: str, no: str, separator: str, encoding: str) -> None:
    rows = [("Fahrt", header), (A, yes), (B, no), (C, no)]
    found = read_labels(town(), "\r\n".join(separator.join(row) for row in rows).encode(encoding), "l.csv")
    assert found.labels == {A: "abnormal", B: "normal", C: "normal"}


def test_nothing_of_a_label_file_is_left_out_unsaid() -> None:
    text = f"track,label\n{A},1\n{A},discarded\n{B},\n{C},nan\n,1\n,\n{D},<b>{'x' * 10_000}\n"
    found = read_labels(town(), text.encode(), "l.csv")
    assert found.labels == {A: "abnormal"} and not found.unknown and found.empty == (B, C) and found.nameless in (1, 2)
    said = " ".join(found.sentences)
    assert "No label stands beside commuter-002, commuter-003." in said and "no track: left out" in said and len(said) < 1000
    none = read_labels(town(), f"track,label\n{A},discarded\n".encode())
    assert not none.labels and with_labels(town(), none) is town()


def test_verdicts_that_differ_within_a_file_or_cannot_be_kept_whole_are_told() -> None:
    text = (f"track,outcome,reason,note,time\n{A},understood,x,none,\n{A},understood,y,none,\n{B},discarded,,{'n' * 1_000_001},\n"
            f"{C},discarded,,,yesterday\n{D},,,,\n,discarded,,,\n")
    found = read_verdicts(town(), text.encode(), "v.csv")
    assert found.torn == (A,) and found.cut == (B,) and found.untimed == {C: "yesterday"} and found.nameless == 1
    assert found.notes[A] == "none", "a note is a text, whatever it says" and not found.unclear
    said = " ".join(found.sentences)
    assert "several rows: commuter-001. The last row counts" in said and "cut there" in said and "yesterday (commuter-003)" in said
    assert "1 row names no track" in said


def test_many_rows_that_contradict_each_other_take_seconds_at_most() -> None:
    ids = town().tracks.ids.tolist()  # type: ignore[union-attr]
    rows = "".join(f"{ids[k % len(ids)]},{k // len(ids) % 2}\n" for k in range(50_000))
    found = read_labels(town(), f"track,label\n{rows}".encode())
    assert not found.labels and len(found.torn) == len(ids)
