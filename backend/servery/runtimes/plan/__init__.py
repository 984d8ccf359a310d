"""The plan: a model's fitted parameters as arrays and tables, evaluated directly.

It needs neither the estimator nor its library. A plan is served only after it was shown to answer
as the estimator does; see `servery.compiling.verification`.
"""

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, get_args

import msgspec
import numpy as np

from servery.errors import CompiledUnreadable
from servery.runtimes import Coalitions, Floats, Outcomes
from servery.runtimes.columns import Column, ColumnOutcomes, as_columns
from servery.runtimes.columns import Columns as GivenColumns
from servery.runtimes.plan.arrays import read_arrays
from servery.runtimes.plan.checks import (
    InvalidStep,
    require,
    require_number,
    require_places,
    require_step,
)
from servery.runtimes.plan.coalitions import ColumnCoalitions
from servery.runtimes.plan.predictor import Predictor
from servery.runtimes.plan.step import Columns, Step, pack, unpack
from servery.runtimes.plan.steps.scores import FromScores
from servery.runtimes.plan.steps.words import Words
from servery.signature import ClassOutput, Row, Signature

#: What the figures of the predictor are, which decides how they give a class. Scores that are votes
#: give the first of the classes with the most, however clear they are.
Gives: TypeAlias = Literal["value", "probabilities", "scores", "votes"]
TREE = "tree"
#: Changes whenever older plans would be misread.
FORMAT = 1


@dataclass
class Plan(Step):
    """A predictor and how its figures become an answer.

    Attributes
    ----------
    threshold, positive
        The probability from which the class ``positive`` is predicted, if there is one.
    """

    predictor: Predictor
    gives: Gives
    threshold: float | None = None
    positive: int = 1

    def save(self) -> bytes:
        """Return the plan as one file of plain arrays, without a pickle."""
        arrays: dict[str, Any] = {}
        tree = msgspec.json.encode({"format": FORMAT, "plan": pack(self, arrays)})
        arrays[TREE] = np.frombuffer(tree, dtype=np.uint8)
        sink = io.BytesIO()
        np.savez_compressed(sink, **arrays)
        return sink.getvalue()

    @classmethod
    def load(cls, data: bytes) -> "Plan":
        """Return the plan that `save` wrote.

        Raises
        ------
        CompiledUnreadable
            It was written by another Servery, is not a plan, or could harm the process.
        """
        try:
            arrays = read_arrays(data)
            tree = msgspec.json.decode(arrays.pop(TREE).tobytes())
            if tree["format"] != FORMAT:
                raise CompiledUnreadable("Another Servery compiled it; publish the version again.")
            plan = unpack(tree["plan"], arrays)
            require(not arrays, "arrays that belong to no step")
            require_step(plan, cls, "a plan")
        except CompiledUnreadable:
            raise
        except InvalidStep as error:
            raise CompiledUnreadable(f"{error} Publish the version again.") from error
        except Exception as error:  # bytes that are not a plan make their readers raise anything
            raise CompiledUnreadable("It cannot be read; publish the version again.") from error
        return plan  # type: ignore[no-any-return] # a step of this class

    def check(self) -> None:
        """Refuse figures that do not make an answer, and too much work for one row."""
        require_step(self.predictor, Predictor, "a predictor")
        require(self.gives in get_args(Gives), "an unknown kind of answer")
        require(self.gives != "value" or self.predictor.count == 1, "a wrong number of quantities")
        if self.threshold is not None:
            require_number(self.threshold, "a threshold")
            require(self.gives == "probabilities", "a threshold without probabilities")
            require(self.predictor.count == 2, "a threshold of other than two classes")
        require_places([self.positive], 0, 2, "classes")
        work = sum(part.work for part in self.walk())
        require(work <= MOST_WORK, "too much work for one row")

    def require_fit(self, signature: Signature) -> None:
        """Refuse a plan of other inputs or another output than those of a signature.

        Raises
        ------
        CompiledUnreadable
            Says what does not fit.
        """
        try:
            for part in self.walk():
                part.require_inputs(signature.inputs)
            classes = signature.output.classes if isinstance(signature.output, ClassOutput) else ()
            expected = 1 if self.gives == "value" else len(classes)
            require(bool(classes) == (self.gives != "value"), "another kind of answer")
            require(self.predictor.count == expected, "a wrong number of classes")
        except InvalidStep as error:
            raise CompiledUnreadable(f"{error} Publish the version again.") from error


#: Up to so many rows, a plan works row by row instead of on arrays, if nothing was measured.
FEW = 16
#: If row by row is still faster for so many rows, it is used for any number.
MOST_TRIED = 512
#: Nodes of trees that are visited for one row.
MOST_WORK = 1 << 24
NOT_FINITE = "a figure that is not finite"


def _vocabulary(plan: Plan) -> Words | None:
    """Return the step that looks up the words of a text, else one that looks up letters."""
    found = [step for step in plan.walk() if isinstance(step, Words)]
    return next(iter([step for step in found if step.analyzer == "word"] or found), None)


