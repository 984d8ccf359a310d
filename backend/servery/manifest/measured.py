"""What was measured on rows that the fit did not see: figures, and what plots are drawn from."""

from typing import Literal

import msgspec

from servery.inputs import Scalar


class Facts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Root of everything in a manifest: an unknown field is refused, never dropped."""


class Metric(Facts, frozen=True, kw_only=True):
    """One measured figure; ``meaning`` is one sentence that a non-specialist understands."""

    name: str
    label: str
    value: float
    unit: str | None = None
    meaning: str = ""


class Rate(Facts, frozen=True, kw_only=True):
    """One share, 0 to 1, within a group of rows."""

    name: str
    label: str
    value: float


class GroupRow(Facts, frozen=True, kw_only=True):
    """The rates among the ``rows`` where the group's input has this ``value``."""

    value: Scalar
    rows: int
    rates: list[Rate]


class Group(Facts, frozen=True, kw_only=True):
    """Error rates by the values of one input."""

    input: str
    rows: list[GroupRow]


class Metrics(Facts, frozen=True, kw_only=True):
    """What was measured on rows that the fit did not see.

    Attributes
    ----------
    method, detail
        How the rows were kept unseen, as a word and as a sentence.
    rows
        How many rows the figures stand on.
    """

    method: Literal["held-out", "cross-validated", "leave-one-out", "time-ordered", "grouped"]
    detail: str
    rows: int
    values: list[Metric]
    groups: list[Group] = []


class Confusion(Facts, frozen=True, kw_only=True):
    """How many rows of each true class (the outer list) were called each class."""

    classes: list[Scalar]
    counts: list[list[int]]


class ThresholdPoint(Facts, frozen=True, kw_only=True):
    """Rows called the class from this probability on: rightly, and wrongly."""

    threshold: float
    hits: int
    false_alarms: int


class Thresholds(Facts, frozen=True, kw_only=True):
    """What calling ``class_`` from other probabilities on would do; ``chosen`` is what is served.

    ``positives`` and ``negatives`` count the rows that were of the class, and that were not.
    """

    class_: Scalar = msgspec.field(name="class")
    chosen: float
    positives: int
    negatives: int
    points: list[ThresholdPoint]


class CalibrationBin(Facts, frozen=True, kw_only=True):
    """Rows with a probability from ``low`` to ``high``: the mean of it, and what came true."""

    low: float
    high: float
    predicted: float
    observed: float
    rows: int


class Calibration(Facts, frozen=True, kw_only=True):
    """How often it came true at each probability of ``class_``.

    Where that is None, it is the probability of the class that was named.
    """

    class_: Scalar | None = msgspec.field(name="class")
    bins: list[CalibrationBin]


class ResidualPoint(Facts, frozen=True, kw_only=True):
    """What was predicted for a row, and what came true."""

    predicted: float
    actual: float


class Residuals(Facts, frozen=True, kw_only=True):
    """Some of the ``rows``, evenly spread."""

    rows: int
    points: list[ResidualPoint]


class InputImportance(Facts, frozen=True, kw_only=True):
    """How much the metric falls when the values of an input are shuffled between the rows."""

    input: str
    importance: float
    standard_error: float


class Importance(Facts, frozen=True, kw_only=True):
    """The inputs by their importance for a ``metric``, the largest first."""

    metric: str
    rows: int
    repeats: int
    inputs: list[InputImportance]


class Evaluation(Facts, frozen=True, kw_only=True):
    """What plots are drawn from; None for what does not apply."""

    confusion: Confusion | None = None
    thresholds: Thresholds | None = None
    calibration: Calibration | None = None
    residuals: Residuals | None = None
    importance: Importance | None = None
