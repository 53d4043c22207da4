"""Servers that are killed in the middle of a save, and two servers on one store: real processes, as they come."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from app.store.recent import recent
from app.store.saver import Saver
from app.store.store import MOST_VERSIONS, load_newest, load_version
from tests.app.store.projects import ANN, KEY, state_of, step

ROOT = Path(__file__).resolve().parents[3]
KILLS = 30
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")

SAVES = """
import os, random, signal, sys, time
from app.store.saver import Saver
from app.store.store import highest, load_newest
from tests.app.store.projects import ANN, KEY, project, state_of, step

first = project()

def server(out, states, key):
    "Saves one state after the other and says which one is in the store, once it is."
    saver = Saver(ANN, key, highest(ANN, key))
    for state in states:
        saver.save(step(first, state), 60.0)
        assert saver.state == "saved", saver.trouble
        os.write(out, f"{state} {saver.key} {saver.n}\\n".encode())

def forked(*arguments):
    "A server of its own, and where it says what it has saved."
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            server(write, *arguments)
        finally:
            os._exit(0)
    os.close(write)
    return child, read

def told(read, said=b""):
    while part := os.read(read, 65536):
        said += part
    os.close(read)
    return [line.split() for line in said.decode().split("\\n")[:-1]]  # what was cut off was not said
"""

KILLED = SAVES + """
last = 0
for seconds in map(float, sys.argv[1:]):
    child, read = forked(range(last + 1, last + 100_000), KEY)
    said = b""
    while said.count(b"\\n") < 2:
        said += os.read(read, 65536)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    said = told(read, said)
    last = max([last, *(int(state) for state, _, _ in said)])
    print(last, len(said), flush=True)
    if last:
        kept = load_newest(ANN, KEY)
        assert kept.version == kept.n, "the newest state is not whole"
        now = state_of(kept.project)
        assert last <= now <= last + 1, (last, now)
        last = now
"""

TWO = SAVES + """
Saver(ANN, KEY).save(step(first, 0), 60.0)
servers = [forked(range(1000 * k, 1000 * k + 40), KEY) for k in (1, 2)]
for child, read in servers:
    for line in told(read):
        print(*line)
    os.waitpid(child, 0)
"""


def run(script: str, home: Path, *arguments: str) -> list[list[str]]:
    done = subprocess.run([sys.executable, "-c", script, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=250,
                          env={**os.environ, "MOTIVE_HOME": str(home)})
    assert done.returncode == 0, done.stderr
    return [line.split() for line in done.stdout.splitlines()]


def test_a_server_killed_in_the_middle_of_a_save_has_lost_nothing_that_it_said_was_saved(tmp_path: Path,
                                                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty times, each after two saves and a moment that is spread over the next ones. What is found is whole, and is the state last
    acknowledged or the one after it, whose save was under way."""
    monkeypatch.setenv("MOTIVE_HOME", str(tmp_path))
    rng = random.Random(5)
    lines = run(KILLED, tmp_path, *(f"{rng.uniform(0.0, 0.12):.4f}" for _ in range(KILLS)))
    assert len(lines) == KILLS and min(int(saves) for _, saves in lines) >= 2
    kept = load_newest(ANN, KEY)
    assert kept.version == kept.n and state_of(kept.project) >= int(lines[-1][0])
    for n in kept.earlier:  # not one of the ten is half written
        assert load_version(ANN, KEY, n) is not None
    # a server that is killed before it takes the oldest away leaves one too many; the next save takes it
    Saver(ANN, KEY, kept.n).save(step(kept.project, state_of(kept.project) + 1), 60.0)
    kept = load_newest(ANN, KEY)
    assert len(kept.earlier) + 1 <= MOST_VERSIONS


def test_two_servers_on_one_project_part_and_neither_overwrites_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both go on from the same state at the same time; the one that is beaten to a number goes on under a key of its own."""
    monkeypatch.setenv("MOTIVE_HOME", str(tmp_path))
    lines = run(TWO, tmp_path)
    assert len(lines) == 80  # each state of each server was acknowledged
    assert max(Counter((key, n) for _, key, n in lines).values()) == 1  # no number was given twice
    last = {int(state) // 1000: (key, int(n), int(state)) for state, key, n in lines}
    assert last[1][0] != last[2][0]
    for key, n, state in last.values():
        kept = load_newest(ANN, key)
        assert (kept.n, kept.version, state_of(kept.project)) == (n, n, state)
    assert {one.key for one in recent(ANN)} >= {key for key, _, _ in last.values()}
