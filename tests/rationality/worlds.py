"""Small random worlds for the tests of planners and fits: those of the public contract."""

from __future__ import annotations

from irlcore.contracts.walks import grid_mdp, recorded, walk

__all__ = ["grid_mdp", "recorded", "walk"]
