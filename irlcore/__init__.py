"""Motive's library: inverse reinforcement learning with the analyst in the loop.

The parts, in the order in which they may import one another: ``tracks`` and ``readers`` (what was
observed), ``worlds`` (where an agent can be and what it can do), ``features`` (what might matter to it),
``rationality`` (how well it chooses), ``fitting`` (what it wants), ``review`` (who is abnormal and why),
``intent`` (what one agent is after), ``report`` (how it is told) and ``project`` (what an analyst keeps).
"""

import os

os.environ["PROJ_NETWORK"] = "OFF"  # PROJ, under pyproj, would fetch grids where the environment says so: nothing leaves this machine

__version__ = "0.1.0"
