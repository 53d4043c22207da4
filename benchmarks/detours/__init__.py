"""Anomalies of every kind among real trips: 4,893 held-out taxi trips of Shanghai, and what finds the odd ones among them.

What Motive finds is what the evidence of the class chooses by default, beside its best single score (by the same evidence) and three
controls. The set has no times: kinds in time alone are planted in made-up ones (``times``), which all detectors then see.
"""

from benchmarks.detours.measures import false_alarms
from benchmarks.detours.study import run
from irlcore.simulation.planted.detours import CUT, rerouted

__all__ = ["CUT", "false_alarms", "rerouted", "run"]
