"""What comes out of an estimator: its task, its classes, how many answers it gives at once."""

import warnings
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from sklearn.base import is_classifier, is_clusterer, is_outlier_detector, is_regressor
from sklearn.utils import get_tags

from servery.card import readable
from servery.errors import PublishingRefused
from servery.estimators.native_files import NATIVE_FORMATS
from servery.estimators.registry import families_of
from servery.inputs import NumberStats, Scalar, number_stats
from servery.inputs.category import scalar
from servery.runtimes.sklearn import by_output
from servery.signature import (
    ClassificationOutput,
    ClusteringOutput,
    MultiOutput,
    OutcomeClass,
    OutlierOutput,
    Output,
    RegressionOutput,
    Threshold,
)

#: The target, where it is known: one column, or several.
Target: TypeAlias = "pd.Series[Any] | pd.DataFrame | None"


def require_predictor(estimator: Any) -> None:  # noqa: ANN401 - anything at all
    """Refuse what cannot answer for a row that it was not fitted on.

    Raises
    ------
    PublishingRefused
        Says what was found instead of an estimator that predicts.
    """
    kind = type(estimator).__name__
    if isinstance(estimator, type):
        raise PublishingRefused(
            f"Expected a fitted estimator, found the class {estimator.__name__} itself; save a "
            "fitted instance of it."
        )
    if hasattr(estimator, "predict"):
        _refuse_booster(estimator)
        _require_tags(estimator)
        return
    if not hasattr(estimator, "fit"):
        raise PublishingRefused(
            f"Expected a fitted scikit-learn estimator, found an object of type {kind}; "
            "save the estimator itself."
        )
    if is_clusterer(estimator) or is_outlier_detector(estimator):
        raise PublishingRefused(
            f"{kind} only labels the rows of its fit and cannot predict new ones. Use an estimator "
            "that has `predict`."
        )
    raise PublishingRefused(
        f"{kind} is a transformer and does not predict. Save the whole pipeline, including its "
        "last step."
    )


def _refuse_booster(estimator: Any) -> None:  # noqa: ANN401
    """Refuse what a library trains without scikit-learn's interface: it takes no tables."""
    library = type(estimator).__module__.partition(".")[0]
    formats = [each for each in NATIVE_FORMATS.values() if each.module == library]
    if not formats or hasattr(estimator, "fit"):
        return
    raise PublishingRefused(
        f"Expected a fitted estimator, found a {type(estimator).__name__} of {library}, which "
        "takes no rows of a table. Save it as its library does: "
        f'model.save_model("model{formats[0].ending}").'
    )


def _require_tags(estimator: Any) -> None:  # noqa: ANN401
    """Refuse what has a ``predict`` of its own and does not say what it answers."""
    try:
        get_tags(estimator)
    except (AttributeError, TypeError) as error:
        raise _without_task(estimator) from error


def _without_task(estimator: Any) -> PublishingRefused:  # noqa: ANN401
    return PublishingRefused(
        f"{type(estimator).__name__} does not say whether it predicts quantities, or which "
        "classes. Derive its class from RegressorMixin or ClassifierMixin, then BaseEstimator, of "
        "sklearn.base, give a classifier the attribute classes_, and save it again."
    )


