"""The plan: a model's fitted parameters as arrays and tables, evaluated directly.

It needs neither the estimator nor its library. A plan is served only after it was shown to answer
as the estimator does; see `servery.compiling.proving`.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import msgspec
import numpy as np

from servery.errors import CompiledUnreadable
from servery.runtimes import Floats, Mix, Outcomes
from servery.runtimes.columns import ColumnOutcomes
from servery.runtimes.columns import Columns as GivenColumns
from servery.runtimes.plan import features, texts, trees  # noqa: F401 - their steps are known by it
from servery.runtimes.plan.mixed import Mixed
from servery.runtimes.plan.predictors import FromScores, Predictor
from servery.runtimes.plan.steps import Columns, Step, pack, unpack
from servery.signature import CategoryInput, Row, Signature, TextInput

#: What the figures of the predictor are, and so how a class is told from them.
Gives: TypeAlias = Literal["value", "probabilities", "scores"]
TREE = "tree"
#: Changes whenever a plan of before would not be read as it was meant.
FORMAT = 1


#: What bytes that are no plan make numpy, zipfile and `unpack` raise.
UNREADABLE = (
    *(AttributeError, EOFError, IndexError, KeyError, OSError, TypeError, ValueError),
    zipfile.BadZipFile,
)


@dataclass
class Plan(Step):
    """A predictor and how its figures become an answer.

    Attributes
    ----------
    threshold, positive
        The probability from which the class ``positive`` is told, where there is one.
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
            It was written by another Servery, or is no plan at all.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                if sum(entry.file_size for entry in packed.infolist()) > MOST_BYTES:
                    raise CompiledUnreadable("It unpacks to more than a plan may hold.")
            with np.load(io.BytesIO(data), allow_pickle=False) as archive:
                arrays = dict(archive)
            tree = msgspec.json.decode(arrays.pop(TREE).tobytes())
            if tree["format"] != FORMAT:
                raise CompiledUnreadable("Another Servery compiled it; publish the version again.")
            plan = unpack(tree["plan"], arrays)
        except UNREADABLE as error:
            raise CompiledUnreadable("It cannot be read; publish the version again.") from error
        if not isinstance(plan, cls):
            raise CompiledUnreadable("It is no plan; publish the version again.")
        return plan


#: Up to so many rows, going through them one by one is quicker than making arrays.
FEW = 4
#: A plan that unpacks to more is not opened.
MOST_BYTES = 1 << 30
NOT_FINITE = "a figure that is not finite"


class PlanRuntime:
    """Predicts by a plan: one row on plain values, many on arrays."""

    name = "plan"
    is_caged = False
    set_aside = None

    def __init__(self, plan: Plan, signature: Signature) -> None:
        self._plan = plan
        told = plan.predictor if plan.threshold is None else None
        self._by = told if isinstance(told, FromScores) and told.by_scores else None
        self._is_number = [
            not isinstance(item, (CategoryInput, TextInput)) for item in signature.inputs
        ]

    def predict(self, rows: Sequence[Row]) -> Outcomes:
        """Predict parsed rows; the class is told as the estimator tells it.

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
            return Outcomes(values=[row[0] for row in figures])
        chosen = [self._chosen(row) for row in figures]
        if self._plan.gives == "probabilities":
            return Outcomes(classes=chosen, probabilities=figures)
        return Outcomes(classes=chosen, scores=figures)

    def figures(self, mix: Mix) -> Floats:
        """Predict mixed rows without making them, where each feature hangs on one input.

        Raises
        ------
        ValueError
            As `predict` does.
        """
        table = self._plan.predictor.many(Mixed(self._columns(mix.donors), mix.source))
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
        plan = self._plan
        predictor = self._by.inner if self._by is not None else plan.predictor
        figures = np.asarray(predictor.many(list(columns)))
        if not np.isfinite(figures).all():
            raise ValueError(NOT_FINITE)
        if self._by is not None:
            return ColumnOutcomes(
                classes=_told(figures, self._by.tie), probabilities=self._by.of_many(figures)
            )
        if plan.gives == "value":
            return ColumnOutcomes(values=figures[:, 0])
        if plan.threshold is not None:
            hit = figures[:, plan.positive] >= plan.threshold
            classes = np.where(hit, plan.positive, 1 - plan.positive)
        else:
            classes = figures.argmax(axis=1)  # of equals the first, as for one row
        if plan.gives == "probabilities":
            return ColumnOutcomes(classes=classes, probabilities=figures)
        return ColumnOutcomes(classes=classes, scores=figures)

    def _figures(self, predictor: Predictor, rows: Sequence[Row]) -> list[list[float]]:
        if len(rows) > FEW:
            table = predictor.many(self._columns(rows))
            if not np.isfinite(table).all():
                raise ValueError(NOT_FINITE)
            return table.tolist()  # type: ignore[no-any-return]
        figures = [predictor.one(row) for row in rows]
        for row in figures:
            for figure in row:
                if figure - figure != 0.0:  # infinite, or no number
                    raise ValueError(NOT_FINITE)
        return figures

    def _by_scores(self, predictor: FromScores, rows: Sequence[Row]) -> Outcomes:
        scores = self._figures(predictor.inner, rows)
        if len(rows) <= FEW:
            probabilities = [predictor.of(row) for row in scores]
        else:
            probabilities = predictor.of_many(np.array(scores)).tolist()
        return Outcomes(
            classes=[predictor.told(row) for row in scores], probabilities=probabilities
        )

    def _chosen(self, figures: Sequence[float]) -> int:
        plan = self._plan
        if plan.threshold is not None:
            hit = figures[plan.positive] >= plan.threshold
            return plan.positive if hit else 1 - plan.positive
        if len(figures) == 2:
            return int(figures[1] > figures[0])
        return figures.index(max(figures))

    def _columns(self, rows: Sequence[Row]) -> Columns:
        return [
            np.array(column, dtype=np.float64 if is_number else object)
            for column, is_number in zip(zip(*rows, strict=True), self._is_number, strict=True)
        ]


def _told(scores: Any, tie: int) -> Any:  # noqa: ANN401 - arrays
    """Return the classes that scores of n rows mean, as `FromScores.told` does for one."""
    if scores.shape[1] == 1:
        return (scores[:, 0] >= 0 if tie else scores[:, 0] > 0).astype(np.intp)
    return scores.argmax(axis=1)
