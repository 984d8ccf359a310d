"""What comes out of a model: its task, and the words of each outcome."""

from typing import Literal, TypeAlias

import msgspec

from servery.signature.inputs import Scalar
from servery.signature.seen import NumberSeen

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


class ClassificationOutput(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="task",
    tag="classification",
    forbid_unknown_fields=True,
):
    """One of ``classes``, in the order of the estimator's own ``classes_``."""

    label: str
    classes: tuple[OutcomeClass, ...]
    probabilities: bool = True
    threshold: Threshold | None = None

    @property
    def task(self) -> str:
        """The kind of question that the model answers."""
        return "classification"


class Band(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words for predictions ``below`` a number; the last band has no upper end."""

    label: str
    below: float | None = None
    tone: Tone = "neutral"
    picture: str | None = None
    message: str | None = None


class RegressionOutput(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="task",
    tag="regression",
    forbid_unknown_fields=True,
):
    """A quantity called ``name`` in the data; ``decimals`` is how many a person is shown."""

    label: str
    name: str
    unit: str | None = None
    decimals: int | None = None
    seen: NumberSeen | None = None
    bands: tuple[Band, ...] = ()

    @property
    def task(self) -> str:
        """The kind of question that the model answers."""
        return "regression"

    def band(self, prediction: float) -> Band | None:
        """Return the band that a prediction lies in."""
        for band in self.bands:
            if band.below is None or prediction < band.below:
                return band
        return None


Output: TypeAlias = ClassificationOutput | RegressionOutput
