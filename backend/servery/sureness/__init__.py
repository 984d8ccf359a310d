"""How sure an answer is: intervals, prediction sets, and whether an instance is unusual at all.

Each file holds what a version stores, how publishing finds it on rows with known outcomes, and how
serving applies it to one answer in a few microseconds.
"""

from servery.sureness.intervals import Intervals, calibrated_intervals
from servery.sureness.sets import PredictionSets, calibrated_sets
from servery.sureness.usual import Usual, learn_usual

__all__ = [
    "Intervals",
    "PredictionSets",
    "Usual",
    "calibrated_intervals",
    "calibrated_sets",
    "learn_usual",
]
