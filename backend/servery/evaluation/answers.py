"""Answers beside what came true, as arrays: what figures and plots of every kind are made from."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servery.runtimes import Outcomes
from servery.signature import ClassificationOutput
from servery.uncertainty.folds import Flags, Floats, Places


@dataclass(frozen=True)
class ClassAnswers:
    """The classes of rows, by their places, and what was answered.

    Attributes
    ----------
    true, called
        The class that came true, and the one that was predicted.
    probability
        Of the positive class, if there are two.
    of_true, of_called
        The probabilities of both classes, if there are any.
    """

    output: ClassificationOutput
    true: Places
    called: Places
    probability: Floats | None = None
    of_true: Floats | None = None
    of_called: Floats | None = None

    @classmethod
    def of(
        cls, output: ClassificationOutput, truth: NDArray[Any], outcomes: Outcomes
    ) -> "ClassAnswers":
        """Return the answers for rows with known outcomes."""
        true, called = true_places(output, truth), np.asarray(outcomes.classes, dtype=np.intp)
        if outcomes.probabilities is None:
            return cls(output, true, called)
        probabilities = np.asarray(outcomes.probabilities)
        rows = np.arange(len(true))
        return cls(
            output,
            true,
            called,
            probabilities[:, positive_class(output)] if len(output.classes) == 2 else None,
            probabilities[rows, true],
            probabilities[rows, called],
        )

    @cached_property
    def hit(self) -> Flags:
        """Which rows are of the positive class."""
        flags: Flags = self.true == positive_class(self.output)
        return flags

    @property
    def is_binary(self) -> bool:
        """Whether there are two classes with probabilities, and rows of both."""
        return self.probability is not None and bool(self.hit.any()) and not self.hit.all()


def positive_class(output: ClassificationOutput) -> int:
    """Return the position of the class with the threshold, or of the second class."""
    if output.threshold is None:
        return 1
    return [outcome.value for outcome in output.classes].index(output.threshold.class_)


def true_places(output: ClassificationOutput, truth: NDArray[Any]) -> Places:
    """Return the position of each row's true class."""
    place = {str(outcome.value): number for number, outcome in enumerate(output.classes)}
    return np.array([place[str(value)] for value in truth.tolist()], dtype=np.intp)
