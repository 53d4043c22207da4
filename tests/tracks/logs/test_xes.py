"""XES as rows of events: attributes of traces and of events, zones, and what is left out."""

from __future__ import annotations

import pytest

from irlcore.errors import DataError
from irlcore.tracks.columns import guess_columns, guess_role, source_of
from irlcore.tracks.logs.read_events import read_events
from irlcore.tracks.readers import preview_table, read_table
from irlcore.tracks.tracks import LinkTracks

EVENT = '<event><string key="concept:name" value="{}"/><date key="time:timestamp" value="{}"/>{}</event>'
LOG = f"""<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/"><extension name="Concept" prefix="concept" uri="x"/>
<global scope="event"><string key="concept:name" value="__INVALID__"/></global><string key="concept:name" value="the log"/>
<trace><string key="concept:name" value="007"/><string key="class" value="gold"/><float key="amount" value="7.5"/>
{EVENT.format("register", "2024-01-01T10:00:00.000+01:00", '<string key="org:resource" value="Ann"><string key="x" value="y"/></string>')}
{EVENT.format("decide &amp; tell", "2024-01-01T08:30:00Z", '<string key="org:resource" value="Ben"/>')}</trace>
<trace><string key="concept:name" value="8"/>{EVENT.format("register", "2024-01-02T10:00:00Z", "")}</trace>
<trace><string key="concept:name" value="9"/></trace></log>"""


def test_traces_are_sequences_with_their_attributes() -> None:
    table = read_table(LOG.encode(), "log.xes")
    source = source_of(table)
    assert guess_role(table) == "events" and source is not None and "XES" in source.name
    found = read_events(table, guess_columns(table, "events"))
    tracks = found.tracks
    assert isinstance(tracks, LinkTracks) and tracks.ids.tolist() == ["007", "8"] and tracks.offsets.tolist() == [0, 2, 3]
    assert tracks.links.tolist() == ["decide & tell", "register", "register"]  # by the hour of the world, not by the file
    assert tracks.attributes["class"].tolist() == ["gold", ""] and tracks.attributes["amount"].tolist()[0] == 7.5
    told = " ".join(found.said)
    assert "1 trace has no event" in told and "1 attribute of an attribute" in told and "org:resource" in told
    assert preview_table(LOG.encode(), "log.xes").rows == 3


def test_traces_of_one_name_stay_two_and_those_of_none_get_one() -> None:
    body = f'<log><trace><string key="concept:name" value="a"/>{EVENT.format("x", "2024-01-01", "")}</trace>'
    body += f'<trace><string key="concept:name" value="a"/>{EVENT.format("y", "2024-01-02", "")}</trace>'
    body += f'<trace>{EVENT.format("z", "2024-01-03", "")}'
    table = read_table((body + "</trace></log>").encode(), "log.xes")
    assert table["case:concept:name"].tolist() == ["a", "a (2)", "log 3"]


@pytest.mark.parametrize(("text", "words"), [("<log><trace></trace></log>", "no event"), ("<log><trace><event>", "damaged"),
                                             ('<!DOCTYPE l [<!ENTITY a "b">]><log>&a;</log>', "entities")])
def test_what_cannot_be_read_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_table(text.encode(), "log.xes")
