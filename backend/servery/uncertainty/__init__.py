"""The uncertainty of an answer: intervals, prediction sets, anomalies, and measured rows near it.

Each module holds what a version stores, how publishing fits it on rows with known outcomes, and how
serving applies it to one answer in a few microseconds.
"""

from servery.uncertainty.anomaly import Anomaly, ChowLiuTree, fit_chow_liu
from servery.uncertainty.intervals import Intervals, calibrated_intervals, held_in_intervals
from servery.uncertainty.kept_rows import KeptRows
from servery.uncertainty.reliability import (
    AnswerReliability,
    Reliability,
    measured_reliability,
)
from servery.uncertainty.sets import PredictionSets, calibrated_sets, held_in_sets

__all__ = [
    "Anomaly",
    "AnswerReliability",
    "ChowLiuTree",
    "Intervals",
    "KeptRows",
    "PredictionSets",
    "Reliability",
    "calibrated_intervals",
    "calibrated_sets",
    "fit_chow_liu",
    "held_in_intervals",
    "held_in_sets",
    "measured_reliability",
]
