"""Measuring a model on rows whose outcomes are known and that its fit did not see.

`HeldOutPredictions` know which fit did not see which row; figures, plots and importance are read
off their answers.
"""

from servery.evaluation.importance import importance
from servery.evaluation.measuring import HeldOutPredictions, cross_validated, held_out
from servery.evaluation.metrics import group_rates, measure
from servery.evaluation.plots import evaluate

__all__ = [
    "HeldOutPredictions",
    "cross_validated",
    "evaluate",
    "group_rates",
    "held_out",
    "importance",
    "measure",
]
