"""The library alone: everything but pages and figures works where neither streamlit nor plotly is installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCKED = '''
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("streamlit", "plotly", "app"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
'''
SCRIPT = BLOCKED + '''
import irlcore as ir
fit = ir.fit(ir.read("sample_data/town").of_class("truck"), features=["length (km)", "u-turn"], model="maxent")
review, found = fit.review(), fit.intent("truck-228")
assert len(review.table) and len(str(fit.summary())) and len(fit.simulate(3)) and found.goals
for asked in (fit, found):
    try:
        asked.plot()
    except ir.MotiveError as error:
        print(error)
assert not {"streamlit", "plotly"} & set(sys.modules)
'''


def run(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=200)


@pytest.mark.kernels
def test_a_script_runs_without_streamlit_and_plotly_and_says_what_a_figure_needs() -> None:
    found = run(SCRIPT)
    assert found.returncode == 0, found.stderr
    assert found.stdout.splitlines() == ['Figures are made with plotly, which is not installed. Install it: pip install "motive[app]".'] * 2


def test_the_import_alone_loads_no_part_of_the_library() -> None:
    found = run("import irlcore, sys; print([name for name in sys.modules if name.startswith(('irlcore.', 'numpy', 'numba', 'cvxpy'))])")
    assert found.stdout.strip() == "[]", found.stdout + found.stderr


def test_every_file_that_draws_with_plotly_is_one_of_the_report() -> None:
    """So that nothing else comes to need it unseen."""
    files = [path for path in (ROOT / "irlcore").rglob("*.py") if "plotly" in path.read_text(encoding="utf-8").split("import", 1)[-1]
             and any(line.startswith(("import plotly", "from plotly")) for line in path.read_text(encoding="utf-8").splitlines())]
    assert {path.relative_to(ROOT / "irlcore").parts[0] for path in files} == {"report"}
