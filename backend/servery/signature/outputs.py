"""What comes out of a model: its task, and the words of each outcome."""

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.inputs import NumberStats, Scalar
from servery.inputs.base import python_value
from servery.inputs.number import number_of

#: How tables write true and false.
TRUTHS = {"true": True, "false": False}
Tone: TypeAlias = Literal["positive", "negative", "neutral", "caution"]


class OutcomeClass(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One class: its value, and the label, tone, picture and message that people see."""

    value: Scalar
    label: str
    tone: Tone = "neutral"
    picture: str | None = None
    message: str | None = None


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``class_`` is predicted when its probability reaches ``value``; for two classes."""

    class_: Scalar = msgspec.field(name="class")
    value: float


class OutputBase(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="task", forbid_unknown_fields=True
):
    """What outputs of every task have: ``name`` is the data's, ``label`` what people read."""

    label: str
    name: str = "prediction"

    @property
    def task(self) -> str:
        """The kind of question that the model answers."""
        return str(self.__struct_config__.tag)

    def outcome(self, raw: object) -> Scalar | None:
        """Return a true outcome, however a table writes it; None where it cannot be one."""
        raise NotImplementedError


class ClassOutput(OutputBase, frozen=True, kw_only=True):
    """One of ``classes``, in the order of the estimator's own ``classes_``.

    ``probabilities`` and ``scores`` say whether the estimator has the one or the other; scores
    are the values of its decision function, in no unit.
    """

    classes: tuple[OutcomeClass, ...]
    probabilities: bool = True
    scores: bool = False
    threshold: Threshold | None = None

    def outcome(self, raw: object) -> Scalar | None:
        """Return the class that a value names: 1 by 1, 1.0, ``"1"`` and True alike."""
        values = [outcome.value for outcome in self.classes]
        for reading in _readings(raw):
            for value in values:
                if value == reading and isinstance(value, str) is isinstance(reading, str):
                    return value
        return None


class ClassificationOutput(ClassOutput, frozen=True, kw_only=True, tag="classification"):
    """One of the classes that the target had."""


class ClusteringOutput(ClassOutput, frozen=True, kw_only=True, tag="clustering"):
    """One of the groups that the estimator found; their numbers have no meaning of their own."""


class OutlierOutput(ClassOutput, frozen=True, kw_only=True, tag="outlier-detection"):
    """Usual (1) or unusual (-1), as scikit-learn's outlier detectors answer."""


class Band(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words for predictions ``below`` a number; the last band has no upper end."""

    label: str
    below: float | None = None
    tone: Tone = "neutral"
    picture: str | None = None
    message: str | None = None


class RegressionOutput(OutputBase, frozen=True, kw_only=True, tag="regression"):
    """A quantity called ``name`` in the data; ``decimals`` is how many a person is shown.

    ``minimum`` and ``maximum`` are what it cannot go beyond, whatever a model says.
    """

    unit: str | None = None
    decimals: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    training_stats: NumberStats | None = None
    bands: tuple[Band, ...] = ()

    def outcome(self, raw: object) -> Scalar | None:
        """Return a finite number."""
        read = number_of(raw) if isinstance(raw, str) else python_value(raw)
        is_number = isinstance(read, (int, float, Decimal)) and math.isfinite(read)
        return float(read) if is_number else None  # type: ignore[arg-type] # a number

    def band(self, prediction: float) -> Band | None:
        """Return the band that a prediction lies in."""
        for band in self.bands:
            if band.below is None or prediction < band.below:
                return band
        return None

    def band_places(self, predictions: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return which band each of n predictions lies in; the number of bands for none.

        The bands of a card ascend.
        """
        ends = [np.inf if band.below is None else band.below for band in self.bands]
        return np.searchsorted(ends, predictions, side="right")

    def within(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return n values, cut at the minimum and maximum."""
        least = -np.inf if self.minimum is None else self.minimum
        most = np.inf if self.maximum is None else self.maximum
        return np.clip(values, least, most)


class MultiOutput(OutputBase, frozen=True, kw_only=True, tag="multi-output"):
    """Several answers at once: one part for each column of the target, in its order."""

    outputs: tuple[ClassificationOutput | RegressionOutput, ...]


def _readings(raw: object) -> Iterator[object]:
    """Go through what an outcome may stand for, the closest first."""
    value = python_value(raw)
    yield value
    if isinstance(value, str):
        bare = value.strip()
        yield bare
        yield number_of(bare)
        yield TRUTHS.get(bare.lower())
    elif isinstance(value, (bool, int, float, Decimal)):
        yield str(value)
        yield str(value).lower()
        if math.isfinite(value) and value == int(value):
            yield str(int(value))
            yield str(float(value))


SingleOutput: TypeAlias = ClassificationOutput | ClusteringOutput | OutlierOutput | RegressionOutput
Output: TypeAlias = SingleOutput | MultiOutput
