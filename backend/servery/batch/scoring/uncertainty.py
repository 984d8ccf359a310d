"""How sure the answers for a table are, by what the version measured when it was published."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from servery.batch.parsing import ParsedBlock
from servery.inputs import Scalar
from servery.manifest import FEWEST_KNOWN_WORDS
from servery.predict import enough_known_words, unknown_words, unusual_combination
from servery.runtimes.columns import ColumnOutcomes
from servery.signature import ClassOutput, RegressionOutput, Signature
from servery.uncertainty import AnswerReliability, ChowLiuTree, Intervals, PredictionSets

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
#: Some rows, and what the model says of them.
Piece = tuple[Places, ColumnOutcomes]
#: Some sets of classes, most likely first, and which of them each of n rows has.
Sets = tuple[Sequence[tuple[Scalar, ...]], Places]
#: Some shares of how many rows each, and which of them each of n rows has; -1 for none.
Shares = tuple[Sequence[tuple[float, int]], Places]


class Uncertainty(Protocol):
    """The uncertainty of each answer."""

    @property
    def has_intervals(self) -> bool:
        """Whether quantities have an interval."""
        ...

    @property
    def has_sets(self) -> bool:
        """Whether classes have a prediction set."""
        ...

    @property
    def has_reliability(self) -> bool:
        """Whether it is known how often classes are right."""
        ...

    def ends(self, output: RegressionOutput, outcomes: ColumnOutcomes) -> tuple[Floats, Floats]:
        """Return both ends of the interval of each quantity; NaN where there is none."""
        ...

    def sets(self, output: ClassOutput, outcomes: ColumnOutcomes) -> Sets:
        """Return the prediction sets, and which of them each row has."""
        ...

    def reliability(self, outcomes: ColumnOutcomes) -> Shares:
        """Return how often such answers were right, and of how many rows."""
        ...

    def warn(self, signature: Signature, parsed: ParsedBlock, pieces: Sequence[Piece]) -> None:
        """Warn of rows whose values hardly occur together, and are not odd by themselves."""
        ...


@dataclass(frozen=True, slots=True)
class MeasuredUncertainty:
    """What a version measured when it was published; None for what it did not."""

    intervals: Intervals | None = None
    prediction_sets: PredictionSets | None = None
    answers: AnswerReliability | None = None
    anomaly: ChowLiuTree | None = None
    fewest_known_words: float = FEWEST_KNOWN_WORDS

    @property
    def has_intervals(self) -> bool:
        """Whether quantities have an interval."""
        return self.intervals is not None

    @property
    def has_sets(self) -> bool:
        """Whether classes have a prediction set."""
        return self.prediction_sets is not None

    @property
    def has_reliability(self) -> bool:
        """Whether it is known how often classes are right."""
        return self.answers is not None

    def ends(self, output: RegressionOutput, outcomes: ColumnOutcomes) -> tuple[Floats, Floats]:
        """Return both ends, within what the quantity cannot go beyond."""
        if self.intervals is None or outcomes.values is None:
            raise ValueError("a version without intervals")
        low, high = self.intervals.around_many(outcomes.values)
        return output.within(low), output.within(high)

    def sets(self, output: ClassOutput, outcomes: ColumnOutcomes) -> Sets:
        """Return the sets, each of them once."""
        sets, classes, sure = self.prediction_sets, outcomes.classes, outcomes.probabilities
        if sets is None or classes is None or sure is None:
            raise ValueError("a version without prediction sets")
        distinct, which = sets.sets_for(classes, sure)
        values = [each.value for each in output.classes]
        return [tuple(values[at] for at in places) for places in distinct], which

    def reliability(self, outcomes: ColumnOutcomes) -> Shares:
        """Look the answers up among those that were measured."""
        if self.answers is None or outcomes.classes is None:
            raise ValueError("a version without reliability")
        bands = [(each.share, each.rows) for each in self.answers.bands]
        return bands, self.answers.bands_of_rows(outcomes.classes, outcomes.probabilities)

    def warn(self, signature: Signature, parsed: ParsedBlock, pieces: Sequence[Piece]) -> None:
        """Look the values of all rows up."""
        self._warn_of_combinations(signature, parsed)
        for rows, outcomes in pieces:
            if outcomes.known_words is None:
                continue
            enough = enough_known_words(self.fewest_known_words)
            for place in np.flatnonzero(outcomes.known_words < enough).tolist():
                warned = unknown_words(signature, float(outcomes.known_words[place]))
                row = int(rows[place])
                parsed.warnings[row] = [*parsed.warnings.get(row, ()), warned]

    def _warn_of_combinations(self, signature: Signature, parsed: ParsedBlock) -> None:
        tree, columns = self.anomaly, parsed.columns
        if tree is None or not len(columns[0]):
            return
        held = [
            _with_none(column) if item.storage == "bool" else column
            for item, column in zip(signature.inputs, columns, strict=True)
        ]
        for row, found in tree.anomalies(held).items():
            if row not in parsed.faults and row not in parsed.warnings:
                parsed.warnings[row] = [unusual_combination(signature, tree, found)]


#: Of each of several outputs, no more is known than the answer itself.
NOTHING = MeasuredUncertainty()


def _with_none(column: Any) -> Any:  # noqa: ANN401
    """Return true and false as such, and None for what is missing."""
    return np.array([_plain(value) for value in column.tolist()], dtype=object)


def _plain(value: Any) -> Any:  # noqa: ANN401
    return None if value is None or value != value else value
