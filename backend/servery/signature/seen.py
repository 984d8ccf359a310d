"""What training showed of each input: the small facts behind warnings and the form's strips."""

import msgspec

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


class Seen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every kind of summary holds: ``missing``, the training rows without a value."""

    missing: int = 0


class Histogram(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``counts`` of training rows between neighbouring ``edges``, of which there is one more."""

    edges: list[float]
    counts: list[int]


class NumberSeen(Seen, frozen=True, kw_only=True):
    """Range, the quantiles of ``QUANTILES`` and a histogram, in the unit of the input.

    The last two are empty where only the range is known.
    """

    minimum: float
    maximum: float
    quantiles: list[float] = []
    histogram: Histogram | None = None


class CategorySeen(Seen, frozen=True, kw_only=True):
    """The counts stand beside each category; here is only what was missing."""


class BooleanSeen(Seen, frozen=True, kw_only=True):
    """How many training rows were true, and how many false."""

    true: int
    false: int


class Lengths(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lengths of texts, in characters; ``quantiles`` as `NumberSeen` has them."""

    minimum: int
    maximum: int
    quantiles: list[float]


class TextSeen(Seen, frozen=True, kw_only=True):
    """How long the texts of training were."""

    lengths: Lengths


class DateSeen(Seen, frozen=True, kw_only=True):
    """The first and the last, in ISO 8601."""

    minimum: str
    maximum: str
