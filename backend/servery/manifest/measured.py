"""What was measured on rows that the fit did not see: figures, and what plots are drawn from."""

from typing import Literal

import msgspec

from servery.inputs import Scalar


class Facts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Root of everything in a manifest: an unknown field is refused, never dropped."""


class Metric(Facts, frozen=True, kw_only=True):
    """One measured figure; ``meaning`` is one sentence that a non-specialist understands.

    Attributes
    ----------
    low, high
        The ends of its 95% interval, by resampling the rows; None where that gives none. That of
        the accuracy of rows that are all right, or all wrong, is Wilson's.
    baseline
        The same figure without a model: of always predicting the most frequent class, or the mean.
    """

    name: str
    label: str
    value: float
    low: float | None = None
    high: float | None = None
    baseline: float | None = None
    unit: str | None = None
    meaning: str = ""


class Rate(Facts, frozen=True, kw_only=True):
    """One share, 0 to 1, within a group of rows.

    Attributes
    ----------
    value
        None if it was not measured, because the group has no row that counts for it.
    rows
        The rows that count for it; None in versions that did not state it.
    low, high
        The ends of its 95% interval.
    """

    name: str
    label: str
    value: float | None
    rows: int | None = None
    low: float | None = None
    high: float | None = None


class GroupRow(Facts, frozen=True, kw_only=True):
    """The rates among the ``rows`` where the group's input has this ``value``; None: missing."""

    value: Scalar | None
    rows: int
    rates: list[Rate]


class Gap(Facts, frozen=True, kw_only=True):
    """The largest difference of one rate between two groups, with its 95% interval.

    ``most`` and ``least`` are the groups with the highest and the lowest rate.
    """

    name: str
    label: str
    value: float
    low: float
    high: float
    most: Scalar | None
    least: Scalar | None


class Group(Facts, frozen=True, kw_only=True):
    """Error rates by the values of one input, or of two together.

    Attributes
    ----------
    inputs
        The names of both inputs; empty if there is one, which ``input`` names.
    gaps
        Of each rate, between groups with enough rows for it.
    """

    input: str
    inputs: list[str] = []
    rows: list[GroupRow]
    gaps: list[Gap] = []


class GroupErrorRow(Facts, frozen=True, kw_only=True):
    """The errors of a quantity where the group's input has this ``value``; None: missing.

    Attributes
    ----------
    mae
        The mean absolute error.
    bias, low, high
        The mean of predicted less actual, and its 95% interval; None for a single row.
    """

    value: Scalar | None
    rows: int
    mae: float
    bias: float
    low: float | None
    high: float | None


class GroupErrors(Facts, frozen=True, kw_only=True):
    """Errors of a quantity by the values of one input."""

    input: str
    rows: list[GroupErrorRow]


class ClassFigures(Facts, frozen=True, kw_only=True):
    """How well one class of several is recognised.

    Attributes
    ----------
    rows, called
        How many rows are of the class, and how many were predicted as it.
    precision, recall
        The share of the predicted, and of the actual, that is right; None if there are none.
    """

    class_: Scalar = msgspec.field(name="class")
    rows: int
    called: int
    precision: float | None
    recall: float | None


class Metrics(Facts, frozen=True, kw_only=True):
    """What was measured on rows that the fit did not see.

    Attributes
    ----------
    method, detail
        How the rows were kept unseen, as a word and as a sentence.
    rows
        How many rows the figures stand on.
    remarks
        Sentences on where the model is not shown to be better than a baseline.
    classes
        Figures of each class, if there are more than two.
    """

    method: Literal["held-out", "cross-validated", "leave-one-out", "time-ordered", "grouped"]
    detail: str
    rows: int
    values: list[Metric]
    remarks: list[str] = []
    classes: list[ClassFigures] = []
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
    """How much the metric falls when the values of an input are shuffled between the rows.

    ``standard_error`` covers other shuffles and, since it is stated, other rows.
    """

    input: str
    importance: float
    standard_error: float


class Correlated(Facts, frozen=True, kw_only=True):
    """Two inputs whose values go together, from 0 (not at all) to 1 (one follows the other)."""

    inputs: tuple[str, str]
    association: float


class Importance(Facts, frozen=True, kw_only=True):
    """The inputs by their importance for a ``metric``, the largest first.

    Attributes
    ----------
    correlated
        Pairs of inputs that can stand in for each other, the most strongly associated first.
    """

    metric: str
    rows: int
    repeats: int
    inputs: list[InputImportance]
    correlated: list[Correlated] = []


class Evaluation(Facts, frozen=True, kw_only=True):
    """What plots are drawn from; None for what does not apply."""

    confusion: Confusion | None = None
    thresholds: Thresholds | None = None
    calibration: Calibration | None = None
    residuals: Residuals | None = None
    importance: Importance | None = None
