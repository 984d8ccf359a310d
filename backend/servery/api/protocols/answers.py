"""What a model answers to the instances of one request, in the parts that protocols carry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from servery.errors import NotSupported
from servery.inputs import InputWarning, Scalar, is_unlike_training
from servery.predict_many import outcomes_of
from servery.runtimes import Outcomes
from servery.runtimes.columns import ColumnOutcomes
from servery.served import ServedModel
from servery.signature import ClassOutput, Instances, MultiOutput, RegressionOutput, SingleOutput

Floats: TypeAlias = NDArray[np.float64]
WARNINGS = "Servery-Warnings"
#: Warnings of one reply, where a protocol has room for their words.
MOST_WARNINGS = 100


@dataclass(frozen=True)
class OutputAnswers:
    """The answers of n rows for one output."""

    output: SingleOutput
    outcomes: Outcomes | ColumnOutcomes

    @cached_property
    def predictions(self) -> list[Any]:
        """The class or the number of each row."""
        if isinstance(self.output, ClassOutput):
            values = [each.value for each in self.output.classes]
            return [values[place] for place in np.asarray(self.outcomes.classes).tolist()]
        return list(np.asarray(self.outcomes.values).tolist())

    @property
    def classes(self) -> Sequence[Scalar]:
        """The classes, in the order of `probabilities`; none for a quantity."""
        return (
            [c.value for c in self.output.classes] if isinstance(self.output, ClassOutput) else []
        )

    @property
    def probabilities(self) -> Floats | None:
        """Shape (n, classes); None where the model has none."""
        found = self.outcomes.probabilities
        return None if found is None else np.asarray(found)

    def ranked(self, table: Floats, most: int | None) -> list[list[tuple[Scalar, float]]]:
        """Return the first classes of each row with their figures, highest first."""
        classes = self.classes
        order = np.argsort(-table, axis=1, kind="stable")[:, :most]
        return [
            [(classes[place], row[place]) for place in places]
            for row, places in zip(table.tolist(), order.tolist(), strict=True)
        ]


@dataclass(frozen=True)
class Answers:
    """The answers of n rows.

    Attributes
    ----------
    outputs
        One for each output of the model; nearly always there is one.
    warnings
        Of each row, in the order of the request.
    """

    model: ServedModel
    outputs: Sequence[OutputAnswers]
    warnings: Sequence[Sequence[InputWarning]]

    @classmethod
    def of(
        cls, model: ServedModel, instances: Instances, pointer: Callable[[int], str]
    ) -> "Answers":
        """Ask a model; the errors are those of `servery.predict.predict`."""
        output = model.signature.output
        outputs = output.outputs if isinstance(output, MultiOutput) else [output]
        if not instances.rows:
            nothing = Outcomes(values=[], classes=[])
            return cls(model, [OutputAnswers(each, nothing) for each in outputs], [])
        outcomes, warnings = outcomes_of(model, instances, pointer)
        parts = outcomes.parts or [outcomes]
        return cls(model, list(map(OutputAnswers, outputs, parts)), warnings)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.warnings)

    def predictions(self) -> list[Any]:
        """Return the prediction of each row; of several outputs, an object by their names."""
        if not isinstance(self.model.signature.output, MultiOutput):
            return self.outputs[0].predictions
        names = [each.output.name for each in self.outputs]
        columns = [each.predictions for each in self.outputs]
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]

    def ranked(self, most: int | None = None) -> list[list[tuple[Scalar, float]]]:
        """Return the first classes of each row with their probabilities, most likely first.

        Raises
        ------
        NotSupported
            The model has no probabilities, or several outputs.
        """
        first, *others = self.outputs
        if others:
            raise NotSupported(f"Model {self.model.name!r} has several outputs.")
        if not len(self):
            return []
        if first.probabilities is None:
            raise NotSupported(f"Model {self.model.name!r} has no probabilities.")
        return first.ranked(first.probabilities, most)

    @cached_property
    def warned(self) -> int:
        """How many rows have a warning."""
        return sum(map(bool, self.warnings))

    def headers(self) -> list[tuple[str, str]]:
        """Return the header that says how many rows have a warning; none where none has."""
        warned = self.warned
        return [(WARNINGS, str(warned))] if warned else []

    def first_warnings(self) -> list[dict[str, Any]]:
        """Return the first warnings, each with the place of its row."""
        found: list[dict[str, Any]] = []
        for row, warned in enumerate(self.warnings):
            for each in warned:
                facts = {"input": each.input, "code": each.code, "detail": each.detail}
                found.append({"row": row, **facts})
            if len(found) >= MOST_WARNINGS:
                break
        return found[:MOST_WARNINGS]

    def intervals(self) -> tuple[list[float | None], list[float | None]] | None:
        """Return both ends of the interval of each row, as far as one is known.

        None where the model has no intervals; a row that is unlike those of training has none.
        """
        output, measured = self.model.signature.output, self.model.manifest.intervals
        if measured is None or not isinstance(output, RegressionOutput) or not len(self):
            return None
        ends = measured.around_many(np.asarray(self.outputs[0].outcomes.values))
        unlike = [bool(each) and is_unlike_training(each) for each in self.warnings]
        low, high = (
            [
                None if odd else end
                for odd, end in zip(unlike, output.within(each).tolist(), strict=True)
            ]
            for each in ends
        )
        return low, high
