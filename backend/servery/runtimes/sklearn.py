"""The reference runtime: the fitted estimator itself, given a DataFrame as it was fitted on."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from servery.manifest import Takes
from servery.runtimes import Outcomes
from servery.signature import (
    BooleanInput,
    ClassificationOutput,
    DateInput,
    DatetimeInput,
    Input,
    IntegerInput,
    NumberInput,
    Row,
    Signature,
)


class SklearnRuntime:
    """Predicts with ``predict`` and ``predict_proba`` of the estimator."""

    name = "sklearn"

    def __init__(
        self,
        estimator: Any,  # noqa: ANN401 - duck-typed
        signature: Signature,
        takes: Takes = "frame",
    ) -> None:
        self._estimator = estimator
        self._signature = signature
        self._takes = takes

    def predict(self, rows: Sequence[Row]) -> Outcomes:
        """Predict parsed rows; the class is always what the estimator itself decides."""
        table = to_table(self._signature, rows, self._takes)
        output = self._signature.output
        predicted = self._estimator.predict(table)
        if not isinstance(output, ClassificationOutput):
            return Outcomes(values=np.asarray(predicted, dtype=float).ravel().tolist())
        position = {outcome.value: index for index, outcome in enumerate(output.classes)}
        return Outcomes(
            classes=[position[value] for value in np.asarray(predicted).tolist()],
            probabilities=(
                self._estimator.predict_proba(table).tolist() if output.probabilities else None
            ),
        )


def to_table(signature: Signature, rows: Sequence[Row], takes: Takes) -> Any:  # noqa: ANN401
    """Lay rows out as the estimator takes them."""
    if takes == "texts":
        return [row[0] for row in rows]
    frame = to_frame(signature, rows)
    return frame if takes == "frame" else frame.to_numpy()


def to_frame(signature: Signature, rows: Sequence[Row]) -> pd.DataFrame:
    """Lay rows out as the columns that the estimator was fitted on.

    Missing values become NaN (NaT for dates), whatever the type of the input.
    """
    columns = zip(*rows, strict=True) if rows else ((),) * len(signature.inputs)
    return pd.DataFrame(
        {
            item.name: _series(item, column)
            for item, column in zip(signature.inputs, columns, strict=True)
        }
    )


def _series(item: Input, column: Sequence[object]) -> "pd.Series[Any]":
    if isinstance(item, (DateInput, DatetimeInput)):
        return pd.Series(pd.to_datetime(pd.Series(column, dtype=object)))
    values = [np.nan if value is None else value for value in column]
    if isinstance(item, NumberInput):
        return pd.Series(values, dtype=np.float64)
    if isinstance(item, (IntegerInput, BooleanInput)) and None not in column:
        return pd.Series(values, dtype=np.int64 if isinstance(item, IntegerInput) else np.bool_)
    if isinstance(item, IntegerInput):
        return pd.Series(values, dtype=np.float64)
    return pd.Series(values, dtype=object)
