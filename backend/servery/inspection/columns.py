"""What the training table tells of each input."""

import warnings
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from servery.card import readable
from servery.errors import PublishingRefused
from servery.inspection.structure import Column
from servery.signature import (
    BooleanInput,
    BooleanSeen,
    Category,
    CategoryInput,
    CategorySeen,
    DateInput,
    DateSeen,
    DatetimeInput,
    Histogram,
    Input,
    IntegerInput,
    Lengths,
    NumberInput,
    NumberSeen,
    Scalar,
    TextInput,
    TextSeen,
)
from servery.signature.seen import QUANTILES

#: Name, label and missingness, which inputs of every type have.
Common: TypeAlias = dict[str, Any]

#: A text column with more different values than this share of its rows holds texts, not categories.
MOST_CATEGORY_SHARE = 0.5
MOST_CATEGORIES = 500
#: Fewer values that all are whole may be so by chance.
MANY = 20
LEAST_BINS = 6
MOST_BINS = 24


def read_column(values: "pd.Series[Any]", column: Column) -> Input:
    """Read one input out of its column of the table, and what the fitted parts know of it.

    Whether missing and unknown values are taken is what training showed; whether the estimator
    can take them is for a probe to say.

    Raises
    ------
    PublishingRefused
        The column is empty, or holds what no input takes.
    """
    present = values.dropna()
    if present.empty:
        raise PublishingRefused(
            f"Column {column.name!r} holds no value at all; leave it out of the fit."
        )
    missing = len(values) - len(present)
    common = {
        "name": column.name,
        "label": readable(column.name),
        # What training never had to handle is refused, even where the estimator would not raise.
        "missing_allowed": missing > 0 or column.expects_missing,
    }
    if column.kind == "text":
        return _text(common, present.astype(str), missing)
    if column.categories is not None and not is_boolean(column.categories):
        return _category(common, _counts(present, column.categories), missing)
    kind = _kind(present, missing)
    if kind is CategoryInput:
        counts = present.value_counts()
        return _category(common, counts[counts > 0], missing)
    return READERS[kind](common, present, missing)


def with_dates(estimator: Any, X: pd.DataFrame) -> pd.DataFrame:  # noqa: ANN401
    """Return a table with its days and times as such, where its estimator takes no texts for them.

    A file of texts has no dates of its own: `2024-02-29` may be a category just as well, so the
    estimator is asked which of the two it takes.
    """
    written = [name for name in X.columns if _is_written_date(X[name])]
    if not written or _takes(estimator, X):
        return X
    dated = X.assign(**{name: pd.to_datetime(X[name]) for name in written})
    return dated if _takes(estimator, dated) else X


