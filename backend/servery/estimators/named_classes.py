"""Classifiers that answer with the names of the numbers that they were fitted on."""

from collections.abc import Sequence

from servery.estimators.plans import PlannedPredictor, Upstream
from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.estimators.tampering import require_fitted


def _fitted(part: Part) -> Sequence[Part]:
    return [part.estimator_]


def _predictor(part: Part, upstream: Upstream) -> PlannedPredictor:
    return upstream.predicted(part.estimator_)


def _check(part: Part) -> None:
    classes, numbers = list(part.classes_), list(part.estimator_.classes_)
    require_fitted(numbers == list(range(len(part.names))), "the number of a class")
    require_fitted(classes == list(part.names), "the name of a class")


register(
    Family(
        "servery.inspection.class_names: NamedClasses",
        inner=_fitted,
        answering=lambda part: part.estimator_,
        predictor=_predictor,
        check=_check,
        names=AllowedNames(made=table("servery.inspection.class_names: NamedClasses")),
    )
)
