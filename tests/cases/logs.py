"""What is expected of cases l: event logs, in which order their events were and what of their rows is one."""

from __future__ import annotations

from benchmarks.cases.expectation import Expected, Facts, Read, case

FIX = ("opened", "assigned", "fix proposed", "fix approved", "closed")
GERMAN = ("angelegt", "geprüft", "freigegeben", "ausgezahlt")
LOG = r"\d+ (different )?events?"

EXPECTED: dict[str, Expected] = {
    "l01_lifecycle_two_zones": case(
        "An event is told when it starts and when it is complete, in two zones: one event each, at its completion.",
        Read(Facts(tracks=5, points=25, paths=5, links=5, route={f"Case {k}": FIX for k in range(5)},
                   span={"Case 0": ("2024-03-01T08:30Z", "2024-03-01T16:30Z")}, absent=("lifecycle:transition",)), (r"complete", LOG))),
    "l02_newest_first_german": case(
        "The file has the newest events first, two of them at one time: each sequence is turned round whole. The 13th is a day.",
        Read(Facts(tracks=4, points=16, paths=4, links=4, route={f"A-{k}": GERMAN for k in range(4)},
                   span={"A-0": ("2024-02-13T08:00Z", "2024-02-13T12:00Z")}), (r"newest", r"day first", r"same time"))),
    "l03_syscalls_one_row": case(
        "A row is a whole sequence of system calls; its label is an attribute of it.",
        Read(Facts(tracks=5, points=27, paths=5, links=7, ids=("700", "701", "702", "703", "704"),
                   route={"703": ("6", "42", "120", "6")}, labels={"label": {"normal": 4, "attack": 1}}), (r"parted by blanks",))),
    "l04_blank_event_and_a_repeated_row": case(
        "A row without a status and a row that stands there twice are told; a ticket with one event alone is kept.",
        Read(Facts(tracks=4, points=8, paths=4, links=3, route={"T1": ("open", "done"), "T2": ("open",), "T3": ("open", "done")}),
             (r"no event", r"repeats another", r"one event alone", r"agent"))),
    "l05_xes": case(
        "XES: traces are sequences, 000 is not 0, their priority is an attribute, who did it is of the events.",
        Read(Facts(tracks=4, points=20, paths=4, links=5, ids=("000", "001", "002", "003"), labels={"priority": {"high": 2, "low": 2}},
                   absent=("org:resource",), route={"000": FIX}), (r"XES", r"org:resource"))),
    "l06_very_many_different_events": case(
        "1,204 different pages, most of them seen once: the rare ones count as one event, which is told, and no row is lost.",
        Read(Facts(tracks=300, points=2400, paths=300, links=5), (r"1,20\d different", r"rare", r"order"))),
    "l07_hours_amounts_and_people": case(
        "Who did it and what it cost are of the events, by which these may be told apart; the channel is an attribute of the order.",
        Read(Facts(tracks=24, points=96, paths=24, links=4, labels={"channel": {"web": 12, "shop": 12}}, absent=("resource", "amount"),
                   route={"O006": ("order received", "credit checked", "goods sent", "invoice paid")},
                   span={"O006": ("2024-03-09T09:20Z", "2024-03-10T06:35Z")}),
             (r"resource, amount", r"told apart", LOG))),
    "l08_one_event_each": case(
        "A case has one event alone, so its id is another in each row, and tells the sequences all the same.",
        Read(Facts(tracks=12, points=12, paths=12, links=3, route={"C0": ("paid",), "C3": ("asked",)}),
             (r"No sequence has a second event",))),
    "l09_odd_names_at_one_time": case(
        "Events called END or as a world calls the start and the end, with quotes, commas, signs and 200 letters; all rows at one time.",
        Read(Facts(tracks=6, points=24, paths=6, links=8, route={"T2": ("begin", 'say "hi", now', "naïve → 漢字 🙂", "begin")}),
             (r"same time", LOG))),
    "l10_status_of_tickets_still_open": case(
        "A status that changes from row to row: what it says last tells which tickets are still open, and is kept.",
        Read(Facts(tracks=12, points=42, paths=12, links=3, labels={"last status": {"closed": 8, "in progress": 4}}), (r"last status",))),
}
