"""The script of the README is short, needs one import, and runs as it stands there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import irlcore as ir

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_the_readme_has_one_script_of_one_import_and_few_lines() -> None:
    (script,) = BLOCKS
    assert re.findall(r"^\s*(?:import|from) .*$", script, re.MULTILINE) == ["import irlcore as ir"]
    assert len(script.splitlines()) < 25


@pytest.mark.kernels
def test_the_readme_s_script_runs(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sample_data" / "town", tmp_path / "sample_data" / "town")
    found = subprocess.run([sys.executable, "-c", BLOCKS[0]], cwd=tmp_path, capture_output=True, text=True, timeout=280,
                           env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert found.returncode == 0, found.stderr
    assert not found.stderr, found.stderr
    assert "old town" in found.stdout and "The model's own" in found.stdout and "truck-" in found.stdout
    opened = ir.open(tmp_path / "trucks.motive")
    assert isinstance(opened, ir.Fit) and opened.result.rationality == "noisy_value"
    assert "old town" in opened.weights.index and opened.weights["old town"] < 0.0
