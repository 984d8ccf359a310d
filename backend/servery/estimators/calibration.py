"""Classifiers whose probabilities were calibrated to what came true."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from servery.estimators.plans import PlannedPredictor, Unsupported, Upstream
from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.runtimes.plan.predictor import Predictor
from servery.runtimes.plan.steps.averages import Average
from servery.runtimes.plan.steps.calibration import Calibrated, CalibrationCurve
from servery.runtimes.plan.steps.linear import SignedPair
from servery.runtimes.plan.steps.scores import FromScores, Sigmoid


def _members(part: Part) -> Sequence[Part]:
    return [member.estimator for member in getattr(part, "calibrated_classifiers_", ())]


def _calibrated(part: Part, upstream: Upstream) -> PlannedPredictor:
    members: list[Predictor] = []
    for member in part.calibrated_classifiers_:
        if member.method not in {"sigmoid", "isotonic"}:
            raise Unsupported(f"calibration by {member.method!r}")
        inner, gives = upstream.predicted(member.estimator)
        asks_scores = hasattr(member.estimator, "decision_function")
        if asks_scores and gives == "probabilities":
            inner = _scores_behind(inner)
        members.append(_member(member, inner, is_binary=len(part.classes_) == 2))
    shares = [1.0 / len(members)] * len(members)
    return (members[0] if len(members) == 1 else Average(members, shares)), "probabilities"


def _scores_behind(predictor: Predictor) -> Predictor:
    """Return the scores that probabilities are made of, as ``decision_function`` gives them."""
    if isinstance(predictor, Sigmoid):
        return SignedPair(predictor.inner)
    if isinstance(predictor, FromScores):
        return predictor.inner
    raise Unsupported("calibration of this estimator")


def _member(member: Any, inner: Predictor, *, is_binary: bool) -> Calibrated:  # noqa: ANN401
    curves = [_curve(calibrator) for calibrator in member.calibrators]
    columns = [1] if is_binary else list(range(len(curves)))
    if len(curves) != len(columns):
        raise Unsupported("calibration of fewer classes than there are")
    return Calibrated(inner, columns, curves)


def _curve(calibrator: Any) -> CalibrationCurve:  # noqa: ANN401
    if hasattr(calibrator, "a_"):
        return CalibrationCurve(slope=float(calibrator.a_), offset=float(calibrator.b_))
    return CalibrationCurve(
        x=np.asarray(calibrator.X_thresholds_, float),
        y=np.asarray(calibrator.y_thresholds_, float),
    )


register(
    Family(
        "sklearn.calibration: CalibratedClassifierCV",
        inner=_members,
        predictor=_calibrated,
        names=AllowedNames(made=table("sklearn.calibration: _CalibratedClassifier")),
    )
)
