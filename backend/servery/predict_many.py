"""Predictions of many instances as JSON: the same bytes as one by one, computed by column.

The answers of one request differ mostly in their figures: class, set, reliability and the order of
probabilities have few combinations. Each combination is encoded once, with gaps. Figures are
encoded all at once, and fill the gaps.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.inputs import NUMERIC, Input, InputWarning, Value, is_unlike_training
from servery.manifest import Manifest
from servery.predict import (
    ClassPrediction,
    Prediction,
    QuantityPrediction,
    asked,
    predict,
    predict_rows,
    predictions_of,
    warnings_of,
)
from servery.runtimes import Outcomes
from servery.runtimes.columns import Column, ColumnOutcomes, DictionaryEncoded
from servery.runtimes.sense import finite_rows
from servery.served import ServedModel
from servery.signature import ClassOutput, Instances, MultiOutput, RegressionOutput
from servery.unanswered import refused
from servery.uncertainty import Anomaly

Places: TypeAlias = NDArray[np.intp]
Floats: TypeAlias = NDArray[np.float64]

#: Up to so many instances, one by one is faster.
FEW = 32
#: With more combinations than this share of the rows, encoding each takes longer than it saves.
MOST_COMBINATIONS = 0.1
#: Columns with more distinct texts than this share of their rows are looked up row by row.
MOST_DISTINCT = 0.25
MOST_CODES = 2**62
POINTER = "#/instances/{}".format
#: Marks a gap: JSON has no such byte.
GAP = b"\x00"
UNWARNED, WARNED, UNLIKE_TRAINING = range(3)

encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Predicted:
    """What a model answers to n rows, as arrays, and the warnings of each row."""

    outcomes: ColumnOutcomes
    warnings: Sequence[Sequence[InputWarning]]


def encoded_predictions(model: ServedModel, instances: Instances) -> bytes:
    """Return the JSON of what `predict` returns; raises the same errors."""
    output = model.signature.output
    if len(instances.rows) <= FEW or isinstance(output, MultiOutput):
        return encode(predict(model, instances))
    predicted = _predicted_columns(model, instances, POINTER)
    outcomes, warnings = predicted.outcomes, predicted.warnings
    kinds = _warning_kinds(warnings)
    combined = (
        _of_classes(model.manifest, outcomes, kinds)
        if isinstance(output, ClassOutput)
        else _of_quantities(model.manifest, output, outcomes, kinds)
    )
    combinations = _combinations(combined.parts)
    if combinations is None:
        return encode(predictions_of(model, _as_rows(outcomes, slice(None)), warnings))
    return b"[%b]" % b",".join(_filled(model, outcomes, warnings, combined.figures, combinations))


def outcomes_of(
    model: ServedModel, instances: Instances, pointer: Callable[[int], str] = POINTER
) -> tuple[Outcomes | ColumnOutcomes, Sequence[Sequence[InputWarning]]]:
    """Return what `predict` is made of, without an object for each row; raises the same errors.

    Of few rows these are lists, of many they are arrays.
    """
    if len(instances.rows) <= FEW:
        return predict_rows(model, instances, pointer)
    predicted = _predicted_columns(model, instances, pointer)
    return predicted.outcomes, predicted.warnings


def _predicted_columns(
    model: ServedModel, instances: Instances, pointer: Callable[[int], str]
) -> Predicted:
    rows, inputs, given = instances.rows, model.signature.inputs, instances.columns
    columns = [_column(item, values) for item, values in zip(inputs, given, strict=True)]
    outcomes = asked(model, rows, lambda: model.runtime.predict_columns(columns), pointer)
    if not finite_rows(outcomes, len(rows)).all():
        raise refused(model, rows, pointer)
    words = None if outcomes.known_words is None else outcomes.known_words.tolist()
    anomalies = _anomalies(model, given, columns)
    return Predicted(outcomes, warnings_of(model, instances, anomalies, words))


def _column(item: Input, values: Sequence[Value]) -> Column:
    if isinstance(values, DictionaryEncoded):
        return values
    if item.storage in NUMERIC:
        return np.array(values, dtype=np.float64)  # a missing value, None, becomes NaN
    if set(map(type, values)) <= {str, type(None)}:
        distinct = list(dict.fromkeys(values))
        if len(distinct) <= MOST_DISTINCT * len(values):
            code = {value: place for place, value in enumerate(distinct)}
            codes = np.fromiter(map(code.__getitem__, values), dtype=np.intp, count=len(values))
            return DictionaryEncoded(np.array(distinct, dtype=object), codes)
    return np.fromiter(values, dtype=object, count=len(values))


def _anomalies(
    model: ServedModel, given: Sequence[Sequence[Value]], columns: Sequence[Column]
) -> Mapping[int, Anomaly]:
    tree = model.manifest.anomaly
    if tree is None:
        return {}
    held = [  # true and false are numbers in a column, and themselves to the tree
        values if item.storage == "bool" else column
        for item, values, column in zip(model.signature.inputs, given, columns, strict=True)
    ]
    return tree.anomalies(held)


def _warning_kinds(warnings: Sequence[Sequence[InputWarning]]) -> Places:
    kinds = np.full(len(warnings), UNWARNED, dtype=np.intp)
    for place in [place for place, warned in enumerate(warnings) if warned]:
        kinds[place] = UNLIKE_TRAINING if is_unlike_training(warnings[place]) else WARNED
    return kinds


@dataclass(frozen=True, slots=True)
class Combined:
    """What n answers are made of.

    Attributes
    ----------
    parts
        Arrays of shape (n,) with small numbers from 0 on. Rows that agree in all of them
        have the same answer except for the figures.
    figures
        Arrays of shape (n,), in the order in which they stand in the JSON of an answer.
    """

    parts: Sequence[Places]
    figures: Sequence[Floats]


def _of_classes(manifest: Manifest, outcomes: ColumnOutcomes, kinds: Places) -> Combined:
    classes = np.asarray(outcomes.classes)
    sure = outcomes.probabilities
    parts: list[Places] = [kinds, classes]
    figures: list[Floats] = []
    for table in (sure, outcomes.scores):
        if table is not None:
            order = np.argsort(-table, axis=1, kind="stable")
            figures += list(np.take_along_axis(table, order, axis=1).T)
            parts += list(order.T)
    if manifest.sets is not None and sure is not None:
        parts.append(manifest.sets.sets_for(classes, sure)[1])
    if manifest.reliability is not None:
        parts.append(manifest.reliability.bands_of_rows(classes, sure) + 1)
    return Combined(parts, figures)


def _of_quantities(
    manifest: Manifest, output: RegressionOutput, outcomes: ColumnOutcomes, kinds: Places
) -> Combined:
    values = np.asarray(outcomes.values)
    figures = [values]
    if manifest.intervals is not None:
        figures += map(output.within, manifest.intervals.around_many(values))
    return Combined([kinds, output.band_places(values)], figures)


@dataclass(frozen=True, slots=True)
class Combinations:
    """The combination of each of n rows, shape (n,), and one row of each combination."""

    of_rows: Places
    first: Sequence[int]


def _combinations(parts: Sequence[Places]) -> Combinations | None:
    """Return the combinations of n rows; None where there are too many."""
    codes, count = np.zeros(len(parts[0]), dtype=np.int64), 1
    for part in parts:
        size = int(part.max()) + 1
        count *= size
        if count > MOST_CODES:
            return None
        codes = codes * size + part
    _, first, of_rows = np.unique(codes, return_index=True, return_inverse=True)
    if len(first) > MOST_COMBINATIONS * len(codes):
        return None
    return Combinations(of_rows, first.tolist())


def _filled(
    model: ServedModel,
    outcomes: ColumnOutcomes,
    warnings: Sequence[Sequence[InputWarning]],
    figures: Sequence[Floats],
    combinations: Combinations,
) -> list[bytes]:
    """Return the JSON of each row, made combination by combination."""
    order = np.argsort(combinations.of_rows, kind="stable")
    texts = [encode(each[order].tolist())[1:-1].split(b",") for each in figures]
    places = order.tolist()
    made: list[bytes] = []
    for row, count in zip(combinations.first, np.bincount(combinations.of_rows), strict=True):
        start, end = len(made), len(made) + int(count)
        [prediction] = predictions_of(
            model, _as_rows(outcomes, slice(row, row + 1)), [warnings[row]]
        )
        template = _with_gaps(prediction)
        columns = [each[start:end] for each in texts[: _figures_in(prediction)]]
        if warnings[row]:
            columns.append([encode(warnings[place]) for place in places[start:end]])
        made += _filled_in(template, columns, end - start)
    answers = [b""] * len(made)
    for place, text in zip(places, made, strict=True):
        answers[place] = text
    return answers


def _filled_in(template: bytes, columns: Sequence[Sequence[bytes]], count: int) -> Iterator[bytes]:
    if not columns:
        return iter([template % ()] * count)
    return map(template.__mod__, zip(*columns, strict=True))


def _figures_in(prediction: Prediction) -> int | None:
    """Return how many figures stand in an answer, of those that there may be; None for all."""
    is_bare = isinstance(prediction, QuantityPrediction) and prediction.interval is None
    return 1 if is_bare else None


def _with_gaps(prediction: Prediction) -> bytes:
    """Return the JSON of an answer with a gap for each figure, and one for warnings if any."""
    gap: Any = msgspec.Raw(GAP)
    changes: dict[str, Any] = {"warnings": gap} if prediction.warnings else {}
    if isinstance(prediction, ClassPrediction):
        if prediction.probabilities:
            changes["probabilities"] = [
                msgspec.structs.replace(each, probability=gap) for each in prediction.probabilities
            ]
        if prediction.scores:
            changes["scores"] = [
                msgspec.structs.replace(each, score=gap) for each in prediction.scores
            ]
    elif isinstance(prediction, QuantityPrediction):
        changes["prediction"] = gap
        if prediction.interval is not None:
            changes["interval"] = msgspec.structs.replace(prediction.interval, low=gap, high=gap)
    pieces = encode(msgspec.structs.replace(prediction, **changes)).split(GAP)
    return b"%b".join(piece.replace(b"%", b"%%") for piece in pieces)


def _as_rows(outcomes: ColumnOutcomes, rows: slice) -> Outcomes:
    """Return some rows of outcomes of one output, as `predictions_of` takes them."""
    arrays = (outcomes.values, outcomes.classes, outcomes.probabilities, outcomes.scores)
    return Outcomes(*[None if each is None else each[rows].tolist() for each in arrays])
