"""From a row of values to features: cells, and what turns them into more or fewer columns.

Each step does the same for one row, on plain Python values, and for many, on arrays. A step that
can tell its share of a linear score without making the features first says so by `project`.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from servery.runtimes.columns import Coded
from servery.runtimes.plan.checks import (
    is_scalar,
    may_be_code,
    require,
    require_chains,
    require_flags,
    require_floats,
    require_lists,
    require_number,
    require_places,
    require_step,
    require_steps,
)
from servery.runtimes.plan.steps import Columns, Floats, Step
from servery.signature.parsing import MOST_INPUTS

#: What a linear score gets from some columns: of one row, and of many.
One: TypeAlias = Callable[[Sequence[Any]], float]
#: Places in a row.
Places: TypeAlias = NDArray[np.intp]
NAN = float("nan")
#: Features of one column that stands for categories.
MOST_WIDTH = 1 << 24
#: Of one feature in a product.
MOST_POWER = 1_000


class Transform(Step):
    """Makes ``width`` features of the cells of a row."""

    @property
    def width(self) -> int:
        """How many features it makes."""
        raise NotImplementedError

    def are_words(self) -> NDArray[np.bool_]:
        """Return for each feature whether it may be a text."""
        return np.zeros(self.width, dtype=np.bool_)

    def sources(self) -> Places | None:
        """Return for each feature the one place of a row that it hangs on; None where on more."""
        return None

    def one(self, row: Sequence[Any]) -> list[Any]:
        """Return the features of one row."""
        raise NotImplementedError

    def many(self, columns: Columns) -> Floats:
        """Return the features of n rows, of shape (n, width)."""
        raise NotImplementedError

    def each(self, columns: Columns) -> Sequence[Any]:
        """Return one array for each feature of n rows."""
        return list(self.many(columns).T)

    def project(self, weights: Floats) -> One:
        """Return a function from a row to the sum of its features times their weights."""
        each = weights.tolist()
        one = self.one
        return lambda row: _dot(one(row), each)

    def project_all(self, row: Sequence[Any], weights: Floats) -> Floats:
        """Return the features of one row times weights of shape (width, k)."""
        return np.asarray(np.array(self.one(row), dtype=np.float64) @ weights)

    def project_many(self, columns: Columns, weights: Floats) -> Floats:
        """Return the features of n rows times weights of shape (width, k)."""
        return self.many(columns) @ weights


def require_numeric(features: Transform) -> None:
    """Refuse features that arithmetic cannot take."""
    require_step(features, Transform, "features")
    require(not features.are_words().any(), "arithmetic on texts")


def _repeated(origins: Places | None, widths: Sequence[int]) -> Places | None:
    return None if origins is None else np.repeat(origins, widths)


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    total = 0.0
    for a, b in zip(left, right, strict=True):
        total += a * b
    return total


@dataclass
class Cells(Transform):
    """Columns of the row as they are, or each by operations on single values, in their order.

    Attributes
    ----------
    places
        Of the columns in the row.
    operations
        For each column, the operations: a name of ``OPERATIONS`` and its numbers.
    numbers
        Whether each column holds numbers, with NaN for what is missing.
    """

    places: list[int]
    operations: list[list[list[Any]]]
    numbers: list[bool]

    def check(self) -> None:
        """Refuse places that no row can have, and arithmetic on texts."""
        require_places(self.places, 0, MOST_INPUTS, "places of inputs")
        require(isinstance(self.numbers, list), "something else than a list of flags")
        require(len(self.numbers) == len(self.places), "a wrong number of flags")
        require_flags(*self.numbers)
        are_words = [not holds_numbers for holds_numbers in self.numbers]
        require_chains(self.operations, len(self.places), ARITY, are_words)

    def derive(self) -> None:
        """Make the functions of the operations."""
        functions = [
            [OPERATIONS[name](*numbers) for name, *numbers in chain] for chain in self.operations
        ]
        self._cells = list(zip(self.places, self.numbers, functions, strict=True))

    @property
    def width(self) -> int:
        """As many as there are columns."""
        return len(self.places)

    def are_words(self) -> NDArray[np.bool_]:
        """Where there are no numbers, unless all that is kept is whether there is a value."""
        return np.array(
            [
                not holds_numbers and not _tells_missing(chain)
                for holds_numbers, chain in zip(self.numbers, self.operations, strict=True)
            ],
            dtype=np.bool_,
        )

    def sources(self) -> Places | None:
        """As the columns stand in the row."""
        return np.array(self.places, dtype=np.intp)

    def one(self, row: Sequence[Any]) -> list[Any]:
        """Return the values of one row."""
        values = []
        for place, is_number, functions in self._cells:
            value = row[place]
            if is_number:
                value = NAN if value is None else float(value)
            for function in functions:
                value = function(value)
            values.append(value)
        return values

    def many(self, columns: Columns) -> Floats:
        """Return the values of n rows as an array."""
        return np.column_stack(self.each(columns))

    def each(self, columns: Columns) -> Sequence[Any]:
        """Return one array for each column of n rows."""
        return [
            _applied(columns[place], chain)
            for place, chain in zip(self.places, self.operations, strict=True)
        ]


@dataclass
class Each(Transform):
    """Features of another transform, each by operations on single values, in their order."""

    inner: Transform
    operations: list[list[list[Any]]]

    def check(self) -> None:
        """Refuse arithmetic on texts."""
        require_step(self.inner, Transform, "features")
        require_chains(self.operations, self.inner.width, ARITY, self.inner.are_words())

    def derive(self) -> None:
        """Make the functions of the operations."""
        self._functions = [
            [OPERATIONS[name](*numbers) for name, *numbers in chain] for chain in self.operations
        ]

    @property
    def width(self) -> int:
        """As many as before."""
        return len(self.operations)

    def are_words(self) -> NDArray[np.bool_]:
        """As before, unless all that is kept is whether there is a value."""
        kept = np.array([not _tells_missing(chain) for chain in self.operations], dtype=np.bool_)
        return self.inner.are_words() & kept

    def sources(self) -> Places | None:
        """As of the features before."""
        return self.inner.sources()

    def one(self, row: Sequence[Any]) -> list[Any]:
        """Return the features of one row."""
        values = self.inner.one(row)
        for index, functions in enumerate(self._functions):
            for function in functions:
                values[index] = function(values[index])
        return values

    def many(self, columns: Columns) -> Floats:
        """Return the features of n rows."""
        return np.column_stack(self.each(columns))

    def each(self, columns: Columns) -> Sequence[Any]:
        """Return one array for each feature of n rows."""
        return [
            _applied(values, chain)
            for values, chain in zip(self.inner.each(columns), self.operations, strict=True)
        ]


def _tells_missing(chain: Sequence[Sequence[Any]]) -> bool:
    return any(name == "missing" for name, *_ in chain)


def _applied(values: Any, chain: Sequence[Sequence[Any]]) -> Any:  # noqa: ANN401 - an array
    for name, *numbers in chain:
        values = MANY[name](values, *numbers)
    return values


def _fill(number: Any) -> Callable[[Any], Any]:  # noqa: ANN401
    return lambda value: number if value is None or value != value else value


OPERATIONS: dict[str, Callable[..., Callable[[Any], Any]]] = {
    "fill": _fill,
    "subtract": lambda number: lambda value: value - number,
    "divide": lambda number: lambda value: value / number,
    "multiply": lambda number: lambda value: value * number,
    "add": lambda number: lambda value: value + number,
    "clip": lambda low, high: lambda value: min(max(value, low), high) if value == value else value,
    "missing": lambda: lambda value: 1.0 if value is None or value != value else 0.0,
    "log1p": lambda: lambda value: float(np.log1p(value)),
    "log": lambda: lambda value: float(np.log(value)),
    "sqrt": lambda: lambda value: float(np.sqrt(value)),
    "exp": lambda: lambda value: float(np.exp(value)),
    "expm1": lambda: lambda value: float(np.expm1(value)),
}


#: How many numbers each operation takes.
ARITY = {"fill": 1, "subtract": 1, "divide": 1, "multiply": 1, "add": 1, "clip": 2} | dict.fromkeys(
    ("missing", "log1p", "log", "sqrt", "exp", "expm1"), 0
)


def _fill_many(values: Any, number: Any) -> Any:  # noqa: ANN401
    if values.dtype == object:
        return np.array([number if value is None else value for value in values], dtype=object)
    return np.where(np.isnan(values), number, values)


def _missing_many(values: Any) -> Any:  # noqa: ANN401
    if values.dtype == object:
        return np.array([value is None for value in values], dtype=float)
    return np.isnan(values).astype(float)


MANY: dict[str, Callable[..., Any]] = {
    "fill": _fill_many,
    "subtract": lambda values, number: values - number,
    "divide": lambda values, number: values / number,
    "multiply": lambda values, number: values * number,
    "add": lambda values, number: values + number,
    "clip": lambda values, low, high: np.clip(values, low, high),
    "missing": _missing_many,
    "log1p": np.log1p,
    "log": np.log,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "expm1": np.expm1,
}


@dataclass
class OneHot(Transform):
    """One feature per category that is kept; which one is 1 is told by the value.

    Attributes
    ----------
    categories
        For each column, its categories in the order of the fit; None for what is missing.
    features
        For each column, the feature of each category; -1 for one that was dropped.
    unknown
        For each column, the feature of a value that is none of them; -1 for none.
    widths
        How many features each column has.
    """

    cells: Transform
    categories: list[list[Any]]
    features: list[list[int]]
    unknown: list[int]
    widths: list[int]

    def check(self) -> None:
        """Refuse features out of bounds, and more of them than there are categories."""
        require_step(self.cells, Transform, "features")
        columns = self.cells.width
        require_lists(self.categories, columns, "categories")
        require_lists(self.features, columns, "places of categories")
        require_places(self.widths, 0, MOST_WIDTH, "widths")
        require_places(self.unknown, -1, MOST_WIDTH, "places of unknown categories")
        require(len(self.widths) == len(self.unknown) == columns, "a wrong number of widths")
        for categories, features, unknown, width in zip(
            self.categories, self.features, self.unknown, self.widths, strict=True
        ):
            require(all(map(is_scalar, categories)), "categories that are not plain values")
            require(width <= len(categories) + 1, "more features than categories")
            require_places([*features, unknown], -1, width, "places of categories")

    def derive(self) -> None:
        """Make a table from value to feature for each column."""
        self._tables = [
            dict(zip(map(_key, categories), features, strict=True))
            for categories, features in zip(self.categories, self.features, strict=True)
        ]

    @property
    def width(self) -> int:
        """The sum of all columns."""
        return sum(self.widths)

    def sources(self) -> Places | None:
        """As of the column that each category is one of."""
        return _repeated(self.cells.sources(), self.widths)

    def one(self, row: Sequence[Any]) -> list[Any]:
        """Return noughts and ones."""
        made = [0.0] * self.width
        start = 0
        for value, table, unknown, width in zip(
            self.cells.one(row), self._tables, self.unknown, self.widths, strict=True
        ):
            feature = table.get(_key(value), unknown)
            if feature >= 0:
                made[start + feature] = 1.0
            start += width
        return made

    def codes(self, columns: Columns) -> list[Any]:
        """Return for each column the feature of each row; -1 for none."""
        return [
            np.array(_looked_up(values, table, unknown), dtype=np.int64)
            for values, table, unknown in zip(
                self.cells.each(columns), self._tables, self.unknown, strict=True
            )
        ]

    def many(self, columns: Columns) -> Floats:
        """Return noughts and ones of n rows."""
        codes = self.codes(columns)
        made = np.zeros((len(codes[0]), self.width))
        rows = np.arange(len(codes[0]))
        start = 0
        for code, width in zip(codes, self.widths, strict=True):
            hit = code >= 0
            made[rows[hit], start + code[hit]] = 1.0
            start += width
        return made

    def project(self, weights: Floats) -> One:
        """Look the weight of each value up."""
        if not isinstance(self.cells, Cells) or any(self.cells.operations):
            return super().project(weights)
        tables = []
        start = 0
        for place, is_number, table, unknown, width in zip(
            self.cells.places,
            self.cells.numbers,
            self._tables,
            self.unknown,
            self.widths,
            strict=True,
        ):
            share = [*weights[start : start + width].tolist(), 0.0]  # the last is that of -1
            by_value = {key: share[at] for key, at in table.items()}
            tables.append((place, is_number, by_value, share[unknown]))
            start += width

        def one(row: Sequence[Any]) -> float:
            total = 0.0
            for place, is_number, table, other in tables:
                value = row[place]
                if is_number and value is not None:
                    value = float(value)
                total += table.get(value, other)
            return total

        return one

    def project_many(self, columns: Columns, weights: Floats) -> Floats:
        """Take the weights of each row's features."""
        total = 0.0
        start = 0
        for code, width in zip(self.codes(columns), self.widths, strict=True):
            share = np.vstack([weights[start : start + width], np.zeros((1, weights.shape[1]))])
            total = total + share[code]
            start += width
        return np.asarray(total)