def answers(estimator: Any, rows: Any) -> bool:  # noqa: ANN401 - as the estimator takes them
    """Return whether an estimator answers rows."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # whether it answers is what is asked
            estimator.predict(rows)
    except Exception:  # estimators refuse in many ways
        return False
    return True


def read_output(
    estimator: Any,  # noqa: ANN401
    table: Any,  # noqa: ANN401
    y: Target,
    *,
    is_given: bool = False,
) -> Output:
    """Read the output from the estimator; the target gives its name and its range.

    Parameters
    ----------
    table
        One row that the estimator accepts: its answer shows how many outputs there are.
    is_given
        Whether the row is one of a table that was given; else it is made of typical values.

    Raises
    ------
    PublishingRefused
        It answers nothing that can be served.
    """
    try:
        answer = np.asarray(estimator.predict(table))
    except Exception as error:  # an estimator may raise anything at all
        kind, remark = type(estimator).__name__, _first_line(error)
        raise PublishingRefused(
            f"{kind} does not answer the rows of the data: {remark} Give the rows that it was "
            "fitted on, with the same columns in the same order."
            if is_given
            else f"{kind} does not answer a typical row: {remark} Give the rows that it was fitted "
            "on as data, so that its inputs can be read from them."
        ) from error
    if answer.ndim > 1 and answer.shape[1] > 1:
        return _many(estimator, table, answer.shape[1], y)
    name = str(y.name) if isinstance(y, pd.Series) and y.name is not None else "prediction"
    named: dict[str, Any] = {"name": name, "label": readable(name)}
    if is_outlier_detector(estimator):
        return OutlierOutput(
            **named, classes=OUTLIER, probabilities=False, scores=_scores(estimator, table, 2)
        )
    if is_classifier(estimator):
        if not hasattr(estimator, "classes_"):
            raise _without_task(estimator)
        values = [scalar(value) for value in estimator.classes_]
        return _classes(estimator, table, named, values)
    groups = _groups(estimator)
    if groups is not None:
        return _clusters(estimator, named, groups)
    if is_regressor(estimator) or np.issubdtype(answer.dtype, np.floating):
        return RegressionOutput(**named, training_stats=_stats(y))
    raise _without_task(estimator)


OUTLIER = (
    OutcomeClass(value=-1, label="Unusual", tone="caution"),
    OutcomeClass(value=1, label="Usual", tone="positive"),
)


def _classes(
    estimator: Any,  # noqa: ANN401
    table: Any,  # noqa: ANN401
    named: dict[str, Any],
    values: Sequence[Scalar],
) -> ClassificationOutput:
    has_probabilities = _answers(estimator, "predict_proba", table)
    return ClassificationOutput(
        **named,
        classes=_outcomes(values),
        probabilities=has_probabilities,
        scores=not has_probabilities and _scores(estimator, table, len(values)),
        threshold=_threshold(estimator, values),
    )


def _answers(estimator: Any, method: str, table: Any) -> bool:  # noqa: ANN401
    """Return whether a method is there and works: some are there and raise."""
    try:
        getattr(estimator, method)(table)
    except (AttributeError, NotImplementedError, ValueError):
        return False
    return True


def _scores(estimator: Any, table: Any, classes: int) -> bool:  # noqa: ANN401
    """Return whether the decision function gives one score for each class."""
    if not _answers(estimator, "decision_function", table):
        return False
    # Of three classes there are as many pairs, each with a score.
    is_of_pairs = getattr(_last(estimator), "decision_function_shape", "ovr") == "ovo"
    if is_of_pairs and classes > 2:
        return False
    scores = np.asarray(estimator.decision_function(table))
    return scores.ndim == 1 if classes == 2 else scores.shape[1:] == (classes,)


def _groups(estimator: Any) -> Sequence[int] | None:  # noqa: ANN401
    """Return the groups that a clusterer or a mixture can answer; None for what is neither.

    Raises
    ------
    PublishingRefused
        It does not say which groups there are.
    """
    last = _last(estimator)
    for family in families_of(last):
        if family.groups is not None:
            return family.groups(last)
    if not is_clusterer(estimator):
        return None
    labels = getattr(last, "labels_", None)
    if labels is None:
        raise PublishingRefused(f"{type(last).__name__} does not say which groups it found.")
    return sorted(set(np.asarray(labels).tolist()))


def _clusters(
    estimator: Any,  # noqa: ANN401
    named: dict[str, Any],
    groups: Sequence[int],
) -> ClusteringOutput:
    return ClusteringOutput(
        **named | ({"label": "Group"} if named["name"] == "prediction" else {}),
        classes=tuple(OutcomeClass(value=value, label=f"Group {value}") for value in groups),
        probabilities=hasattr(estimator, "predict_proba"),
    )


def _many(estimator: Any, table: Any, count: int, y: Target) -> MultiOutput:  # noqa: ANN401
    names = [f"y{index}" for index in range(count)]
    if isinstance(y, pd.DataFrame) and len(y.columns) == count:
        names = [str(name) for name in y.columns]
    classes = _classes_of_outputs(estimator, count)
    if classes is None:
        columns = [y[name] for name in y.columns] if isinstance(y, pd.DataFrame) else [None] * count
        parts: list[ClassificationOutput | RegressionOutput] = [
            RegressionOutput(name=name, label=readable(name), training_stats=_stats(column))
            for name, column in zip(names, columns, strict=True)
        ]
    else:
        probable = _answers(estimator, "predict_proba", table) and [
            len(each) for each in classes
        ] == [np.shape(each)[1] for each in by_output(estimator.predict_proba(table))]
        parts = [
            ClassificationOutput(
                name=name, label=readable(name), classes=_outcomes(values), probabilities=probable
            )
            for name, values in zip(names, classes, strict=True)
        ]
    return MultiOutput(name="prediction", label="Prediction", outputs=tuple(parts))


def _classes_of_outputs(estimator: Any, count: int) -> list[list[Scalar]] | None:  # noqa: ANN401
    """Return the classes of each output; None for quantities."""
    if not is_classifier(estimator):
        return None
    classes = getattr(estimator, "classes_", None)
    if isinstance(classes, list) and len(classes) == count:
        return [[scalar(value) for value in each] for each in classes]
    return [[0, 1]] * count  # one column for each label, which is set or not


def _outcomes(values: Sequence[Scalar]) -> tuple[OutcomeClass, ...]:
    return tuple(OutcomeClass(value=value, label=str(value)) for value in values)


def _stats(y: Target) -> NumberStats | None:
    if not isinstance(y, pd.Series) or not pd.api.types.is_numeric_dtype(y):
        return None
    return number_stats(y.dropna().to_numpy(dtype=np.float64), int(y.isna().sum()))


def _last(estimator: Any) -> Any:  # noqa: ANN401
    """Return what answers in the end: the last step of a pipeline, the best of a search."""
    within = getattr(estimator, "best_estimator_", None)
    for family in families_of(estimator):
        if family.answering is not None:
            within = family.answering(estimator)
    return estimator if within is None else _last(within)


def _threshold(estimator: Any, values: Sequence[Scalar]) -> Threshold | None:  # noqa: ANN401
    """Read the decision threshold of a `FixedThresholdClassifier` or a tuned one."""
    decides = _last(estimator)
    if all(family.labels != "thresholded" for family in families_of(decides)):
        return None  # a threshold of another kind, such as that of self-training
    value = getattr(decides, "best_threshold_", getattr(decides, "threshold", None))
    if not isinstance(value, (int, float)) or len(values) != 2:
        return None
    if getattr(decides, "response_method", "auto") == "decision_function":
        return None  # not a probability
    positive = getattr(decides, "pos_label", None)
    return Threshold(class_=values[1] if positive is None else scalar(positive), value=float(value))


def _first_line(error: Exception) -> str:
    """Return what a library says, without the trace of its inner parts."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".") + "."