class PlanRuntime:
    """Predicts by a plan: few rows on plain values, many on arrays.

    Parameters
    ----------
    row_by_row
        Up to how many rows it is faster row by row, `MOST_TRIED` for any number; 0 if not measured.
    """

    name = "plan"
    is_caged = False
    set_aside = None

    def __init__(self, plan: Plan, signature: Signature, row_by_row: int = 0) -> None:
        plan.require_fit(signature)
        self._plan = plan
        last = plan.predictor if plan.threshold is None else None
        self._by = last if isinstance(last, FromScores) and last.by_scores else None
        texts = sum(item.is_free_text for item in signature.inputs)
        self._words = _vocabulary(plan) if texts == 1 else None
        if self._words is not None:
            self._words.keep_shares()
        self._is_number = [item.storage != "object" for item in signature.inputs]
        few = row_by_row or (FEW if self._words is None else MOST_TRIED)
        self._few = few if few < MOST_TRIED else math.inf

    def predict(self, rows: Sequence[Row]) -> Outcomes:
        """Predict parsed rows; the class is chosen as the estimator chooses it.

        Raises
        ------
        ValueError
            A figure is not finite: the estimator would refuse the row, or answer nothing of use.
        """
        predictor = self._plan.predictor
        if self._by is not None:
            return self._by_scores(self._by, rows)
        figures = self._figures(predictor, rows)
        if self._plan.gives == "value":
            values = [row[0] for row in figures]
            return Outcomes(values=values, known_words=self._known_words(rows))
        chosen = [self._chosen(row) for row in figures]
        known = self._known_words(rows)
        if self._plan.gives == "probabilities":
            return Outcomes(classes=chosen, probabilities=figures, known_words=known)
        return Outcomes(classes=chosen, scores=figures, known_words=known)

    def figures(self, coalitions: Coalitions) -> Floats:
        """Predict mixed rows without making them, where each feature hangs on one input.

        Raises
        ------
        ValueError
            As `predict` does.
        """
        table = self._plan.predictor.rows(
            ColumnCoalitions(self._columns(coalitions.donors), coalitions.source)
        )
        if self._words is not None:
            self._words.forget_shares()
        if not np.isfinite(table).all():
            raise ValueError(NOT_FINITE)
        return table

    def predict_columns(self, columns: GivenColumns) -> ColumnOutcomes:
        """Predict many parsed rows on arrays.

        Raises
        ------
        ValueError
            As `predict` does.
        """
        if self._few == math.inf:
            return as_columns(self.predict(list(zip(*map(_values, columns), strict=True))))
        outcomes = self._predicted_columns(columns)
        shares = self._known_words(zip(*columns, strict=True))
        return outcomes if shares is None else replace(outcomes, known_words=np.array(shares))

    def _predicted_columns(self, columns: GivenColumns) -> ColumnOutcomes:
        plan = self._plan
        predictor = self._by.inner if self._by is not None else plan.predictor
        figures = np.asarray(predictor.rows(list(columns)))
        if not np.isfinite(figures).all():
            raise ValueError(NOT_FINITE)
        if self._by is not None:
            return ColumnOutcomes(
                classes=self._by.classes_of(figures), probabilities=self._by.rows_from(figures)
            )
        if plan.gives == "value":
            return ColumnOutcomes(values=figures[:, 0])
        if plan.threshold is not None:
            hit = figures[:, plan.positive] >= plan.threshold
            classes = np.where(hit, plan.positive, 1 - plan.positive)
        else:
            compared = np.rint(figures) if plan.gives == "votes" else figures
            classes = compared.argmax(axis=1)  # of equals the first, as for one row
        if plan.gives == "probabilities":
            return ColumnOutcomes(classes=classes, probabilities=figures)
        return ColumnOutcomes(classes=classes, scores=figures)

    def _figures(self, predictor: Predictor, rows: Sequence[Row]) -> list[list[float]]:
        if len(rows) > self._few:
            table = predictor.rows(self._columns(rows))
            if not np.isfinite(table).all():
                raise ValueError(NOT_FINITE)
            return table.tolist()  # type: ignore[no-any-return]
        figures = [predictor.row(row) for row in rows]
        for row in figures:
            for figure in row:
                if figure - figure != 0.0:  # infinite, or no number
                    raise ValueError(NOT_FINITE)
        return figures

    def _by_scores(self, predictor: FromScores, rows: Sequence[Row]) -> Outcomes:
        scores = self._figures(predictor.inner, rows)
        if len(rows) <= self._few:
            probabilities = [predictor.row_from(row) for row in scores]
        else:
            probabilities = predictor.rows_from(np.array(scores)).tolist()
        return Outcomes(
            classes=[predictor.class_of(row) for row in scores],
            probabilities=probabilities,
            known_words=self._known_words(rows),
        )

    def _known_words(self, rows: Iterable[Sequence[Any]]) -> list[float] | None:
        """Return the share of known words of each row that was just predicted."""
        words = self._words
        return None if words is None else [words.known_share(row) for row in rows]

    def _chosen(self, figures: Sequence[float]) -> int:
        plan = self._plan
        if plan.threshold is not None:
            hit = figures[plan.positive] >= plan.threshold
            return plan.positive if hit else 1 - plan.positive
        if plan.gives == "votes":
            figures = list(map(round, figures))
        if len(figures) == 2:
            return int(figures[1] > figures[0])
        return figures.index(max(figures))

    def _columns(self, rows: Sequence[Row]) -> Columns:
        return [
            np.array(column, dtype=np.float64 if is_number else object)
            for column, is_number in zip(zip(*rows, strict=True), self._is_number, strict=True)
        ]


def _values(column: Column) -> list[Any]:
    """Return the values of a column as rows have them: None for what is missing."""
    values: list[Any] = column.tolist()
    if column.dtype == object or not np.isnan(column).any():
        return values
    return [None if value != value else value for value in values]