def _looked_up(values: Any, table: dict[Any, Any], unknown: Any) -> Any:  # noqa: ANN401 - a list
    if isinstance(values, Coded) and values.codes is not None:
        return np.array(_looked_up(values.values, table, unknown))[values.codes]
    if values.dtype == object:  # what is missing is None already
        return [table.get(value, unknown) for value in values.tolist()]
    return [table.get(_key(value), unknown) for value in values.tolist()]


def _key(value: Any) -> Any:  # noqa: ANN401
    """Return a value as a key: what is missing is None, whatever stands for it."""
    return None if value is None or value != value else value


@dataclass
class Ordinal(Transform):
    """One feature per column: the number of its category."""

    cells: Transform
    categories: list[list[Any]]
    codes: list[list[float]]
    unknown: list[float]

    def check(self) -> None:
        """Refuse codes that are not numbers."""
        require_step(self.cells, Transform, "features")
        columns = self.cells.width
        require_lists(self.categories, columns, "categories")
        require_lists(self.codes, columns, "codes of categories")
        for categories, codes in zip(self.categories, self.codes, strict=True):
            require(all(map(is_scalar, categories)), "categories that are not plain values")
            require(len(codes) == len(categories), "a wrong number of codes of categories")
            require(all(map(may_be_code, codes)), "codes of categories that are not numbers")
        require(isinstance(self.unknown, list), "something else than codes of what is unknown")
        require(len(self.unknown) == columns, "a wrong number of codes of what is unknown")
        is_fit = all(map(may_be_code, self.unknown))
        require(is_fit, "codes of what is unknown that are not numbers")

    def derive(self) -> None:
        """Make a table from value to number for each column."""
        self._tables = [
            dict(zip(map(_key, categories), codes, strict=True))
            for categories, codes in zip(self.categories, self.codes, strict=True)
        ]

    @property
    def width(self) -> int:
        """As many as there are columns."""
        return self.cells.width

    def sources(self) -> Places | None:
        """As of the features before."""
        return self.cells.sources()

    def one(self, row: Sequence[Any]) -> list[Any]:
        """Return the numbers of one row."""
        return [
            table.get(_key(value), unknown)
            for value, table, unknown in zip(
                self.cells.one(row), self._tables, self.unknown, strict=True
            )
        ]

    def many(self, columns: Columns) -> Floats:
        """Return the numbers of n rows."""
        return np.column_stack(self.each(columns))

    def each(self, columns: Columns) -> Sequence[Any]:
        """Return the numbers of each column of n rows."""
        return [
            np.array(_looked_up(values, table, unknown), dtype=np.float64)
            for values, table, unknown in zip(
                self.cells.each(columns), self._tables, self.unknown, strict=True
            )
        ]


