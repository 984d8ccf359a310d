"""Evaluates a model: held-out rows with true outcomes in, metrics, plots and importance out.

`HeldOutPredictions` answers each row with a fit that did not see it.
"""

from servery.evaluation.groups import group_rates
from servery.evaluation.importance import importance
from servery.evaluation.measuring import HeldOutPredictions, cross_validated, held_out
from servery.evaluation.metrics import measure
from servery.evaluation.plots import evaluate
from servery.evaluation.recalibration import recalibration_offers
from servery.evaluation.splitting import folds_of

__all__ = [
    "HeldOutPredictions",
    "cross_validated",
    "evaluate",
    "folds_of",
    "group_rates",
    "held_out",
    "importance",
    "measure",
    "recalibration_offers",
]
