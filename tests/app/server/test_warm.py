"""Kernels are compiled at set-up, all of them; where they are not, the app says so, and Cancel works meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from app.jobs import Job
from app.server import kernel_cache
from irlcore.engine import Control
from irlcore.errors import Cancelled

ROOT = Path(__file__).resolve().parents[3]
LINE = '''
from app.server import kernel_cache, warm
warm.compile_all()
before = kernel_cache.signatures()

from irlcore.analysis.study import fit_record
from irlcore.engine import Control
from irlcore.errors import MotiveError
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.project.loading import with_grid, with_time_bands
from irlcore.rationality.models import MODELS
from irlcore.worlds.clock import Bands
from tests.app.test_pages import PAGES, opened

class Begun(Control):
    """Stops after a few steps: what a fit calls is compiled by then."""
    steps = 0
    def check(self):
        self.steps += 1
        if self.steps > 40:
            self.cancel.set()
        super().check()

def begun(project, *how):
    try:
        fit_record(project, how[0], how[1], Begun(), *how[2:])
    except MotiveError:
        pass

for sample in ("town", "anchorage"):
    app = opened(sample)
    project = app.session_state["project"]
    app.switch_page("screens/fit.py").run()
    app.button(key="fit_button").click().run()
    assert app.session_state["project"].fit is not None
    for page in PAGES:
        app.switch_page(f"screens/{page}.py").run()
        assert not app.exception and not app.error, page
    for model in MODELS:
        for gamma in (1.0, 0.9):
            begun(project, model, gamma)
    for estimator in ESTIMATORS:
        begun(project, "boltzmann", 0.9, estimator)
for heading, slip in ((True, 0.0), (False, 0.2), (False, 0.9)):
    other = with_grid(project, 400.0, heading, slip, [])
    for model in MODELS:
        begun(other, model, 0.9)
    begun(other, "boltzmann", 0.9, "max_margin")

new = {name: found - before[name] for name, found in kernel_cache.signatures().items() if not name.split(".")[-1].startswith("_")}
missed = {name: found for name, found in new.items() if found}
assert not missed, missed
print("nothing new")
'''
"""The pages' own line and the start of every other fit, after the warm-up: compiled functions that others call have no list of their own
when they are loaded, so those alone are asked that Python calls."""


EVERY = """
from app.server import kernel_cache, warm
warm.compile_all()
print([name for name, one in kernel_cache.kernels() if not one.overloads and not name.split(".")[-1].startswith("_")])
"""


def test_after_the_warm_up_the_pages_compile_nothing() -> None:
    found = subprocess.run([sys.executable, "-c", LINE], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0 and "nothing new" in found.stdout, found.stderr[-3000:]


def test_the_warm_up_calls_every_kernel() -> None:
    """In a process of its own: other tests call kernels here."""
    found = subprocess.run([sys.executable, "-c", EVERY], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0 and found.stdout.split()[-1] == "[]", (found.stdout, found.stderr[-3000:])
    assert len(dict(kernel_cache.kernels())) > 40


def test_set_up_compiles() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "-m app.server.warm" in makefile
    for target in ("setup", "dev"):
        assert next(line for line in makefile.splitlines() if line.startswith(f"{target}:")).endswith(".venv/warm.stamp")


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """A cache with nothing in it, and commands that were started to fill it: each takes 30 s."""
    started: list[list[str]] = []
    real = subprocess.Popen

    def start(command: list[str], **_: Any) -> Any:
        started.append(command)
        return real([sys.executable, "-c", "import time; time.sleep(30)"])

    monkeypatch.setattr(kernel_cache, "_known_warm", threading.Event())
    monkeypatch.setattr(kernel_cache, "_warming", [])
    monkeypatch.setattr(kernel_cache, "_stamps", lambda: {tmp_path / kernel_cache.STAMP})
    monkeypatch.setattr(kernel_cache.subprocess, "Popen", start)
    yield started
    for process in kernel_cache._warming:
        process.kill()
        process.wait()


def test_where_the_cache_is_cold_one_process_fills_it_and_a_job_says_so_and_is_cancelled_at_once(cold: list[list[str]]) -> None:
    """10 s passed between the click and the end, while kernels were compiled under the interpreter's lock."""
    ran: list[int] = []
    job = Job("Fit", lambda control: ran.append(1), lambda result: None, owner="cold", kernels=True)
    other = Job("Fit", lambda control: ran.append(2), lambda result: None, owner="cold too", kernels=True)
    until = time.monotonic() + 20.0
    while job.message != kernel_cache.FIRST_USE and time.monotonic() < until:
        time.sleep(0.01)
    assert "First use: preparing" in job.message and "once" in job.message
    other.wait(0.3)
    assert cold == [[sys.executable, "-m", "app.server.warm"]]
    begun = time.monotonic()
    job.stop()
    other.stop()
    assert time.monotonic() - begun < 2.0 and (job.state, other.state) == ("cancelled", "cancelled") and not ran


@pytest.mark.usefixtures("cold")
def test_work_goes_on_once_the_other_process_has_ended_however_it_did() -> None:
    job = Job("Fit", lambda control: 7, lambda result: None, kernels=True)
    until = time.monotonic() + 20.0
    while not kernel_cache._warming and time.monotonic() < until:
        job.wait(0.01)
    assert job.state == "running"
    kernel_cache._warming[0].kill()
    job.wait(20.0)
    assert (job.state, job.result) == ("done", 7)


def test_the_cache_is_warm_for_this_source_and_numba_alone(cold: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    assert not kernel_cache.is_warm()
    kernel_cache.mark_warm()
    assert kernel_cache.is_warm()
    kernel_cache.begin()
    kernel_cache.wait(Control())
    assert not cold
    monkeypatch.setattr(kernel_cache, "version", lambda name: "another")
    monkeypatch.setattr(kernel_cache, "_known_warm", threading.Event())
    assert not kernel_cache.is_warm()


@pytest.mark.usefixtures("cold")
def test_waiting_heeds_a_stop() -> None:
    control = Control()
    threading.Timer(0.1, control.cancel.set).start()
    with pytest.raises(Cancelled):
        kernel_cache.wait(control)


@pytest.mark.parametrize("writable", [True, False])
def test_the_cache_lies_in_a_folder_of_the_user_where_the_source_cannot_be_written(writable: bool, tmp_path: Path,
                                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    monkeypatch.setattr(kernel_cache, "_writable", lambda folder: writable)
    kernel_cache.place()
    assert os.environ["NUMBA_CACHE_DIR"] == ("" if writable else str(tmp_path / "home" / "kernels"))
    assert writable or (tmp_path / "home" / "kernels").is_dir()


def test_a_cache_that_was_named_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/elsewhere")
    monkeypatch.setattr(kernel_cache, "_writable", lambda folder: False)
    kernel_cache.place()
    assert os.environ["NUMBA_CACHE_DIR"] == "/elsewhere"