@dataclass
class Splines(Transform):
    """B-splines as the polynomials that they are between their knots.

    Attributes
    ----------
    knots
        For each feature, the ends of the pieces, ascending: m of them.
    origins
        For each feature, where the powers of each of the m + 1 pieces count from.
    pieces
        For each feature, coefficients of shape (m + 1, powers, splines), powers ascending; the
        first and the last piece are for what lies outside of the knots.
    """

    inner: Transform
    knots: list[Any]
    origins: list[Any]
    pieces: list[Any]

    def check(self) -> None:
        """Refuse pieces that do not fit their knots."""
        require_numeric(self.inner)
        count = self.inner.width
        for values, what in (
            (self.knots, "knots"),
            (self.origins, "origins of splines"),
            (self.pieces, "pieces of splines"),
        ):
            require(isinstance(values, list) and len(values) == count, f"a wrong number of {what}")
        for knots, origins, pieces in zip(self.knots, self.origins, self.pieces, strict=True):
            require_floats(knots, (None,), "knots")
            require(len(knots) and (np.diff(knots) >= 0).all(), "knots that do not ascend")
            require_floats(origins, (len(knots) + 1,), "origins of splines")
            require_floats(pieces, (len(knots) + 1, None, None), "pieces of splines")

    @property
    def width(self) -> int:
        """The sum of all features."""
        return sum(int(pieces.shape[2]) for pieces in self.pieces)

    def sources(self) -> Places | None:
        """As of the feature that each spline bends."""
        return _repeated(self.inner.sources(), [pieces.shape[2] for pieces in self.pieces])

    def one(self, row: Sequence[Any]) -> list[Any]:
        """Return the splines at the values of one row."""
        made: list[Any] = []
        for value, knots, origins, pieces in zip(
            self.inner.one(row), self.knots, self.origins, self.pieces, strict=True
        ):
            piece = _piece(knots, value)
            powers = (value - origins[piece]) ** np.arange(pieces.shape[1])
            made.extend((powers @ pieces[piece]).tolist())
        return made

    def many(self, columns: Columns) -> Floats:
        """Return the splines at the values of n rows."""
        return self.project_many(columns, np.eye(self.width))

    def project(self, weights: Floats) -> One:
        """Fold the weights into one polynomial for each piece."""
        folded = [
            (knots.tolist(), origins.tolist(), (pieces @ share)[:, ::-1].tolist())
            for knots, origins, pieces, share in self._shares(weights)
        ]
        values = self.inner.one

        def one(row: Sequence[Any]) -> float:
            total = 0.0
            for value, (knots, origins, polynomials) in zip(values(row), folded, strict=True):
                piece = _piece(knots, value)
                away = value - origins[piece]
                share = 0.0
                for coefficient in polynomials[piece]:
                    share = share * away + coefficient
                total += share
            return total

        return one

    def project_many(self, columns: Columns, weights: Floats) -> Floats:
        """Evaluate the folded polynomials of n rows."""
        total: Any = 0.0
        for values, (knots, origins, pieces, share) in zip(
            self.inner.each(columns), self._shares(weights), strict=True
        ):
            folded = pieces @ share
            at = np.searchsorted(knots, values, side="right")
            at[values == knots[-1]] -= 1
            away = (values - origins[at])[:, None]
            total_of_one = np.zeros((len(values), weights.shape[1]))
            for power in range(pieces.shape[1] - 1, -1, -1):
                total_of_one = total_of_one * away + folded[at, power]
            total = total + total_of_one
        return np.asarray(total)

    def _shares(self, weights: Floats) -> Iterator[tuple[Any, Any, Any, Any]]:
        start = 0
        for knots, origins, pieces in zip(self.knots, self.origins, self.pieces, strict=True):
            end = start + pieces.shape[2]
            yield knots, origins, pieces, weights[start:end]
            start = end


