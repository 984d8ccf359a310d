"""Whether an instance is an anomaly: its values do not occur together as they did in training.

Each input is divided into bins, and a Chow-Liu tree joins the inputs with the most mutual
information. The surprise of an instance is minus the log-likelihood that the tree gives it. The
instance is anomalous when almost no training row is as surprising. One look-up for each input is
enough.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.inputs import Input, Scalar, Value
from servery.signature import Row
from servery.uncertainty.folds import Floats, Places, folds

#: The share of training rows that count as anomalous.
ANOMALOUS = 0.01
SHARES = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
#: A bin has as many rows as there are bins, or five if that is more, up to so many bins.
ROWS_OF_A_PAIR, FEWEST_BINS, MOST_BINS = 5, 2, 12
#: With so many rows, the outermost hundredths of a quantity are bins of their own.
ENOUGH_FOR_TAILS = 1000
#: The tree of more inputs would take long to find.
MOST_INPUTS = 80
#: How many rows the chance without the other input counts for.
PRIOR_ROWS = 2.0
#: Up to so many rows, going through them one by one is quicker than making arrays.
FEW = 32
#: The fields of a node that one row is looked up by; see `ChowLiuTree.surprise`.
Lookup: TypeAlias = tuple[int, int, list[float] | None, Mapping[Value, int], int, list[list[float]]]


class Anomaly(NamedTuple):
    """What is said of an anomalous instance.

    Attributes
    ----------
    share
        Of the training rows that are at least as surprising, 0 to 1.
    pair
        The places of the two inputs whose values hardly occur together; None for a single input.
    """

    share: float
    pair: tuple[int, int] | None


class Node(msgspec.Struct, frozen=True, kw_only=True, dict=True, forbid_unknown_fields=True):
    """One input of the tree.

    Attributes
    ----------
    place, parent
        Of the input in the signature, and of the input before it in the tree; -1 for the first.
    edges
        Between the bins of a quantity; None for categories.
    values
        The categories, one bin each. Behind the bins come two more: for any other value, and for
        what is missing.
    surprise
        Minus the logarithm of the chance of each bin, for each bin of the parent.
    """

    place: int
    parent: int
    edges: list[float] | None = None
    values: list[Scalar] = []
    surprise: list[list[float]]

    @cached_property
    def bins_of_values(self) -> Mapping[Value, int]:
        """The bin of each category and of a missing value; of a quantity, only the latter."""
        if self.edges is not None:
            return {None: len(self.edges) + 2}
        bins: dict[Value, int] = {value: number for number, value in enumerate(self.values)}
        return {**bins, None: len(bins) + 1}

    def bin(self, value: Value) -> int:
        """Return the bin of a value."""
        if self.edges is None or value is None:
            return self.bins_of_values.get(value, len(self.values))
        return bisect_right(self.edges, value)

    def bins(self, values: Sequence[Value]) -> Places:
        """Return the bin of each of many values."""
        if self.edges is None:
            return np.array([self.bin(value) for value in values], dtype=np.intp)
        column = np.array(values, dtype=np.float64)  # what is missing becomes NaN
        bins = np.searchsorted(self.edges, column, side="right")
        bins[np.isnan(column)] = len(self.edges) + 2
        return bins


class ChowLiuTree(msgspec.Struct, frozen=True, kw_only=True, dict=True, forbid_unknown_fields=True):
    """The tree, and how surprising training rows were that it was not made of.

    Attributes
    ----------
    rows
        How many training rows there were.
    threshold
        A row that is more surprising than this is anomalous.
    surprises
        What the shares of `SHARES` of the rows were at least as surprising as.
    """

    nodes: list[Node]
    rows: int
    threshold: float
    surprises: list[float]

    def surprise(self, row: Row) -> float:
        """Return how surprising a row is."""
        # Every single prediction runs this: `Node.bin` is inlined, and nothing is called.
        bins = [0] * (len(row) + 1)  # the last one is that of the parent -1
        total = 0.0
        for place, parent, edges, known, other, surprise in self._lookups:
            value = row[place]
            if edges is None or value is None:
                own = known.get(value, other)
            else:
                own = bisect_right(edges, value)
            bins[place] = own
            total += surprise[bins[parent]][own]
        return total

    @cached_property
    def _lookups(self) -> list[Lookup]:
        return [
            (
                node.place,
                node.parent,
                node.edges,
                node.bins_of_values,
                len(node.values),
                node.surprise,
            )
            for node in self.nodes
        ]

    def is_anomalous(self, row: Row) -> bool:
        """Return whether the values of a row hardly occur together."""
        return self.surprise(row) > self.threshold

    def anomalous(self, rows: Sequence[Row]) -> list[int]:
        """Return which rows are anomalous."""
        if len(rows) <= FEW:
            surprise, threshold = self.surprise, self.threshold
            return [place for place, row in enumerate(rows) if surprise(row) > threshold]
        return self.anomalous_columns(list(zip(*rows, strict=True)))

    def anomalous_columns(self, columns: Sequence[Any]) -> list[int]:
        """Return which rows are anomalous, of one column of values for each input.

        A column that has ``codes`` and their few ``values`` is looked up by those alone.
        """
        _, total = self._surprised(columns)
        return list(np.flatnonzero(total > self.threshold).tolist())

    def anomalies(self, columns: Sequence[Any]) -> dict[int, Anomaly]:
        """Return what is said of each row that is anomalous, of columns as they are above."""
        bins, total = self._surprised(columns)
        rows = np.flatnonzero(total > self.threshold)
        pairs = self._least_expected({place: own[rows] for place, own in bins.items()})
        shares = np.interp(total[rows], *self._known_shares).tolist()
        return dict(zip(rows.tolist(), map(Anomaly, shares, pairs), strict=True))

    def anomaly(self, row: Row) -> Anomaly:
        """Return what is said of a row; without arrays, which is quicker for one."""
        bins = {node.place: node.bin(row[node.place]) for node in self.nodes}
        pairs = [
            (node.surprise[bins[node.parent]][bins[node.place]], node.parent, node.place)
            for node in self.nodes
            if node.parent >= 0
        ]
        share = float(np.interp(self.surprise(row), *self._known_shares))
        return Anomaly(share, max(pairs)[1:] if pairs else None)

    def _surprised(self, columns: Sequence[Any]) -> tuple[dict[int, Places], Floats]:
        """Return the bins of each column, by its place, and how surprising each row is."""
        bins = {-1: np.zeros(len(columns[0]), dtype=np.intp)}
        total = np.zeros(len(columns[0]))
        for node, surprise in zip(self.nodes, self._tables, strict=True):
            column = columns[node.place]
            codes = getattr(column, "codes", None)
            own = node.bins(column) if codes is None else node.bins(column.values)[codes]
            bins[node.place] = own
            total += surprise[bins[node.parent], own]
        return bins, total

    @cached_property
    def _tables(self) -> list[Floats]:
        return [np.array(node.surprise) for node in self.nodes]

    @property
    def _known_shares(self) -> tuple[Sequence[float], Sequence[float]]:
        return self.surprises, SHARES[: len(self.surprises)]

    def _least_expected(self, bins: Mapping[int, Places]) -> Sequence[tuple[int, int] | None]:
        """Return of each row the two joined inputs whose values hardly occur together."""
        found = {
            (node.parent, node.place): table[bins[node.parent], bins[node.place]]
            for node, table in zip(self.nodes, self._tables, strict=True)
            if node.parent >= 0
        }
        if not found:
            return [None] * len(bins[-1])
        pairs = sorted(found, reverse=True)  # of equals, the last one counts, as for one row
        return [pairs[at] for at in np.argmax([found[pair] for pair in pairs], axis=0).tolist()]


def fit_chow_liu(inputs: Sequence[Input], rows: Sequence[Row]) -> ChowLiuTree | None:
    """Fit a tree to training rows; None where there are not at least two inputs to join.

    References
    ----------
    C. K. Chow & C. N. Liu (1968), IEEE Transactions on Information Theory 14(3), 462-467.
    """
    places = [place for place, item in enumerate(inputs) if item.bins is not None]
    if not 2 <= len(places) <= MOST_INPUTS or len(rows) < 2:
        return None
    columns = list(zip(*rows, strict=True))
    blanks = {place: _blank(inputs[place], place, columns[place]) for place in places}
    bins = {place: blank.bins(columns[place]) for place, blank in blanks.items()}
    surprises = np.empty(len(rows))
    for others, part in folds(len(rows), count=5):
        nodes = _tree(blanks, {place: own[others] for place, own in bins.items()})
        surprises[part] = _surprises(nodes, {place: own[part] for place, own in bins.items()})
    ranked = np.sort(surprises)[::-1]
    shares = [share for share in SHARES if share * len(rows) >= 1.0]
    return ChowLiuTree(
        nodes=_tree(blanks, bins),
        rows=len(rows),
        threshold=float(ranked[math.floor(ANOMALOUS * (len(rows) + 1))]),
        surprises=[float(ranked[math.ceil(share * len(rows)) - 1]) for share in shares],
    )


def _blank(item: Input, place: int, values: Sequence[Value]) -> Node:
    """Return a node with its bins, and nothing known of them yet."""
    if item.bins == "quantiles":
        return Node(place=place, parent=-1, edges=_edges(values), surprise=[])
    return Node(place=place, parent=-1, values=list(item.known_values()), surprise=[])


def _edges(values: Sequence[Any]) -> list[float]:
    numbers = np.array([value for value in values if value is not None], dtype=np.float64)
    if not len(numbers):
        return []
    count = min(MOST_BINS, max(FEWEST_BINS, math.isqrt(len(numbers) // ROWS_OF_A_PAIR)))
    levels = np.linspace(0.0, 1.0, count + 1)[1:-1]
    if len(numbers) >= ENOUGH_FOR_TAILS:
        levels = np.sort([*levels, ANOMALOUS, 1.0 - ANOMALOUS])
    return list(np.unique(np.quantile(numbers, levels)).tolist())


def _count(node: Node) -> int:
    return len(node.values) + 2 if node.edges is None else len(node.edges) + 3


def _tree(blanks: Mapping[int, Node], bins: Mapping[int, Places]) -> list[Node]:
    """Join each input to the one with the highest mutual information, and fill the tables."""
    counts = {place: _count(node) for place, node in blanks.items()}
    places = list(blanks)
    information = {
        (one, other): _information(_table(bins[one], bins[other], counts[one], counts[other]))
        for at, one in enumerate(places)
        for other in places[at + 1 :]
    }
    nodes = [_filled(blanks[places[0]], -1, bins, counts)]
    # Of each input that is not joined yet, the joined one that it has most in common with.
    nearest = dict.fromkeys(places[1:], places[0])
    strength = {other: information[places[0], other] for other in nearest}
    while nearest:
        place = max(nearest, key=strength.__getitem__)
        nodes.append(_filled(blanks[place], nearest.pop(place), bins, counts))
        for other in nearest:
            shared = information[min(place, other), max(place, other)]
            if shared > strength[other]:
                nearest[other], strength[other] = place, shared
    return nodes


def _table(one: Places, other: Places, rows: int, columns: int) -> Floats:
    cells = np.bincount(one * columns + other, minlength=rows * columns)
    return np.asarray(cells.reshape(rows, columns), dtype=np.float64)


def _information(table: Floats) -> float:
    """Return the mutual information of two inputs, corrected for chance."""
    total = table.sum()
    of_rows, of_columns = table.sum(axis=1, keepdims=True), table.sum(axis=0, keepdims=True)
    expected = of_rows * of_columns / total
    seen = table > 0
    information = (table[seen] * np.log(table[seen] / expected[seen])).sum() / total
    freedom = (np.count_nonzero(of_rows) - 1) * (np.count_nonzero(of_columns) - 1)
    return float(information - freedom / (2.0 * total))


def _filled(
    blank: Node, parent: int, bins: Mapping[int, Places], counts: Mapping[int, int]
) -> Node:
    own = bins[blank.place]
    count = counts[blank.place]
    alone = np.bincount(own, minlength=count) + 0.5
    chance: NDArray[np.float64] = (alone / alone.sum())[None, :]
    if parent >= 0:
        table = _table(bins[parent], own, counts[parent], count)
        chance = (table + PRIOR_ROWS * chance) / (table.sum(axis=1, keepdims=True) + PRIOR_ROWS)
    surprise = np.round(-np.log(chance), 4).tolist()
    return msgspec.structs.replace(blank, parent=parent, surprise=surprise)


def _surprises(nodes: Sequence[Node], bins: Mapping[int, Places]) -> Floats:
    known = {-1: np.zeros(len(next(iter(bins.values()))), dtype=np.intp), **bins}
    return np.asarray(
        sum(np.array(node.surprise)[known[node.parent], known[node.place]] for node in nodes)
    )
