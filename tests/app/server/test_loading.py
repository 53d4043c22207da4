"""What is loaded before the first page: all of Motive, so that no two threads load parts that need one another."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from app.server.loading import modules
from tests.app.server.running import ROOT, environment

LOADED = """
import sys
from streamlit import config
config.set_option("server.address", "127.0.0.1")
import app.streamlit_app
print(*sys.modules)
"""


def test_the_server_has_loaded_every_module_before_it_listens(tmp_path: Path) -> None:
    """As Streamlit loads it: the script as a module, for its ``app``."""
    told = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=True)
    assert not {*modules()} - {*told.stdout.split()}


def test_every_module_is_one_of_them_but_scripts_and_the_extra() -> None:
    named = {*modules()}
    assert {"irlcore", "app", "app.session", "irlcore.features.feature_set", "app.server.loading"} <= named
    assert not {one for one in named if one.startswith(("app.screens", "irlcore.language")) or one == "app.streamlit_app"}