def _piece(knots: Sequence[float], value: float) -> int:
    """Return the piece of a value; that of the highest knot is the last one inside."""
    return bisect_right(knots, value) - (value == knots[-1])


@dataclass
class Joined(Transform):
    """Features of several transforms, one after the other."""

    parts: list[Transform]

    def check(self) -> None:
        """Refuse what are not features."""
        require_steps(self.parts, Transform, "features")

    @property
    def width(self) -> int:
        """The sum of the parts."""
        return sum(part.width for part in self.parts)

    def are_words(self) -> NDArray[np.bool_]:
        """As of every part."""
        return np.concatenate([part.are_words() for part in self.parts])

    def sources(self) -> Places | None:
        """Those of every part."""
        parts = [part.sources() for part in self.parts]
        return None if any(part is None for part in parts) else np.concatenate(parts)  # type: ignore[arg-type] # none is None

    def one(self, row: Sequence[Any]) -> list[Any]:
        """Return the features of every part."""
        return [feature for part in self.parts for feature in part.one(row)]

    def many(self, columns: Columns) -> Floats:
        """Return the features of every part side by side."""
        return np.hstack([part.many(columns) for part in self.parts])

    def each(self, columns: Columns) -> Sequence[Any]:
        """Return the arrays of every part."""
        return [values for part in self.parts for values in part.each(columns)]

    def project(self, weights: Floats) -> One:
        """Add up what each part gives."""
        shares = [part.project(share) for part, share in self._shares(weights)]

        def one(row: Sequence[Any]) -> float:
            total = 0.0
            for share in shares:
                total += share(row)
            return total

        return one

    def project_all(self, row: Sequence[Any], weights: Floats) -> Floats:
        """Add up what each part gives."""
        total: Any = 0.0
        for part, share in self._shares(weights):
            total = total + part.project_all(row, share)
        return np.asarray(total)

    def project_many(self, columns: Columns, weights: Floats) -> Floats:
        """Add up what each part gives."""
        total: Any = 0.0
        for part, share in self._shares(weights):
            total = total + part.project_many(columns, share)
        return np.asarray(total)

    def _shares(self, weights: Floats) -> Iterator[tuple[Transform, Floats]]:
        start = 0
        for part in self.parts:
            yield part, weights[start : start + part.width]
            start += part.width


