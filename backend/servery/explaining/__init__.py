"""Why a model answers as it does, and what it would answer otherwise.

A served model and one parsed row in, plain facts out. Everything is asked of the runtime that
serves, many rows at once, so that any model can be explained.
"""

from servery.explaining.capabilities import Capability, capabilities, require
from servery.explaining.contributions import Contribution, Explanation, explain
from servery.explaining.counterfactuals import Aim, Change, Counterfactual, counterfactuals
from servery.explaining.curves import Curve, Point, curve

__all__ = [
    "Aim",
    "Capability",
    "Change",
    "Contribution",
    "Counterfactual",
    "Curve",
    "Explanation",
    "Point",
    "capabilities",
    "counterfactuals",
    "curve",
    "explain",
    "require",
]
