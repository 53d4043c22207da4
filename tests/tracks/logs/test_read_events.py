"""Event logs as people have them: which column is what, in which order, and what becomes of rows that tell nothing or too much."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import DataError
from irlcore.project.problems_in_short import problems_by_kind
from irlcore.project.project import Project
from irlcore.report.appendix import problem_sentences
from irlcore.tracks.columns import guess_columns, guess_role
from irlcore.tracks.logs.rare import MOST_EVENTS, RARE, rare_together, usual_fewest
from irlcore.tracks.logs.read_events import read_events
from irlcore.tracks.problems import problems_and_notes
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.readers import read_table
from irlcore.tracks.tracks import LinkTracks


def read(text: str, name: str = "log.csv") -> tuple[Imported, dict[str, list[str]]]:
    table = read_table(text.encode(), name)
    assert guess_role(table) == "events"
    return of(table)


def of(table: pd.DataFrame, columns: dict[str, str] | None = None) -> tuple[Imported, dict[str, list[str]]]:
    found = read_events(table, columns or guess_columns(table, "events"))
    tracks = found.tracks
    assert isinstance(tracks, LinkTracks)
    return found, {str(tracks.ids[k]): tracks.links[tracks.offsets[k]:tracks.offsets[k + 1]].tolist() for k in range(len(tracks))}


def told(found: Imported) -> str:
    return " ".join(found.said)


@pytest.mark.parametrize(("header", "parts"), [
    ("track,t,event", ("track", "t", "event")), ("case id,timestamp,activity", ("case id", "timestamp", "activity")),
    ("Vorgang;Zeitstempel;Aktivität", ("Vorgang", "Zeitstempel", "Aktivität")),
    ("dossier,horodatage,étape", ("dossier", "horodatage", "étape")),
    ("session,time,command", ("session", "time", "command")), ("pid,ts,syscall", ("pid", "ts", "syscall")),
    ("user_id,when,action", ("user_id", "when", "action")), ("Fallnummer;Zeitpunkt;Vorgang", ("Fallnummer", "Zeitpunkt", "Vorgang")),
    ("ship,datetime,port", ("ship", "datetime", "port"))])
def test_names_that_people_use(header: str, parts: tuple[str, str, str]) -> None:
    sign = ";" if ";" in header else ","
    rows = "\n".join(sign.join((case, f"2024-01-0{k} 10:00", event)) for case, k, event in
                     (("a", 1, "x"), ("a", 2, "y"), ("b", 1, "x"), ("b", 3, "z")))
    table = read_table(f"{header}\n{rows}\n".encode(), "log.csv")
    found = guess_columns(table, "events")
    assert guess_role(table) == "events" and (found["track"], found["t"], found["event"]) == parts
    assert of(table)[1] == {"a": ["x", "y"], "b": ["x", "z"]}


def test_a_table_of_attributes_or_of_points_is_no_log() -> None:
    assert guess_role(pd.DataFrame({"track": ["a", "b"], "action": ["x", "y"]})) == "attributes"
    assert guess_role(pd.DataFrame({"track": ["a", "a", "b"], "t": [1, 2, 1], "x": [0, 1, 0], "y": [0, 1, 0],
                                    "event": ["p", "q", "p"]})) == "points"
    assert guess_role(pd.DataFrame({"link": ["1", "2"], "u": ["a", "b"], "v": ["b", "c"], "status": ["x", "y"]})) == "links"


def test_rows_out_of_order_are_sorted_by_time_and_listed_and_ties_stay_in_the_order_of_the_file() -> None:
    found, events = read("case,t,event\na,5,z\na,1,x\nb,1,p\na,1,y\nb,2,q\n")
    assert events == {"a": ["x", "y", "z"], "b": ["p", "q"]}
    assert found.problems[["row", "done"]].to_numpy().tolist() == [["3", "repaired: sorted by time"]]
    assert "1 event is at the same time" in told(found)


def test_a_file_with_the_newest_first_is_turned_round_ties_too() -> None:
    found, events = read("case,t,event\na,5,z\na,1,y\na,1,x\nb,9,q\nb,2,p\n")
    assert events == {"a": ["x", "y", "z"], "b": ["p", "q"]} and "newest events first" in told(found) and not len(found.problems)


def test_a_file_in_no_order_is_sorted_by_time_and_not_said_to_have_the_newest_first() -> None:
    rng = np.random.default_rng(20121)
    rows = [f"{case},{t},{event}" for case in "abcdefgh" for t, event in enumerate("pqrstu")]
    for _ in range(5):
        found, events = read("case,t,event\n" + "\n".join(rng.permutation(rows)) + "\n")
        assert all("".join(one) == "pqrstu" for one in events.values()) and not len(found.problems)
        assert "sorted by time" in told(found) and "newest" not in told(found)


def test_a_column_of_any_name_tells_what_was_started_and_completed() -> None:
    found, events = read("case,t,event,State\na,1,x,start\na,2,x,Complete\na,3,y,complete\nb,1,x,start\nb,2,x,complete\n")
    assert events == {"a": ["x", "y"], "b": ["x"]}
    assert "2 rows tell of an event that another row completes, and count with it (State: 2 start)." in told(found)
    for words in (("open", "done", "open"), ("done", "done", "done"), ("start", "start", "start")):
        table = pd.DataFrame({"case": ["a", "a", "b"], "t": [1, 2, 1], "event": ["x", "y", "x"], "State": words})
        assert "lifecycle" not in guess_columns(table, "events")


def test_what_was_started_and_completed_is_one_event_and_what_never_was_is_kept() -> None:
    found, events = read("case,t,event,lifecycle:transition\na,1,x,start\na,2,x,complete\na,3,y,schedule\na,4,y,start\nb,1,x,\n"
                         "b,2,x,COMPLETE\n")
    assert events == {"a": ["x", "y"], "b": ["x", "x"]}
    assert "(lifecycle:transition: 2 start)" in told(found) and "1 event was never completed" in told(found)
    assert found.rows_kept + found.rows_dropped == 6 and found.rows_counted == 2


def test_what_was_started_and_completed_is_a_note_and_no_problem() -> None:
    found, _ = read("case,t,event,lifecycle\na,1,x,start\na,2,x,complete\na,3,,complete\nb,1,x,complete\nb,2,y,complete\n")
    problems, notes = problems_and_notes(found.problems)
    assert problems["what"].tolist() == ["no event"] and found.rows_dropped - found.rows_counted == 1
    assert notes == ("1 row tells of an event that another row completes, and counts with it (lifecycle: 1 start).",)
    assert set(notes) <= set(found.said) and problems_and_notes(problems)[1] == ()
    project = Project(problems=found.problems)
    assert len(problems_by_kind(project).table) == 1
    assert problem_sentences(project)[0].startswith("1 problem of the data") and notes[0] in problem_sentences(project)


def test_a_lifecycle_that_never_says_complete_leaves_nothing_out() -> None:
    found, events = read("case,t,event,lifecycle\na,1,x,start\na,2,y,start\nb,1,x,start\n")
    assert events == {"a": ["x", "y"], "b": ["x"]} and "never says complete" in told(found)


def test_rows_that_repeat_another_in_every_column_are_dropped_where_they_are_slips() -> None:
    rows = [f"c{k // 4},2024-01-01 10:{k:02d}:00,e{k % 4},r{k % 3}" for k in range(60)]
    found, events = read("case,t,event,who\n" + "\n".join([*rows[:5], rows[4], *rows[5:]]) + "\n")
    assert len(events["c1"]) == 4 and found.rows_dropped == 1 and "repeats another" in found.problems["what"].iloc[0]
    other = rows[4].rsplit(",", 1)[0] + ",r9"  # somebody else at the same time: no repetition
    assert len(read("case,t,event,who\n" + "\n".join([*rows[:5], other, *rows[5:]]) + "\n")[1]["c1"]) == 5


def test_rows_that_repeat_another_are_kept_where_times_are_of_days() -> None:
    rows = [f"c{k // 4},2024-01-{1 + k // 4:02d},e{k % 4}" for k in range(60)]
    found, events = read("case,t,event\n" + "\n".join([*rows[:5], rows[4], *rows[5:]]) + "\n")
    assert len(events["c1"]) == 5 and "of days alone" in told(found) and found.rows_dropped == 0


def test_missing_events_times_and_ids_are_listed_and_nothing_else_is_lost() -> None:
    found, events = read("case,t,event\na,1,x\na,2,\n,3,y\na,,y\na,4,z\nb,1,x\n")
    assert events == {"a": ["x", "z"], "b": ["x"]}
    assert sorted(found.problems["what"]) == ["no event", "no id of a sequence", "no usable time"]
    assert found.rows_kept == 3 and found.rows_dropped == 3 and "1 sequence has one event alone; it is kept." in found.said


def test_zones_count_and_a_time_of_day_goes_with_its_date() -> None:
    found, events = read("case,t,event\na,2024-01-01T10:00:00+02:00,x\na,2024-01-01T09:00:00+00:00,y\nb,2024-01-01T09:00:00Z,x\n")
    assert events["a"] == ["x", "y"] and isinstance(found.tracks, LinkTracks) and found.tracks.times is not None
    assert found.tracks.times[1] - found.tracks.times[0] == 3600.0
    assert read("case,date,time,event\na,2024-01-02,08:00,y\na,2024-01-01,09:00,x\nb,2024-01-01,09:00,x\n")[1]["a"] == ["x", "y"]


def test_case_attributes_are_of_sequences_and_those_of_events_are_named_as_left_out() -> None:
    found, _ = read("case:concept:name,concept:name,time:timestamp,case:class,org:resource\na,x,2024-01-01,gold,Ann\n"
                    "a,y,2024-01-02,gold,Ben\nb,x,2024-01-01,tin,Ann\nb,y,2024-01-02,tin,Cem\n")
    assert found.tracks.attributes.to_dict("list") == {"class": ["gold", "tin"]} and "org:resource" in told(found)


@pytest.mark.parametrize(("text", "events"), [("open page > log in > buy", ["open page", "log in", "buy"]),
                                              ("open; read it; close", ["open", "read it", "close"]),
                                              ("6 6 63 42", ["6", "6", "63", "42"]), ("['a b', 'c']", ["a b", "c"]),
                                              ("a_b c_d", ["a_b", "c_d"]), ("6_54_140", ["6", "54", "140"]), ("a_b", ["a_b"]),
                                              ("log in, go on", ["log in", "go on"]), ("only", ["only"])])
def test_a_whole_sequence_in_one_text(text: str, events: list[str]) -> None:
    table = pd.DataFrame({"session": ["s1", "s2", "s3"], "events": [text, text, ""]})
    assert guess_role(table) == "events"
    found, made = of(table)
    assert made == {"s1": events, "s2": events} and found.problems["what"].tolist() == ["no event"]


@pytest.mark.parametrize("header", ["order,events", "trace,events", "what it is called,activities", "trace,commands"])
def test_whole_sequences_are_known_whatever_their_ids_are_called(header: str) -> None:
    _, events = read(f"{header}\n7,a>b>c\n8,a>c\n9,b\n")
    assert events == {"7": ["a", "b", "c"], "8": ["a", "c"], "9": ["b"]}


def test_a_column_that_repeats_or_measures_names_no_whole_sequences() -> None:
    table = pd.DataFrame({"kind": ["p", "p", "q"], "value": [1.5, 2.5, 3.0], "events": ["a>b", "b>c", "c"]})
    assert "track" not in guess_columns(table, "events") and guess_role(table) != "events"


def test_no_row_that_can_be_used_is_told_with_the_first_reason() -> None:
    with pytest.raises(DataError, match="no event"):
        of(pd.DataFrame({"case": ["a", "b"], "event": ["", None], "t": [1, 2]}))


def test_json_and_parquet_are_read_the_same() -> None:
    table = pd.DataFrame({"case": ["007", "007", "8", "8"], "t": [1, 2, 1, 3], "event": ["x", "y", "x", "z"]})
    wanted = {"007": ["x", "y"], "8": ["x", "z"]}
    assert read(table.to_json(orient="records"), "log.json")[1] == wanted
    assert read(table.to_json(orient="records", lines=True), "log.jsonl")[1] == wanted
    held = io.BytesIO()
    table.to_parquet(held)
    assert of(read_table(held.getvalue(), "log.parquet"))[1] == wanted


def log_of(counts: list[int]) -> LinkTracks:
    links = np.repeat(np.array([f"e{k}" for k in range(len(counts))], object), counts)
    return LinkTracks(np.array(["a"], object), np.array([0, len(links)]), links, pd.DataFrame(index=[0]))


def test_rare_events_are_one_where_there_are_very_many_and_that_is_told() -> None:
    many = log_of([3] * MOST_EVENTS + [2] * 500)
    assert usual_fewest(log_of([1] * MOST_EVENTS)) == 1 and usual_fewest(many) == 3
    made = rare_together(many, 3)
    assert made.distinct == MOST_EVENTS + 1 and (made.tracks.links == RARE).sum() == 1000 and "500 of 1,500" in made.said[0]
    every = log_of([2] * (MOST_EVENTS + 1))  # no number parts them: all are rare
    assert rare_together(every, usual_fewest(every)).distinct == 1
    assert rare_together(many, 1).tracks is many


def test_an_event_called_as_the_end_is_gets_another_name() -> None:
    tracks = LinkTracks(np.array(["a"], object), np.array([0, 2]), np.array(["(end)", "x"], object), pd.DataFrame(index=[0]))
    made = rare_together(tracks, 1)
    assert made.tracks.links.tolist() == ["(end) as event", "x"] and "(end)" in made.said[0]