@dataclass
class Chosen(Transform):
    """Some features of another transform."""

    inner: Transform
    kept: list[int]

    def check(self) -> None:
        """Refuse features that there are not."""
        require_step(self.inner, Transform, "features")
        require_places(self.kept, 0, self.inner.width, "features")

    @property
    def width(self) -> int:
        """As many as are kept."""
        return len(self.kept)

    def are_words(self) -> NDArray[np.bool_]:
        """Those of what is kept."""
        return self.inner.are_words()[self.kept]

    def sources(self) -> Places | None:
        """Those of what is kept."""
        origins = self.inner.sources()
        return None if origins is None else origins[self.kept]

    def one(self, row: Sequence[Any]) -> list[Any]:
        """Return the features that are kept."""
        features = self.inner.one(row)
        return [features[place] for place in self.kept]

    def many(self, columns: Columns) -> Floats:
        """Return the features that are kept of n rows."""
        return np.column_stack(self.each(columns))

    def each(self, columns: Columns) -> Sequence[Any]:
        """Return the arrays that are kept."""
        features = self.inner.each(columns)
        return [features[place] for place in self.kept]


@dataclass
class Mapped(Transform):
    """A linear map of another transform's features: ``(features - shift) @ matrix``."""

    inner: Transform
    shift: Any
    matrix: Any

    def check(self) -> None:
        """Refuse a matrix of another shape."""
        require_numeric(self.inner)
        require_floats(self.matrix, (self.inner.width, None), "weights")
        if isinstance(self.shift, np.ndarray):
            require_floats(self.shift, (self.inner.width,), "shifts")
        else:
            require_number(self.shift, "a shift")

    @property
    def width(self) -> int:
        """The columns of the matrix."""
        return int(self.matrix.shape[1])

    def one(self, row: Sequence[Any]) -> list[Any]:
        """Return the features of one row."""
        return list(((np.array(self.inner.one(row)) - self.shift) @ self.matrix).tolist())

    def many(self, columns: Columns) -> Floats:
        """Return the features of n rows."""
        return np.asarray((self.inner.many(columns) - self.shift) @ self.matrix)


