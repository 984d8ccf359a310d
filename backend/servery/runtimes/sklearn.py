"""The reference runtime: the fitted estimator itself, given rows as it was fitted on them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pandas as pd
import pandas.api.internals

from servery.inputs import Input, Scalar, Storage
from servery.manifest import MissingObject, RuntimeFacts, Takes
from servery.runtimes import Coalitions, Floats, Outcomes, figures_of, merged
from servery.runtimes.columns import ColumnOutcomes, Columns, as_columns
from servery.runtimes.known_words import fitted_vocabulary
from servery.signature import ClassOutput, MultiOutput, Output, Row, Signature, SingleOutput

#: What pandas makes of a column of this storage where a value is missing.
WITH_MISSING: dict[Storage, str] = {"int64": "float64", "bool": "object"}
MISSING_OBJECTS: dict[MissingObject, object] = {"none": None, "na": pd.NA}

PLAIN = RuntimeFacts()
#: Up to so many rows, a table is made at once.
FEW = 32
#: Since pandas 3.0.
from_blocks = getattr(pd.api.internals, "create_dataframe_from_blocks", None)
#: Sums in another order differ by less, single precision included.
TIE = 1e-5


class SklearnRuntime:
    """Predicts with ``predict``, ``predict_proba`` and ``decision_function`` of the estimator."""

    name = "sklearn"
    is_caged = False
    set_aside = None

    def __init__(
        self,
        estimator: Any,  # noqa: ANN401 - duck-typed
        signature: Signature,
        facts: RuntimeFacts,
    ) -> None:
        self._estimator = estimator
        self._signature = signature
        self._facts = facts
        texts = [place for place, item in enumerate(signature.inputs) if item.is_free_text]
        # With several texts, which one a vocabulary belongs to is not known.
        self._text = texts[0] if len(texts) == 1 else None
        self._vocabulary = fitted_vocabulary(estimator) if self._text is not None else None

    def predict(self, rows: Sequence[Row]) -> Outcomes:
        """Predict parsed rows; the class is always what the estimator itself decides."""
        table = to_table(self._signature.inputs, rows, self._facts)
        outcomes = self._asked(table)
        if self._vocabulary is None:
            return outcomes
        return msgspec.structs.replace(
            outcomes, known_words=self._known_words([row[self._text or 0] for row in rows])
        )

    def figures(self, coalitions: Coalitions) -> Floats:
        """Predict the rows of coalitions."""
        return figures_of(self._signature.output, self.predict(coalitions.rows()))

    def predict_columns(self, columns: Columns) -> ColumnOutcomes:
        """Predict many parsed rows: the table is made of the columns, without the rows."""
        outcomes = as_columns(self._asked(self._table_of(columns)))
        if self._vocabulary is None:
            return outcomes
        known = self._known_words(columns[self._text or 0].tolist())
        return replace(outcomes, known_words=np.array(known))

    def _asked(self, table: Any) -> Outcomes:  # noqa: ANN401 - as the estimator takes it
        if self._facts.compares_gaps and len(table) > 1:
            return self._asked_by_gaps(table)
        return self._asked_together(table)

    def _asked_by_gaps(self, table: Any) -> Outcomes:  # noqa: ANN401
        """Ask for rows that lack the same cells together: each is answered as it is alone."""
        gaps = np.asarray(pd.isna(table))
        _, which = np.unique(gaps, axis=0, return_inverse=True)
        groups = [np.flatnonzero(which == group) for group in range(which.max() + 1)]
        rows_of = table.iloc if isinstance(table, pd.DataFrame) else table
        found = [self._asked_together(rows_of[rows]) for rows in groups]
        return merged(found, np.argsort(np.concatenate(groups)).tolist())

    def _asked_together(self, table: Any) -> Outcomes:  # noqa: ANN401
        output = self._signature.output
        if self._facts.classes_from == "probabilities" and isinstance(output, ClassOutput):
            outcomes = ask_probabilities(self._estimator, table)
            if outcomes is not None:
                return outcomes
        return ask(self._estimator, table, output)

    def _known_words(self, texts: Sequence[Any]) -> list[float]:
        vocabulary = self._vocabulary
        return [0.0 if vocabulary is None else vocabulary.share(str(text)) for text in texts]

    def _table_of(self, columns: Columns) -> Any:  # noqa: ANN401 - as the estimator takes it
        inputs, facts = self._signature.inputs, self._facts
        if facts.takes == "texts":
            return list(columns[0])
        frame = pd.DataFrame(
            {
                item.name: _series_of(item, column, facts)
                for item, column in zip(inputs, columns, strict=True)
            }
        )
        return as_taken(frame, facts.takes)


def ask(estimator: Any, table: Any, output: Output) -> Outcomes:  # noqa: ANN401 - duck-typed
    """Ask an estimator for all that its output promises, on rows laid out as it takes them."""
    predicted = np.asarray(estimator.predict(table))
    if isinstance(output, MultiOutput):
        return Outcomes(parts=_parts(estimator, table, output, predicted))
    if not isinstance(output, ClassOutput):
        return Outcomes(values=predicted.astype(float).ravel().tolist())
    return Outcomes(
        classes=_positions(output, predicted),
        probabilities=estimator.predict_proba(table).tolist() if output.probabilities else None,
        scores=_scores(estimator.decision_function(table)) if output.scores else None,
    )


def ask_probabilities(estimator: Any, table: Any) -> Outcomes | None:  # noqa: ANN401 - duck-typed
    """Ask a classifier that predicts its most probable class only for probabilities.

    None if two classes of a row are tied: how it breaks ties is up to the classifier.
    """
    probabilities = np.asarray(estimator.predict_proba(table))
    classes = probabilities.argmax(axis=1)
    if are_tied(probabilities).any():
        return None
    return Outcomes(classes=classes.tolist(), probabilities=probabilities.tolist())


def are_tied(probabilities: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """Return for each row whether its two most probable classes are tied, or almost."""
    ranked = np.partition(probabilities, -2, axis=1)
    return np.asarray(ranked[:, -1] - ranked[:, -2] < TIE)


def _parts(
    estimator: Any,  # noqa: ANN401
    table: Any,  # noqa: ANN401
    output: MultiOutput,
    predicted: "np.ndarray[Any, Any]",
) -> list[Outcomes]:
    probabilities: Sequence[Any] = [None] * len(output.outputs)
    if any(isinstance(part, ClassOutput) and part.probabilities for part in output.outputs):
        probabilities = by_output(estimator.predict_proba(table))
    return [
        _part(part, predicted[:, index], probabilities[index])
        for index, part in enumerate(output.outputs)
    ]


def _part(part: SingleOutput, predicted: Any, probabilities: Any) -> Outcomes:  # noqa: ANN401
    if not isinstance(part, ClassOutput):
        return Outcomes(values=predicted.astype(float).tolist())
    return Outcomes(
        classes=_positions(part, predicted),
        probabilities=np.asarray(probabilities).tolist() if part.probabilities else None,
    )


def by_output(probabilities: Any) -> list[Any]:  # noqa: ANN401 - a list of arrays, or one array
    """Return one array of probabilities for each output, each of shape (n, its classes).

    Most estimators answer just that; those for labels that may be set or not give one array of
    shape (n, outputs) with the probability that each is set.
    """
    if isinstance(probabilities, list):
        return probabilities
    return [np.column_stack([1 - column, column]) for column in np.asarray(probabilities).T]


def _positions(output: ClassOutput, predicted: "np.ndarray[Any, Any]") -> list[int]:
    position: Mapping[Scalar, int] = {
        outcome.value: index for index, outcome in enumerate(output.classes)
    }
    return [position[value] for value in predicted.ravel().tolist()]


def _scores(decided: Any) -> list[list[float]]:  # noqa: ANN401 - of shape (n,) or (n, classes)
    """Return a score for each class; of two classes scikit-learn scores only the second."""
    scores = np.asarray(decided, dtype=float)
    both = np.column_stack([-scores, scores]) if scores.ndim == 1 else scores
    return both.tolist()  # type: ignore[no-any-return]


def to_table(inputs: Sequence[Input], rows: Sequence[Row], facts: RuntimeFacts) -> Any:  # noqa: ANN401
    """Lay rows out as the estimator takes them."""
    if facts.takes == "texts":
        return [row[0] for row in rows]
    return as_taken(to_frame(inputs, rows, facts), facts.takes)


def as_taken(frame: pd.DataFrame, takes: Takes) -> Any:  # noqa: ANN401
    """Return a table of inputs as the estimator takes it: itself, an array, or its one text."""
    if takes == "texts":
        return frame.iloc[:, 0].tolist()
    return frame if takes == "frame" else frame.to_numpy()


def to_frame(
    inputs: Sequence[Input], rows: Sequence[Row], facts: RuntimeFacts = PLAIN
) -> pd.DataFrame:
    """Lay rows out as the columns that the estimator was fitted on.

    Missing values become what stood for them in the fit: NaN (NaT for dates) unless the input or
    ``facts`` name something else. Categorical inputs become pandas categoricals.
    """
    if rows and _are_floats(inputs, facts):
        table = np.array(rows, dtype=np.float64)  # a missing value, None, becomes NaN
        return pd.DataFrame(table, columns=_index(tuple(item.name for item in inputs)))
    if 0 < len(rows) <= FEW:
        frame = _few_to_frame(inputs, rows, facts)
        if frame is not None:
            return frame
    columns = zip(*rows, strict=True) if rows else ((),) * len(inputs)
    return pd.DataFrame(
        {
            item.name: _column(item, column, facts)
            for item, column in zip(inputs, columns, strict=True)
        }
    )


def _few_to_frame(
    inputs: Sequence[Input], rows: Sequence[Row], facts: RuntimeFacts
) -> pd.DataFrame | None:
    """Build a frame of few rows, in a fraction of the time that pandas takes to join columns.

    One array holds all columns of a dtype. None if pandas is older than 3 and cannot take them so.
    """
    if from_blocks is None:
        return None
    columns = zip(*rows, strict=True)
    cells = [_cells(item, column, facts) for item, column in zip(inputs, columns, strict=True)]
    places_of: dict[str, list[int]] = {}
    blocks: list[Any] = []
    for place, column in enumerate(cells):
        if isinstance(column, Cells):
            places_of.setdefault(column.dtype, []).append(place)
        else:
            blocks.append((column.array, np.array([place])))
    for dtype, places in places_of.items():
        table = np.array([cells[place].values for place in places], dtype)
        blocks.append((table, np.array(places)))
    names = _index(tuple(item.name for item in inputs))
    frame: pd.DataFrame = from_blocks(blocks, pd.RangeIndex(len(rows)), names)
    return frame


def _are_floats(inputs: Sequence[Input], facts: RuntimeFacts) -> bool:
    if facts.categorical or facts.missing_objects:
        return False
    return all(item.storage == "float64" and item.missing_marker is None for item in inputs)


@lru_cache(maxsize=100)
def _index(names: tuple[str, ...]) -> "pd.Index[Any]":
    """Return the names of columns as pandas wants them, which takes longer than the numbers do."""
    return pd.Index(names)


def _column(item: Input, column: Sequence[object], facts: RuntimeFacts) -> Any:  # noqa: ANN401
    """Return a column as pandas takes it."""
    return _as_taken(_cells(item, column, facts))


class Cells(NamedTuple):
    """The values of a column, and the dtype that the estimator takes them as."""

    values: Sequence[object]
    dtype: str


def _as_taken(column: "Cells | pd.Series[Any]") -> Any:  # noqa: ANN401
    """Return numbers as an array, which pandas takes far faster than a series."""
    if not isinstance(column, Cells):
        return column
    if column.dtype in ("float64", "int64"):
        return np.array(column.values, column.dtype)
    return pd.Series(column.values, dtype=column.dtype)


def _cells(item: Input, column: Sequence[object], facts: RuntimeFacts) -> "Cells | pd.Series[Any]":
    """Return a column as it is put into a table; moments and pandas categoricals as a series."""
    if (clock := item.clock) is not None:
        moments = [None if each is None else _instant(each, clock) for each in column]
        read = pd.Series(pd.to_datetime(pd.Series(moments, dtype=object), utc=True))
        return read.dt.tz_convert(clock)
    if item.storage == "datetime64" and not item.is_spelled:
        return pd.Series(pd.to_datetime(pd.Series(column, dtype=object)))
    missing = missing_value(item, facts)
    values = [missing if value is None else value for value in column]
    if item.is_spelled:
        texts = [value if value is missing else item.spelled(value) for value in values]  # type: ignore[arg-type] # parsed
        return Cells(texts, "object")
    if item.name in facts.categorical:
        return pd.Series(_categorical(item, values))
    has_gaps = None in column or _had_gaps(item)
    if has_gaps and _is_nullable(item, facts):
        return pd.Series(values, dtype="boolean")
    return Cells(values, _dtype(item.storage, missing) if has_gaps else item.storage)


def _instant(value: object, clock: tzinfo) -> datetime:
    if not isinstance(value, datetime):
        raise TypeError(f"expected a moment, found {value!r}")
    return value.replace(tzinfo=clock).astimezone(UTC)


def _had_gaps(item: Input) -> bool:
    """Return whether true and false were objects in the fit, as pandas has them with a gap."""
    return item.storage == "bool" and item.missing_allowed


def _is_nullable(item: Input, facts: RuntimeFacts) -> bool:
    """Return whether true and false with gaps have the nullable type of pandas."""
    return item.storage == "bool" and missing_value(item, facts) is pd.NA


def missing_value(item: Input, facts: RuntimeFacts) -> object:
    """Return what the estimator takes for a missing value of an input."""
    if item.missing_marker is not None:
        return item.missing_marker
    named = facts.missing_objects.get(item.name)
    return np.nan if named is None else MISSING_OBJECTS[named]


def _dtype(storage: Storage, missing: object) -> str:
    """Return the dtype that a column had when pandas read it with a missing value."""
    if isinstance(missing, int) and storage in ("float64", "int64"):
        return storage
    return WITH_MISSING.get(storage, storage) if isinstance(missing, float) else "object"


def _series_of(item: Input, column: Any, facts: RuntimeFacts) -> "pd.Series[Any]":  # noqa: ANN401
    """Return what `_column` does, of a column as `servery.runtimes.columns` has them."""
    if item.name in facts.categorical or column.dtype == object:
        return pd.Series(_column(item, column.tolist(), facts))
    is_missing = np.isnan(column)
    if not is_missing.any() and not _had_gaps(item):
        return pd.Series(column.astype(item.storage))
    if _is_nullable(item, facts):
        return pd.Series(pd.array(column, dtype="boolean"))
    missing: Any = missing_value(item, facts)
    dtype = _dtype(item.storage, missing)
    if dtype != "object":
        return pd.Series(np.where(is_missing, missing, column).astype(dtype))
    values = column.astype(object)
    values[~is_missing] = column[~is_missing].astype(item.storage)
    values[is_missing] = missing
    return pd.Series(values)


def _categorical(item: Input, values: Sequence[object]) -> pd.Categorical:
    """Return a categorical of the known values, in the order of the fit, which sorted them.

    The card may show categories in another order, and an unknown value comes after the known.
    """
    known = sorted(item.known_values(), key=_number_first)
    further = {value for value in values if value == value} - set(known)
    return pd.Categorical(values, categories=[*known, *sorted(further, key=_number_first)])


def _number_first(value: Any) -> tuple[bool, Any]:  # noqa: ANN401
    return isinstance(value, str), value
