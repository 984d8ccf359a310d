"""Explains predictions: a served model and one parsed row in, plain values out.

Everything is computed by calling the runtime that serves the model, many rows at once, so it works
for any model.
"""

from servery.explaining.capabilities import Capability, capabilities, require
from servery.explaining.contributions import Contribution, Explanation, explain
from servery.explaining.counterfactuals import Aim, Change, Counterfactual, counterfactuals
from servery.explaining.curves import Curve, Point, curve
from servery.explaining.kept import KeptPage, KeptQuery, Sorting, kept_page
from servery.explaining.nearest import NearestRows, nearest_rows

__all__ = [
    "Aim",
    "Capability",
    "Change",
    "Contribution",
    "Counterfactual",
    "Curve",
    "Explanation",
    "KeptPage",
    "KeptQuery",
    "NearestRows",
    "Point",
    "Sorting",
    "capabilities",
    "counterfactuals",
    "curve",
    "explain",
    "kept_page",
    "nearest_rows",
    "require",
]