@dataclass
class Above(Transform):
    """1 for each feature of another transform that is above a threshold, else 0."""

    inner: Transform
    threshold: float

    def check(self) -> None:
        """Refuse a threshold that is not a number."""
        require_numeric(self.inner)
        require_number(self.threshold, "a threshold")

    @property
    def width(self) -> int:
        """As many as before."""
        return self.inner.width

    def sources(self) -> Places | None:
        """As of the features before."""
        return self.inner.sources()

    def one(self, row: Sequence[Any]) -> list[Any]:
        """Return noughts and ones."""
        return [float(value > self.threshold) for value in self.inner.one(row)]

    def many(self, columns: Columns) -> Floats:
        """Return noughts and ones of n rows."""
        return np.asarray((self.inner.many(columns) > self.threshold).astype(float))


@dataclass
class Powers(Transform):
    """Products of powers of another transform's features."""

    inner: Transform
    powers: Any

    def check(self) -> None:
        """Refuse powers that are negative or very large."""
        require_numeric(self.inner)
        require_floats(self.powers, (None, self.inner.width), "powers")
        require(((self.powers >= 0) & (self.powers <= MOST_POWER)).all(), "powers out of bounds")

    @property
    def width(self) -> int:
        """One for each row of powers."""
        return len(self.powers)

    def one(self, row: Sequence[Any]) -> list[Any]:
        """Return the products of one row."""
        return list(np.prod(np.array(self.inner.one(row)) ** self.powers, axis=1).tolist())

    def many(self, columns: Columns) -> Floats:
        """Return the products of n rows."""
        features = self.inner.many(columns)
        made = np.ones((len(features), self.width))
        for place in range(features.shape[1]):
            made *= features[:, [place]] ** self.powers[:, place]
        return made