def _is_written_date(column: "pd.Series[Any]") -> bool:
    present = column.dropna()
    if present.empty or not present.map(lambda value: isinstance(value, str)).all():
        return False
    return bool(present.str.fullmatch(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?").all())


def _takes(estimator: Any, X: pd.DataFrame) -> bool:  # noqa: ANN401
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # whether it answers is what is asked
            estimator.predict(X.head(1))
    except Exception:  # estimators refuse in many ways
        return False
    return True


def is_boolean(categories: Sequence[Scalar]) -> bool:
    """Return whether categories are true and false and nothing else."""
    return all(isinstance(value, (bool, np.bool_)) for value in categories)


def _counts(present: "pd.Series[Any]", known: Sequence[Scalar]) -> "pd.Series[Any]":
    """Return how often each category that the estimator knows is in the table."""
    counts = present.value_counts()
    return pd.Series([int(counts.get(value, 0)) for value in known], index=list(known))


def number_seen(numbers: "pd.Series[float]", missing: int) -> NumberSeen:
    """Summarise numbers: range, quantiles (linear interpolation) and a histogram."""
    values = numbers.to_numpy(dtype=float)
    return NumberSeen(
        missing=missing,
        minimum=float(values.min()),
        maximum=float(values.max()),
        quantiles=[float(q) for q in np.quantile(values, QUANTILES)],
        histogram=_histogram(values),
    )


def _kind(present: pd.Series, missing: int) -> type[Any]:
    if pd.api.types.is_bool_dtype(present):
        return BooleanInput
    if pd.api.types.is_datetime64_any_dtype(present):
        return DateInput if (present == present.dt.normalize()).all() else DatetimeInput
    if isinstance(present.dtype, pd.CategoricalDtype):
        return CategoryInput
    if pd.api.types.is_numeric_dtype(present):
        return IntegerInput if _is_whole(present, missing) else NumberInput
    if present.map(lambda value: isinstance(value, str)).all():
        few = present.nunique() <= min(MOST_CATEGORIES, max(2, MOST_CATEGORY_SHARE * len(present)))
        return CategoryInput if few else TextInput
    raise PublishingRefused(
        f"Column {str(present.name)!r} holds values that are neither numbers, texts, dates nor "
        "true and false."
    )


def _is_whole(present: pd.Series, missing: int) -> bool:
    # pandas turns whole numbers into floats where one is missing; other floats were measured,
    # and that all of them happen to be whole says little.
    was_whole = pd.api.types.is_integer_dtype(present) or missing > 0
    return was_whole and bool((present == present.round()).all())


def _number(common: Common, present: pd.Series, missing: int) -> Input:
    seen = number_seen(present.astype(float), missing)
    # Whole as far as anybody saw: the form steps so, and takes a fraction all the same.
    step = 1.0 if len(present) >= MANY and (present == present.round()).all() else None
    return NumberInput(**common, seen=seen, step=step, typical=float(f"{present.median():.4g}"))


def _integer(common: Common, present: pd.Series, missing: int) -> Input:
    seen = number_seen(present.astype(float), missing)
    return IntegerInput(**common, seen=seen, typical=round(present.median()))


def _boolean(common: Common, present: pd.Series, missing: int) -> Input:
    true = int(present.sum())
    seen = BooleanSeen(missing=missing, true=true, false=len(present) - true)
    return BooleanInput(**common, seen=seen, typical=seen.true > seen.false)


def _text(common: Common, present: pd.Series, missing: int) -> Input:
    lengths = present.str.len().to_numpy(dtype=float)
    quantiles = [float(q) for q in np.quantile(lengths, QUANTILES)]
    of_texts = Lengths(minimum=int(lengths.min()), maximum=int(lengths.max()), quantiles=quantiles)
    return TextInput(**common, seen=TextSeen(missing=missing, lengths=of_texts))


def _date(common: Common, present: pd.Series, missing: int) -> Input:
    first, middle, last = _moments(present, "%Y-%m-%d")
    seen = DateSeen(missing=missing, minimum=first, maximum=last)
    return DateInput(**common, seen=seen, typical=middle)


def _datetime(common: Common, present: pd.Series, missing: int) -> Input:
    first, middle, last = _moments(present, "%Y-%m-%dT%H:%M:%S")
    seen = DateSeen(missing=missing, minimum=first, maximum=last)
    return DatetimeInput(**common, seen=seen, typical=middle)


def _moments(present: pd.Series, form: str) -> list[str]:
    moments = (present.min(), present.median(), present.max())
    return [moment.strftime(form) for moment in moments]


def _category(common: Common, counts: "pd.Series[Any]", missing: int) -> CategoryInput:
    known = sorted(((scalar(value), int(count)) for value, count in counts.items()), key=order)
    return CategoryInput(
        **common,
        categories=tuple(Category(value, str(value), count) for value, count in known),
        typical=max(known, key=lambda pair: pair[1])[0],
        seen=CategorySeen(missing=missing),
    )


READERS: dict[type[Any], Callable[[Common, pd.Series, int], Input]] = {
    NumberInput: _number,
    IntegerInput: _integer,
    BooleanInput: _boolean,
    TextInput: _text,
    DateInput: _date,
    DatetimeInput: _datetime,
}


def order(pair: tuple[Scalar, int]) -> tuple[str, float, str]:
    """Sort numbers before texts, each among their own."""
    value = pair[0]
    return ("", value, "") if not isinstance(value, str) else ("text", 0.0, value)


def _histogram(values: "np.ndarray[Any, np.dtype[np.float64]]") -> Histogram:
    whole = bool(np.all(values == np.round(values)))
    span = values.max() - values.min()
    if span == 0:
        edges = np.array([values[0] - 0.5, values[0] + 0.5])
    elif whole and span < MOST_BINS:
        edges = np.arange(values.min() - 0.5, values.max() + 1)
    else:
        bins = min(MOST_BINS, max(LEAST_BINS, round(len(values) ** 0.5)))
        edges = np.linspace(values.min(), values.max(), bins + 1)
    counts, _ = np.histogram(values, bins=edges)
    return Histogram(edges=[float(f"{edge:.6g}") for edge in edges], counts=counts.tolist())


def scalar(value: Hashable) -> Scalar:
    """Return a category as the JSON value that names it."""
    plain = value.item() if isinstance(value, np.generic) else value
    if not isinstance(plain, (str, int, float, bool)):
        raise PublishingRefused(f"Expected a text or a number as a category, found {plain!r}.")
    return plain
