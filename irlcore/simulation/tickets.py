"""A made-up ticket process: what a help desk does with a fault from its opening to its close, and cases that go another way.

Ordinary cases follow a few rules with chance: questions go back and forth, a proposed fix is approved before it is deployed and tested
after it, some are reopened. What is planted breaks one of the rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

SIMPLE, EXPORTING, UNCLEAR, REJECTED, REOPENED, MOST_ROUNDS = 0.25, 0.25, 0.35, 0.15, 0.08, 2
"""Shares: of cases that a single answer closes, of the data team among the others, of questions before a diagnosis, of fixes that are
proposed again, of fixes that are reopened, at most so often."""
PEOPLE = {"desk": ("Ada", "Ben", "Cem"), "field": ("Dora", "Emil"), "data": ("Finn", "Gita")}
HOURS = {"opened": 0.0, "classified": 0.5, "assigned": 1.0, "logged in": 4.0, "question sent": 2.0, "answer received": 20.0,
         "diagnosed": 3.0, "data exported": 1.0, "fix proposed": 6.0, "fix approved": 12.0, "fix deployed": 5.0, "tested": 4.0,
         "reopened": 30.0, "closed": 8.0}
"""Activity -> median hours since the one before it."""
SPREAD = 0.6
"""Standard deviation of the log of these hours."""
TOO_FAST = 0.01
"""Of the usual hours: what takes days is done in minutes."""
KINDS = ("skipped approval", "loop of reopening", "export right after login", "wrong order", "too fast")


@dataclass(frozen=True, slots=True)
class Case:
    """activities: in order. team: who has it. pace: of the usual hours."""

    activities: list[str]
    team: str
    pace: float = 1.0


def ordinary_case(rng: np.random.Generator) -> Case:
    """A case as they mostly go."""
    begun = ["opened", *(["classified"] if rng.random() < 0.9 else []), "assigned"]
    if rng.random() < SIMPLE:
        return Case([*begun, *_questions(rng, 1), "closed"], "desk")
    team = "data" if rng.random() < EXPORTING else str(rng.choice(["desk", "field"]))
    done = [*begun, "logged in", *_diagnosis(rng, team), *_fix(rng)]
    for _ in range(MOST_ROUNDS):
        if rng.random() >= REOPENED:
            break
        done += ["reopened", *_diagnosis(rng, team), *_fix(rng)]
    return Case([*done, "closed"], team)


def _questions(rng: np.random.Generator, fewest: int = 0) -> list[str]:
    return ["question sent", "answer received"] * (fewest + int(rng.random() < UNCLEAR))


def _diagnosis(rng: np.random.Generator, team: str) -> list[str]:
    return [*_questions(rng), "diagnosed", *(["data exported"] if team == "data" and rng.random() < 0.7 else [])]


def _fix(rng: np.random.Generator) -> list[str]:
    return ["fix proposed"] * (1 + int(rng.random() < REJECTED)) + ["fix approved", "fix deployed", "tested"]


def odd_case(kind: str, rng: np.random.Generator) -> Case:
    """A case of one of ``KINDS``."""
    return _ODD[kind](rng)


def _long(rng: np.random.Generator) -> Case:
    """An ordinary case that comes to a fix at once."""
    while "tested" not in (case := ordinary_case(rng)).activities or "reopened" in case.activities:
        pass
    return case


def _skipped(rng: np.random.Generator) -> Case:
    case = _long(rng)
    return Case([one for one in case.activities if one != "fix approved"], case.team)


def _loop(rng: np.random.Generator) -> Case:
    case = _long(rng)
    again = ["reopened", "diagnosed", "fix proposed", "fix approved", "fix deployed", "tested"] * int(rng.integers(4, 7))
    return Case([*case.activities[:-1], *again, "closed"], case.team)


def _export(rng: np.random.Generator) -> Case:
    case = _long(rng)
    at = case.activities.index("logged in") + 1
    kept = [one for one in case.activities[at:] if one != "data exported"]
    return Case([*case.activities[:at], "data exported", *kept], "desk")


def _disorder(rng: np.random.Generator) -> Case:
    case = _long(rng)
    head, (a, b, c) = case.activities[:-4], case.activities[-4:-1]
    return Case([*head, *((c, b, a) if rng.random() < 0.5 else (b, c, a)), "closed"], case.team)


def _fast(rng: np.random.Generator) -> Case:
    case = _long(rng)
    return Case(case.activities, case.team, TOO_FAST)


_ODD: dict[str, Callable[[np.random.Generator], Case]] = dict(zip(KINDS, (_skipped, _loop, _export, _disorder, _fast), strict=True))


def ticket_log(rng: np.random.Generator, reference: int = 450, today: int = 150, of_a_kind: int = 3) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of the log (case_id, timestamp, activity, team, resource, period), by time, and
    of each case whether it is planted, and its kind. Of those of "today" ``of_a_kind`` are of each kind."""
    odd = dict(zip(rng.choice(today, len(KINDS) * of_a_kind, replace=False).tolist(), KINDS * of_a_kind, strict=True))
    rows, labels = [], []
    begin = np.sort(rng.uniform(0.0, 24.0 * 60, reference + today))
    for k in range(reference + today):
        kind = odd.get(k - reference, "")
        case = odd_case(kind, rng) if kind else ordinary_case(rng)
        name = f"T{1001 + k}"
        labels.append((name, bool(kind), kind))
        rows += _rows(name, case, begin[k], "reference" if k < reference else "today", rng)
    table = pd.DataFrame(rows, columns=["case_id", "timestamp", "activity", "team", "resource", "period"])
    table = table.sort_values(["timestamp", "case_id"], kind="stable", ignore_index=True)
    return table, pd.DataFrame(labels, columns=["track", "planted", "kind"])


def _rows(name: str, case: Case, begin_h: float, period: str, rng: np.random.Generator) -> list[tuple[str, str, str, str, str, str]]:
    at, rows = np.datetime64("2026-03-02T06:00:00") + np.timedelta64(int(begin_h * 3600.0), "s"), []
    for activity in case.activities:
        seconds = 3600.0 * case.pace * HOURS[activity] * float(np.exp(SPREAD * rng.normal()))
        at += np.timedelta64(max(int(seconds), 1), "s")
        who = str(rng.choice(PEOPLE[case.team]))
        rows.append((name, f"{at}Z", activity, case.team, who, period))
    return rows
