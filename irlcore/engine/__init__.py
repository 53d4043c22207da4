"""Many items (goals, agents, files) at once, on threads, processes or a cluster: the same numbers whatever does them."""

from irlcore.engine.choice import Engine, for_each, in_use, run_all, use
from irlcore.engine.control import Control, Progress, checkpoint
from irlcore.engine.parcels import kept, remade
from irlcore.engine.threads import workers

__all__ = ["Control", "Engine", "Progress", "checkpoint", "for_each", "in_use", "kept", "remade", "run_all", "use", "workers"]
