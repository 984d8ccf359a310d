"""The estimators that a fitted estimator is made of, and whether its labels are the most likely."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from servery.estimators.registry import Labels, Part, families_of
from servery.signature import ClassOutput, Output


def estimators_within(estimator: Part) -> Iterator[Part]:
    """Go through an estimator and all estimators that it holds at any depth, each once."""
    from sklearn.base import BaseEstimator

    seen: set[int] = set()
    waiting: list[Any] = [estimator]
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, BaseEstimator):
            yield part
            waiting.extend(vars(part).values())
        else:
            waiting.extend(_held(part))


def compares_gaps(estimator: Part) -> bool:
    """Return whether the answer to a row can depend on which cells other rows lack."""
    found = (family for part in estimators_within(estimator) for family in families_of(part))
    return any(family.compares_gaps for family in found)


def _held(part: Any) -> Iterable[Any]:  # noqa: ANN401 - what an attribute holds
    if isinstance(part, dict):
        return part.values()
    if isinstance(part, np.ndarray):
        return part.ravel().tolist() if part.dtype == object else ()
    return part if isinstance(part, (list, tuple)) else ()


def labels_follow_probabilities(estimator: Part, output: Output) -> bool:
    """Return whether each label is the most likely class, or follows the output's threshold.

    Support vector machines do not promise it, as their probabilities are fitted beside their
    decision; see the record of each family. Nor do classes that no record knows.
    """
    expected = {"likeliest"}
    if isinstance(output, ClassOutput) and output.threshold is not None:
        expected.add("thresholded")
    return all(_labels(part) in expected for part in estimators_within(estimator))


def _labels(part: Part) -> Labels:
    families = families_of(part)
    if families:
        return families[0].labels
    return "likeliest" if type(part).__module__.split(".")[0] in LIBRARIES else "own"


#: Libraries whose classifiers without a record predict their most likely class.
LIBRARIES = frozenset({"catboost", "imblearn", "lightgbm", "sklearn", "xgboost"})
