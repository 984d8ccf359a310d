"""The uncertainty of an answer: intervals, prediction sets, and whether the instance is an anomaly.

Each module holds what a version stores, how publishing fits it on rows with known outcomes, and how
serving applies it to one answer in a few microseconds.
"""

from servery.uncertainty.anomaly import ChowLiuTree, fit_chow_liu
from servery.uncertainty.intervals import Intervals, calibrated_intervals
from servery.uncertainty.reliability import (
    AnswerReliability,
    Reliability,
    measured_reliability,
)
from servery.uncertainty.sets import PredictionSets, calibrated_sets

__all__ = [
    "AnswerReliability",
    "ChowLiuTree",
    "Intervals",
    "PredictionSets",
    "Reliability",
    "calibrated_intervals",
    "calibrated_sets",
    "fit_chow_liu",
    "measured_reliability",
]
