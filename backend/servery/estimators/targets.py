"""Regressors of a transformed target."""

from collections.abc import Callable
from typing import Any

import numpy as np

from servery.estimators.plans import PlannedPredictor, Unsupported, Upstream
from servery.estimators.registry import Family, Part, public_name, register
from servery.runtimes.plan.predictor import Predictor
from servery.runtimes.plan.steps.quantities import Exponential, Rescaled

#: The inverses of functions that targets are transformed by.
INVERSES: dict[Any, Callable[[Predictor], Predictor]] = {
    None: lambda inner: inner,
    np.expm1: lambda inner: Exponential(inner, less=1.0),
    np.exp: Exponential,
}


def _target(part: Part, upstream: Upstream) -> PlannedPredictor:
    inner, _ = upstream.predicted(part.regressor_)
    transformer = part.transformer_
    kind = public_name(type(transformer))
    is_function = kind == "sklearn.preprocessing.FunctionTransformer"
    if is_function and transformer.inverse_func in INVERSES:
        return INVERSES[transformer.inverse_func](inner), "value"
    if kind == "sklearn.preprocessing.StandardScaler":
        scale = transformer.scale_[0] if transformer.with_std else 1.0
        shift = transformer.mean_[0] if transformer.with_mean else 0.0
        return Rescaled(inner, float(scale), float(shift)), "value"
    raise Unsupported(f"a target transformed by {type(transformer).__name__}")


register(Family("sklearn.compose: TransformedTargetRegressor", predictor=_target))
