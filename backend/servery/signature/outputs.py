"""What comes out of a model: its task, and the words of each outcome."""

from typing import Literal, TypeAlias

import msgspec

from servery.inputs import NumberStats, Scalar

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


class ClassOutput(OutputBase, frozen=True, kw_only=True):
    """One of ``classes``, in the order of the estimator's own ``classes_``.

    ``probabilities`` and ``scores`` say whether the estimator tells the one or the other; scores
    are the values of its decision function, in no unit.
    """

    classes: tuple[OutcomeClass, ...]
    probabilities: bool = True
    scores: bool = False
    threshold: Threshold | None = None


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

    def band(self, prediction: float) -> Band | None:
        """Return the band that a prediction lies in."""
        for band in self.bands:
            if band.below is None or prediction < band.below:
                return band
        return None


class MultiOutput(OutputBase, frozen=True, kw_only=True, tag="multi-output"):
    """Several answers at once: one part for each column of the target, in its order."""

    outputs: tuple[ClassificationOutput | RegressionOutput, ...]


SingleOutput: TypeAlias = ClassificationOutput | ClusteringOutput | OutlierOutput | RegressionOutput
Output: TypeAlias = SingleOutput | MultiOutput
