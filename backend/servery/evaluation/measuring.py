"""Predictions for held-out rows: from one fit for all rows, or from one fit per fold."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype
from sklearn.base import clone
from sklearn.frozen import FrozenEstimator

from servery.errors import PublishingRefused
from servery.evaluation.splitting import Folds, Method
from servery.inspection import Inspected
from servery.runtimes import Outcomes
from servery.runtimes.sklearn import as_taken, ask, to_frame
from servery.signature import (
    ClassificationOutput,
    ClassOutput,
    MultiOutput,
    Output,
    RegressionOutput,
    Row,
)
from servery.uncertainty.folds import Places

SEED = 0


@dataclass(frozen=True, slots=True)
class HeldOutPredictions:
    """Rows with known outcomes, and which fit may answer for which row.

    Attributes
    ----------
    truth
        One column per output, one row for each of ``rows``.
    parts
        Fitted estimators, each with the positions of the rows that it did not see.
    method, detail
        How the rows were held out, as a word and as a sentence.
    last
        In the order of time, the last outcome that the fit of each row knew: a number, if it is.
    """

    inspected: Inspected
    rows: Sequence[Row]
    truth: pd.DataFrame
    parts: Sequence[tuple[Any, Places]]
    method: Literal["held-out"] | Method
    detail: str
    last: NDArray[np.float64] | None = None

    @property
    def output(self) -> Output:
        """The output of the model."""
        return self.inspected.signature.output

    def outcomes(self) -> Outcomes:
        """Return the outcome of each row."""
        [outcomes] = Tables(self, count=1).outcomes()
        return outcomes

    @property
    def splits(self) -> Sequence[tuple[Places, Places]] | None:
        """Rows to calibrate on and rows to measure that on, as new rows come; None: at random.

        In the order of time, what comes later is measured by what came before; with groups, each
        fold by the others.
        """
        places = [each for _, each in self.parts]
        if self.method == "time-ordered" and len(places) > 1:
            return [
                (np.concatenate(places[:number]), places[number])
                for number in range(1, len(places))
            ]
        if self.method == "grouped":
            return [
                (np.concatenate([*places[:number], *places[number + 1 :]]), places[number])
                for number in range(len(places))
            ]
        return None

    def some(self, most: int) -> "HeldOutPredictions":
        """Return the predictions for at most this many rows, the same at each call."""
        if len(self.rows) <= most:
            return self
        chosen = np.sort(np.random.default_rng(SEED).permutation(len(self.rows))[:most])
        number = np.full(len(self.rows), -1)
        number[chosen] = np.arange(most)
        return replace(
            self,
            rows=[self.rows[place] for place in chosen.tolist()],
            truth=self.truth.iloc[chosen],
            parts=[
                (estimator, kept)
                for estimator, places in self.parts
                if len(kept := number[places][number[places] >= 0])
            ],
        )


class Tables:
    """The rows that each fit did not see, as a frame that repeats them several times.

    The frames are built once: with many inputs, building them for each shuffled input would take
    longer than everything else.
    """

    def __init__(self, predictions: HeldOutPredictions, count: int) -> None:
        self._output, inspected = predictions.output, predictions.inspected
        self._takes = inspected.facts.takes
        self._frame = to_frame(inspected.signature.inputs, predictions.rows, inspected.facts)
        self._count = count
        self._parts = [
            (estimator, places, self._frame.iloc[np.tile(places, count)].reset_index(drop=True))
            for estimator, places in predictions.parts
        ]

    def outcomes(self, place: int = 0, orders: Sequence[Places] | None = None) -> list[Outcomes]:
        """Return the outcomes of each of the tables; each fit is called once.

        Parameters
        ----------
        place, orders
            The input that is shuffled, and for each table the rows whose values it has.
        """
        answered: list[list[tuple[Outcomes, Places]]] = [[] for _ in range(self._count)]
        for estimator, places, table in self._parts:
            asked = table.copy(deep=False)
            if orders is not None:
                taken = np.concatenate([order[places] for order in orders])
                asked.isetitem(place, self._frame.iloc[:, place].array.take(taken))
            outcomes = ask(estimator, as_taken(asked, self._takes), self._output)
            for number, of_table in enumerate(answered):
                start = number * len(places)
                of_table.append((_some(outcomes, start, start + len(places)), places))
        return [_in_places(of_table) for of_table in answered]


def held_out(
    estimator: Any,  # noqa: ANN401
    inspected: Inspected,
    rows: Sequence[Row],
    truth: pd.DataFrame,
    detail: str,
) -> HeldOutPredictions:
    """Return the predictions for rows that the fit did not see."""
    everything = np.arange(len(rows))
    return HeldOutPredictions(inspected, rows, truth, [(estimator, everything)], "held-out", detail)


def cross_validated(
    estimator: Any,  # noqa: ANN401
    inspected: Inspected,
    X: pd.DataFrame,
    rows: Sequence[Row],
    truth: pd.DataFrame,
    folds: Folds,
) -> HeldOutPredictions:
    """Return predictions for the training rows: each fold is answered by a fit on others.

    Parameters
    ----------
    X, rows
        The same rows, as passed to ``fit`` and as a caller would send them.

    Raises
    ------
    PublishingRefused
        A part of the estimator is frozen, or the estimator cannot be refitted.
    """
    _require_unfrozen(estimator)
    _require_at_most_once(folds.splits, len(rows))
    table = as_taken(X, inspected.facts.takes)
    target = truth.iloc[:, 0] if len(truth.columns) == 1 else truth
    try:
        fitted = [
            (clone(estimator).fit(_taken(table, train), target.iloc[train].to_numpy()), test)
            for train, test in folds.splits
        ]
    except Exception as error:  # an estimator may raise anything at all
        raise PublishingRefused(f"The estimator cannot be refitted on folds: {error}") from error
    measured = np.sort(np.concatenate([test for _, test in folds.splits]))
    left_out = len(rows) - len(measured)
    detail = f"{folds.how}; the served model was fitted on all {len(rows):,} rows."
    if left_out:
        detail += f" {left_out:,} rows were not predicted: no fit was without them."
    return HeldOutPredictions(
        inspected,
        [rows[place] for place in measured.tolist()],
        truth.iloc[measured].reset_index(drop=True),
        [
            _aligned((estimator, np.searchsorted(measured, test)), inspected)
            for estimator, test in fitted
        ],
        folds.method,
        detail + _repeated(X, folds.splits),
        _last_known(folds, truth, measured),
    )


def _last_known(folds: Folds, truth: pd.DataFrame, measured: Places) -> NDArray[np.float64] | None:
    if folds.method != "time-ordered" or not is_numeric_dtype(truth.iloc[:, 0]):
        return None
    outcome = truth.iloc[:, 0].to_numpy(dtype=np.float64)
    last = np.empty(len(outcome))
    for train, test in folds.splits:
        last[test] = outcome[train[-1]]
    return last[measured]


def _repeated(X: pd.DataFrame, splits: Sequence[tuple[Places, Places]]) -> str:
    """Return a sentence on rows whose fit saw the same inputs; nothing if there are none."""
    hashes = pd.util.hash_pandas_object(X.astype(str), index=False).to_numpy()
    seen = sum(int(np.isin(hashes[test], hashes[train]).sum()) for train, test in splits)
    if not seen:
        return ""
    share = seen / sum(len(test) for _, test in splits)
    return f" {share:.1%} of the predicted rows have the same inputs as a row of their fit."


def _taken(table: Any, places: Places) -> Any:  # noqa: ANN401 - a frame, an array or a list
    if isinstance(table, pd.DataFrame):
        return table.iloc[places]
    return [table[place] for place in places] if isinstance(table, list) else table[places]


def _require_unfrozen(estimator: Any) -> None:  # noqa: ANN401
    params = estimator.get_params(deep=True).values() if hasattr(estimator, "get_params") else ()
    if any(isinstance(value, FrozenEstimator) or value == "prefit" for value in _plain(params)):
        raise PublishingRefused(
            "A part of the estimator is frozen, so on folds it would predict rows that it has "
            "seen. Measure on held-out rows instead."
        )


def _plain(values: Any) -> list[Any]:  # noqa: ANN401
    """Return the values that can be compared without comparing their elements."""
    return [value for value in values if isinstance(value, (str, FrozenEstimator))]


def _require_at_most_once(splits: Sequence[tuple[Places, Places]], count: int) -> None:
    places = [test for _, test in splits]
    if not places or (np.bincount(np.concatenate(places), minlength=count) > 1).any():
        raise PublishingRefused(
            "Expected folds that predict each row once at most, such as those of KFold."
        )


def _aligned(part: tuple[Any, Places], inspected: Inspected) -> tuple[Any, Places]:
    """Refuse a fold that lacks a class: its probabilities would be in other columns."""
    estimator, _ = part
    output = inspected.signature.output
    known = getattr(estimator, "classes_", None)
    if isinstance(output, ClassOutput) and known is not None:
        classes = [outcome.value for outcome in output.classes]
        if np.asarray(known).tolist() != classes:
            raise PublishingRefused(
                "A fold lacks one of the classes. Use fewer folds, or measure on held-out rows."
            )
    return part


def _some(outcomes: Outcomes, start: int, end: int) -> Outcomes:
    """Return a slice of the outcomes."""
    return Outcomes(
        values=outcomes.values and outcomes.values[start:end],
        classes=outcomes.classes and outcomes.classes[start:end],
        probabilities=outcomes.probabilities and outcomes.probabilities[start:end],
        scores=outcomes.scores and outcomes.scores[start:end],
        parts=outcomes.parts and [_some(part, start, end) for part in outcomes.parts],
    )


def _in_places(answered: Sequence[tuple[Outcomes, Places]]) -> Outcomes:
    """Put the outcomes of all parts into the order of the rows."""
    order = np.argsort(np.concatenate([places for _, places in answered])).tolist()

    def joined(name: str) -> Any:  # noqa: ANN401 - a list, or None
        lists = [getattr(outcomes, name) for outcomes, _ in answered]
        if lists[0] is None:
            return None
        together = [each for some in lists for each in some]
        return [together[place] for place in order]

    first = answered[0][0]
    return Outcomes(
        values=joined("values"),
        classes=joined("classes"),
        probabilities=joined("probabilities"),
        scores=joined("scores"),
        parts=first.parts
        and [
            _in_places([((outcomes.parts or ())[at], places) for outcomes, places in answered])
            for at in range(len(first.parts))
        ],
    )


def is_measured(output: Output) -> bool:
    """Return whether predictions can be compared with true outcomes."""
    return isinstance(output, (ClassificationOutput, RegressionOutput, MultiOutput))
