"""Estimators that answer the same for every row."""

import numpy as np

from servery.estimators.plans import PlannedPredictor, Unsupported, Upstream
from servery.estimators.registry import Family, Part, register
from servery.runtimes.plan.steps.averages import Constant


def _quantity(part: Part, _upstream: Upstream) -> PlannedPredictor:
    return Constant(np.ravel(part.constant_).astype(float).tolist()), "value"


def _shares(part: Part, _upstream: Upstream) -> PlannedPredictor:
    if part.strategy in {"stratified", "uniform"}:
        raise Unsupported("a DummyClassifier that answers by chance")
    figures = part.predict_proba(np.zeros((1, 1)))[0]
    return Constant(figures.astype(float).tolist()), "probabilities"


register(Family("sklearn.dummy: DummyRegressor", predictor=_quantity))
register(Family("sklearn.dummy: DummyClassifier", predictor=_shares))
