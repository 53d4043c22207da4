"""Which model an analysis begins with: the best one that answers soon enough in this world."""

from __future__ import annotations

import pytest

from irlcore.rationality.models import DEFAULT, LARGE, NOISY, usual_model
from irlcore.worlds.grid import build_grid


@pytest.mark.parametrize(("across", "slip", "gamma", "usual"), [
    (10.0, 0.0, 1.0, DEFAULT), (10.0, 0.1, 1.0, NOISY[0].name), (10.0, 0.0, 0.95, "maxent"),
    (LARGE / 100.0 + 1.0, 0.0, 1.0, NOISY[0].name)])
def test_it_suits_the_world(across: float, slip: float, gamma: float, usual: str) -> None:
    world = build_grid(0.0, 0.0, across, 100.0, 1.0, "m", slip=slip)
    assert usual_model(world, gamma) == usual
