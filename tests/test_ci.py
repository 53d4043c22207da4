"""What CI repeats under other sets of processor kernels: tests by their mark, and two sets that really differ."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS
from tests.conftest import DRAW_OR_FIT, HERE

ROOT = HERE.parent
DIGEST = ("import hashlib, numpy as np; a = np.random.default_rng(0).normal(size=(200, 200)); "
          "print(hashlib.sha256((a @ a).tobytes()).hexdigest())")


def test_what_is_marked_is_there() -> None:
    assert not [one for one in DRAW_OR_FIT if not (HERE / one).exists()]
    assert {"rationality", "fitting", "simulation"} <= set(DRAW_OR_FIT)


def test_ci_runs_the_marked_tests_under_two_sets_of_kernels() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "pytest -m kernels" in script and "OPENBLAS_CORETYPE=$core" in script
    assert "kernels Sandybridge" in script and "kernels Haswell" in script
    subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="these are sets of kernels of one family of processors")
def test_the_two_sets_of_kernels_round_the_last_bit_another_way() -> None:
    """Else the second run would show nothing that the first does not."""
    found = {core: subprocess.run([sys.executable, "-c", DIGEST], env={**os.environ, "OPENBLAS_CORETYPE": core}, check=True,
                                  capture_output=True, text=True).stdout for core in ("Sandybridge", "Haswell")}
    assert found["Sandybridge"] != found["Haswell"]


@pytest.mark.parametrize("name", BENCHMARKS)
def test_every_benchmark_can_be_begun_in_the_environment_of_make_dev(name: str, tmp_path: Path) -> None:
    """Without the peers' packages, from the root of the source: it can be loaded, or says what data it lacks."""
    def run(*what: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, *what], cwd=ROOT, capture_output=True, text=True)

    loaded = run("-c", f"import benchmarks.{name} as one; assert callable(one.run)")
    assert loaded.returncode == 0, loaded.stderr
    if BENCHMARKS[name].data and not BENCHMARKS[name].partly:
        without = run("-m", "benchmarks", name, "--data", str(tmp_path))
        assert without.returncode == 2 and "is not there" in without.stderr
