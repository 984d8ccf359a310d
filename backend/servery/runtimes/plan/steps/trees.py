"""Trees as flat arrays, all walked at once: each step goes one level deeper in every tree."""

import struct
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias

import numpy as np

from servery.runtimes.plan.checks import (
    MOST_DEPTH,
    MOST_TREES,
    require,
    require_booleans,
    require_flags,
    require_floats,
    require_indices,
    require_number,
    require_numbers,
    require_places,
)
from servery.runtimes.plan.coalitions import Given, count, few_features
from servery.runtimes.plan.predictor import Predictor
from servery.runtimes.plan.step import Floats
from servery.runtimes.plan.transform import Places, Transform, require_numeric

#: Many rows are walked in pieces of so many (row, tree) pairs, whose arrays stay in the cache.
PAIRS = 1 << 16
#: From MANY rows on, tree by tree is faster than all trees at once, in blocks of BLOCK rows.
MANY, BLOCK = 1_000, 1 << 14
#: A node is asked for all rows at once where about so many of them may come to it.
ROWS_OF_A_NODE = 1 << 10
#: After so many levels, rows that have reached a leaf are left out.
LEVELS = 4
#: Trees of more leaves than a word has bits are walked.
BITS = 64
#: So are trees whose table of words would take more than so many bytes.
MOST_WORD_BYTES = 1 << 23
WORD_KINDS = {8: np.uint8, 16: np.uint16, 32: np.uint32, BITS: np.uint64}
#: How many values a byte has, and the place of the lowest bit of each, as NumPy's own indices: it
#: need not convert them.
BYTES = 1 << 8
LOWEST_BIT = np.bitwise_count(~np.arange(BYTES) & (np.arange(BYTES) - 1)).astype(np.intp)
#: A table of what each tree adds for each byte stays in the cache up to so many bytes.
MOST_BYTE_VALUES = 1 << 19
#: From the row of a table that gives each feature, one array a feature, to what each tree adds,
#: shape (trees, n) or (trees, n, k).
Finder: TypeAlias = Callable[[Sequence[Places]], Any]
#: From the same to the sums of each row, shape (n, count).
Summing: TypeAlias = Callable[[Sequence[Places]], Floats]
INFINITE = frozenset({float("inf"), float("-inf")})
TOO_LARGE = "a value too large for single precision"


@dataclass
class Trees(Predictor):
    """Leaf values of many trees, added up for each output.

    Attributes
    ----------
    roots
        Node of each tree's root, shape (trees,).
    feature, threshold
        What each node asks; a leaf asks whether feature 0 lies under infinity, and stays.
    left, right
        Where a node leads.
    values
        Values of leaves, shape (nodes, k); inner nodes have zeros.
    missing_left
        Whether a missing value goes left.
    single
        Whether features are rounded to single precision first.
    strict
        Whether a value must be under the threshold, or may equal it.
    finite
        Whether infinite values are refused, as scikit-learn does.
    depth
        Steps from the highest root to the deepest leaf.
    base
        What the sums start from, k figures.
    nought
        Values of at most this size count as zero.
    divide
        What the sums are divided by.
    category_row
        For each node its row in ``goes_left``, -1 where it asks for no category.
    goes_left
        Which categories go left, shape (nodes that ask for them, categories).

    Values are added up in the order of the trees and in their own precision, since that is how
    every library does it, and a tie of two classes hangs on the last bit.
    """

    features: Transform
    roots: Any
    feature: Any
    threshold: Any
    left: Any
    right: Any
    values: Any
    missing_left: Any
    single: bool
    strict: bool
    finite: bool
    depth: int
    base: list[float]
    divide: float = 1.0
    nought: float = 0.0
    category_row: Any = None
    goes_left: Any = None

    @property
    def count(self) -> int:
        """One for each column of the leaves."""
        return int(self.values.shape[1])

    @property
    def work(self) -> int:
        """How many nodes are visited for one row at most."""
        return len(self.roots) * (self.depth + 1)

    def check(self) -> None:
        """Refuse nodes that lead nowhere, to each other or deeper than is said."""
        require_numeric(self.features)
        require_flags(self.single, self.strict, self.finite)
        require_number(self.nought, "a zero threshold")
        require(self.nought >= 0, "a negative zero threshold")
        require_number(self.divide, "a divisor")
        require(self.divide != 0, "a division by zero")
        self._check_nodes()
        self._check_categories()
        require_places([self.depth], 0, MOST_DEPTH + 1, "depths")
        require(
            depth_of(self.roots, self.left, self.right) == self.depth,
            "trees of another depth than it says",
        )

    def _check_nodes(self) -> None:
        require_floats(self.threshold, (None,), "thresholds", must_be_finite=False)
        nodes = len(self.threshold)
        require(not np.isnan(self.threshold).any(), "thresholds that are not numbers")
        require_indices(self.feature, (nodes,), 0, self.features.width, "features of nodes")
        require_booleans(self.missing_left, (nodes,), "ways for missing values")
        require_floats(self.values, (nodes, None), "values of leaves")
        require(self.count, "no values of leaves")
        require_numbers(self.base, self.count, "base values")
        require_indices(self.roots, (None,), 0, nodes, "roots")
        require(0 < len(self.roots) <= MOST_TREES, "a wrong number of trees")
        require(self.roots[0] == 0 and (np.diff(self.roots) > 0).all(), "roots that do not ascend")
        require_indices(self.left, (nodes,), 0, nodes, "ways to nodes")
        require_indices(self.right, (nodes,), 0, nodes, "ways to nodes")
        self._check_ways(np.arange(nodes))

    def _check_ways(self, numbers: Any) -> None:  # noqa: ANN401 - an array
        """Refuse ways back, ways into other trees, and two ways to one node."""
        is_leaf = self.left == numbers
        require((self.right[is_leaf] == numbers[is_leaf]).all(), "leaves that lead on")
        inner = numbers[~is_leaf]
        ways = np.concatenate([self.left[inner], self.right[inner]])
        tree_of = np.searchsorted(self.roots, numbers, side="right")
        from_nodes = np.concatenate([inner, inner])
        require((ways > from_nodes).all(), "trees that lead back")
        require((tree_of[ways] == tree_of[from_nodes]).all(), "trees that lead into each other")
        # Not `np.unique`, which would load `numpy.ma` into every server.
        require((np.bincount(ways) <= 1).all(), "nodes that two ways lead to")

    def _check_categories(self) -> None:
        if self.category_row is None and self.goes_left is None:
            return
        require_booleans(self.goes_left, (None, None), "categories of nodes")
        require_indices(
            self.category_row, self.feature.shape, -1, len(self.goes_left), "categories of nodes"
        )
        # Unknown categories are looked up as the first one before they go their own way.
        require(self.goes_left.shape[1], "nodes without categories")

    def derive(self) -> None:
        """Lay both ways out side by side, so that one look-up finds where a node leads."""
        self._ways = np.stack([self.right, self.left], axis=1).ravel().astype(np.intp)
        self.is_leaf = self.left == np.arange(len(self.left))
        self.leaf_values = self.values if self.count > 1 else self.values[:, 0].copy()
        if any(self.base):  # the sums begin with the first tree, and so with the base
            base = np.array(self.base, dtype=self.values.dtype)
            self.leaf_values = self.leaf_values.copy()
            end = self.roots[1] if len(self.roots) > 1 else None
            self.leaf_values[:end] += base if self.count > 1 else base[0]
        self._singles = struct.Struct(f"<{self.features.width}f")
        self._words = None if self.category_row is not None else LeafWords.of(self)

    def row(self, row: Sequence[Any]) -> list[float]:
        """Return the sums of one row."""
        values = self.features.row(row)
        if self._words is not None and not self.nought:
            nodes = self._words.leaves(self._rounded(values) if self.single else values)
        else:
            nodes = self._walked(np.array(values, dtype=np.float64))
        leaves = self.leaf_values[nodes]
        if leaves.ndim == 1:
            return [float(np.add.accumulate(leaves)[-1]) / self.divide]
        total = np.add.accumulate(leaves, axis=0)[-1]
        return list((total.astype(np.float64) / self.divide).tolist())

    def _rounded(self, values: Sequence[float]) -> Sequence[float]:
        try:
            if self.finite and not INFINITE.isdisjoint(values):
                raise ValueError(TOO_LARGE)
            return self._singles.unpack(self._singles.pack(*values))
        except OverflowError as error:
            if self.finite:
                raise ValueError(TOO_LARGE) from error
            with np.errstate(over="ignore"):
                return list(np.array(values, dtype=np.float32).tolist())

    def _walked(self, given: Floats) -> Any:  # noqa: ANN401 - an array
        values, any_missing = self._taken(given)
        nodes = self.roots
        for _ in range(self.depth):
            asked = values[self.feature[nodes]]
            goes_left = self._goes_left(asked, nodes, any_missing)
            nodes = self._ways[2 * nodes + goes_left]
        return nodes

    def rows(self, given: Given) -> Floats:
        """Return the sums of n rows."""
        few, at = few_features(self.features, given)
        values, any_missing = self._taken(few.astype(np.float64))
        total = count(given)
        sums_of, piece = self._summing(values, any_missing, total)
        parts = [
            sums_of([rows[start : start + piece] for rows in at])
            for start in range(0, total, piece)
        ]
        return np.vstack(parts)

    def _summing(self, values: Floats, any_missing: bool, total: int) -> tuple[Summing, int]:
        """Return the fastest way to the sums of ``total`` rows, and how many it takes at once."""
        words = None if self.nought else self._words
        if words is None and total >= MANY:
            return (lambda at: self._summed(_columns_at(values, at), any_missing)), BLOCK
        added_of = words.finder(values) if words else self._walker(values, any_missing)
        return (lambda at: self._sums(added_of(at))), max(1, PAIRS // len(self.roots))

    def _taken(self, values: Floats) -> tuple[Floats, bool]:
        """Return values in the precision of the fit, and whether any is missing."""
        if self.single:
            with np.errstate(over="ignore"):
                values = values.astype(np.float32).astype(np.float64)
        if self.nought:
            values = np.where(np.abs(values) <= self.nought, 0.0, values)
        if np.isfinite(values).all():
            return values, False
        if self.finite and np.isinf(values).any():
            raise ValueError(TOO_LARGE)
        return values, True

    def _walker(self, values: Floats, any_missing: bool) -> Finder:
        """Return what walks the trees with rows that take their features from ``values``."""

        def added_of(at: Sequence[Places]) -> Any:  # noqa: ANN401 - an array
            taken = _features_at(values, at)
            nodes = np.broadcast_to(self.roots, (len(taken), len(self.roots)))
            rows = np.arange(len(taken))[:, None]
            for _ in range(self.depth):
                asked = taken[rows, self.feature[nodes]]
                goes_left = self._goes_left(asked, nodes, any_missing)
                nodes = self._ways[2 * nodes + goes_left]
            return self.leaf_values.take(nodes.T, axis=0)

        return added_of

    def _sums(self, added: Any) -> Floats:  # noqa: ANN401 - an array
        """Return the sums of n rows from what each tree adds, shape (trees, n) or (trees, n, k)."""
        # NumPy adds in order along the first axis, but for one figure alone.
        alone = added[0].size == 1
        sums = np.add.accumulate(added, axis=0)[-1] if alone else np.add.reduce(added, axis=0)
        return self._divided(sums)

    def _divided(self, sums: Any) -> Floats:  # noqa: ANN401 - an array
        return np.asarray(sums.astype(np.float64).reshape(-1, self.count) / self.divide)

    def _summed(self, columns: Floats, any_missing: bool) -> Floats:
        """Return the sums of many rows, walked tree by tree: all of a tree stays in the cache.

        Parameters
        ----------
        columns
            The features of n rows, shape (features, n).
        """
        rows = np.arange(columns.shape[1])
        starts = self.feature * len(rows)  # where the column begins that a node asks for
        sums = np.zeros((len(rows), *self.leaf_values.shape[1:]), dtype=self.leaf_values.dtype)
        for root in self.roots:
            leaves = self._leaves_in(root, columns, starts, rows, any_missing)
            sums += self.leaf_values.take(leaves, axis=0)
        return self._divided(sums)

    def _leaves_in(
        self, root: int, columns: Floats, starts: Places, rows: Places, any_missing: bool
    ) -> Places:
        """Return the leaf of a tree that each row ends in."""
        values = columns.ravel()
        nodes, first = self._below_the_top(root, columns, rows, any_missing)
        leaves = nodes.copy()
        for level in range(first + 1, self.depth + 1):
            asked = values.take(starts.take(nodes) + rows)
            nodes = self._ways.take(2 * nodes + self._goes_left(asked, nodes, any_missing))
            if level % LEVELS and level < self.depth:
                continue
            leaves[rows] = nodes
            under_way = np.flatnonzero(~self.is_leaf.take(nodes))
            if not len(under_way):
                break
            nodes, rows = nodes[under_way], rows[under_way]
        return leaves

    def _below_the_top(
        self, root: int, columns: Floats, rows: Places, any_missing: bool
    ) -> tuple[Places, int]:
        """Return the node that each row comes to on the first levels, and how many these are.

        They have few nodes. So each node is asked for all rows, which compares a column with one
        number, instead of looking up for each row what its node asks.
        """
        nodes, taken = np.array([root], dtype=np.intp), np.zeros(len(rows), dtype=np.intp)
        level = 0
        while level < self.depth and len(rows) >> level >= ROWS_OF_A_NODE:
            goes_left = np.zeros((len(nodes), len(rows)), dtype=np.bool_)
            for place, node in enumerate(nodes):
                if not self.is_leaf[node]:
                    asked = columns[self.feature[node]]
                    goes_left[place] = self._goes_left(asked, node, any_missing)
            taken = 2 * taken + goes_left.ravel().take(taken * len(rows) + rows)
            nodes = self._ways.reshape(-1, 2)[nodes].ravel()
            level += 1
        return nodes.take(taken), level

    def _goes_left(self, asked: Any, nodes: Any, any_missing: bool) -> Any:  # noqa: ANN401
        threshold = self.threshold.take(nodes)
        goes_left = asked < threshold if self.strict else asked <= threshold
        if self.category_row is not None:
            goes_left = self._by_category(asked, nodes, goes_left)
        if any_missing:
            goes_left = np.where(np.isnan(asked), self.missing_left[nodes], goes_left)
        return goes_left

    def _by_category(self, asked: Any, nodes: Any, goes_left: Any) -> Any:  # noqa: ANN401
        rows = self.category_row[nodes]
        codes = np.nan_to_num(asked, nan=0.0).astype(np.int64)
        known = (codes >= 0) & (codes < self.goes_left.shape[1])
        listed = self.goes_left[rows, np.where(known, codes, 0)]
        by_category = np.where(known, listed, self.missing_left[nodes])
        return np.where(rows >= 0, by_category, goes_left)


def _columns_at(values: Floats, at: Sequence[Places]) -> Floats:
    """Return the same as `_features_at`, one feature after the other."""
    return np.array([values[rows, place] for place, rows in enumerate(at)])


def _features_at(values: Floats, at: Sequence[Places]) -> Floats:
    """Return the features of rows, given for each feature the row of ``values`` that has it."""
    return np.column_stack([values[rows, place] for place, rows in enumerate(at)])


def depth_of(roots: Any, left: Any, right: Any) -> int:  # noqa: ANN401 - arrays
    """Return how many steps lead from a root to the deepest leaf; one more than allowed at most."""
    nodes = roots
    for depth in range(MOST_DEPTH + 1):
        nodes = nodes[left[nodes] != nodes]
        if not len(nodes):
            return depth
        nodes = np.concatenate([left[nodes], right[nodes]])
    return MOST_DEPTH + 1


class LeafWords:
    """Finds the leaves of one row without walking: a word of bits for each tree, one bit a leaf.

    A value of a feature rules out, in every tree at once, the leaves left of the nodes that send it
    right; what is left after all features begins with the leaf that the row ends in. This is
    QuickScorer (Lucchese et al., SIGIR 2015, doi:10.1145/2766462.2767733) with the words of each
    feature made beforehand for all its values, which fall between few thresholds. For one row, the
    words of all trees are one long integer, which Python combines faster than NumPy an array.
    """

    def __init__(self, trees: Trees, leaves: Any, ruled_out: Any) -> None:  # noqa: ANN401 - arrays
        count = len(trees.roots)
        self._find = bisect_right if trees.strict else bisect_left
        self._leaves, self._leaf_values = leaves, trees.leaf_values
        self._starts = np.arange(count) * (len(leaves) // count)
        word = self._word = ruled_out.dtype
        self._size_bytes = count * word.itemsize
        every = np.iinfo(word).max
        tree_of = np.searchsorted(trees.roots, np.arange(len(trees.feature)), side="right") - 1
        self._features = []
        for feature, nodes in _by_feature(trees):
            thresholds, place = np.unique(trees.threshold[nodes], return_inverse=True)
            words = np.full((len(thresholds) + 1, count), every, dtype=word)
            np.bitwise_and.at(words, (place + 1, tree_of[nodes]), ~ruled_out[nodes])
            missing = np.full(count, every, dtype=word)
            right = nodes[~trees.missing_left[nodes]]
            np.bitwise_and.at(missing, tree_of[right], ~ruled_out[right])
            words = np.bitwise_and.accumulate(words, axis=0)
            self._features.append((feature, thresholds.tolist(), words, missing))
        self._integers = [
            (feature, thresholds, list(map(_integer, words)), _integer(missing))
            for feature, thresholds, words, missing in self._features
        ]

    @classmethod
    def of(cls, trees: Trees) -> "LeafWords | None":
        """Return the words of trees; None where they would be too long or too many."""
        used = sum(len(set(trees.threshold[nodes].tolist())) for _, nodes in _by_feature(trees))
        most = int(np.add.reduceat(trees.is_leaf.astype(np.int64), trees.roots).max())
        size_bytes = next((bits // 8 for bits in WORD_KINDS if most <= bits), BITS)
        if not used or used * len(trees.roots) * size_bytes > MOST_WORD_BYTES:
            return None
        numbered = _numbered(trees)
        return None if numbered is None else cls(trees, *numbered)

    def leaves(self, values: Sequence[float]) -> Any:  # noqa: ANN401 - an array
        """Return the leaf of each tree."""
        left = -1
        for feature, thresholds, words, missing in self._integers:
            value = values[feature]
            left &= missing if value != value else words[self._find(thresholds, value)]
        held = left.to_bytes(self._size_bytes, sys.byteorder)
        return self._first(np.frombuffer(held, dtype=self._word))

    def finder(self, values: Floats) -> Finder:
        """Return what finds the leaves of rows that take their features from ``values``."""
        side: Literal["left", "right"] = "right" if self._find is bisect_right else "left"
        looked_up = []
        for feature, thresholds, words, missing in self._features:
            column = values[:, feature]
            word_of = np.searchsorted(thresholds, column, side=side)
            word_of[np.isnan(column)] = len(words)
            looked_up.append((feature, np.vstack([words, missing]), word_of))

        by_byte = self._values_by_byte

        def added_of(at: Sequence[Places]) -> Any:  # noqa: ANN401 - an array
            left: Any = None
            for feature, words, word_of in looked_up:
                word = words.take(word_of[at[feature]], axis=0)
                left = word if left is None else np.bitwise_and(left, word, out=left)
            if by_byte is None:
                return self._leaf_values.take(self._first(left).T, axis=0)
            starts = np.arange(left.shape[1]) * BYTES
            return by_byte.take(np.add(left.T, starts[:, None], order="C"))

        return added_of

    @cached_property
    def _values_by_byte(self) -> Any:  # noqa: ANN401 - an array
        """Return what each tree adds for each of its words; None where a table would be large."""
        count, leaf_values = len(self._starts), self._leaf_values
        if self._word != np.uint8 or leaf_values.ndim > 1:
            return None
        if count * BYTES * leaf_values.itemsize > MOST_BYTE_VALUES:
            return None
        places = np.minimum(LOWEST_BIT, len(self._leaves) // count - 1)
        return leaf_values[self._leaves[self._starts[:, None] + places]].ravel()

    def _first(self, left: Any) -> Any:  # noqa: ANN401 - an array
        """Return the node of the first leaf that is left of each tree."""
        if left.dtype == np.uint8:
            return self._leaves.take(self._starts + LOWEST_BIT.take(left))
        below = (left & -left) - left.dtype.type(1)
        return self._leaves[self._starts + np.bitwise_count(below)]


def _integer(words: Any) -> int:  # noqa: ANN401 - an array
    return int.from_bytes(words.tobytes(), sys.byteorder)


def _by_feature(trees: Trees) -> Iterator[tuple[int, Any]]:
    """Go through the features that inner nodes ask, each with its nodes, in ascending order."""
    nodes = np.flatnonzero(~trees.is_leaf)
    nodes = nodes[np.argsort(trees.feature[nodes], kind="stable")]
    features, starts = np.unique(trees.feature[nodes], return_index=True)
    yield from zip(features.tolist(), np.split(nodes, starts[1:]), strict=False)


def _numbered(trees: Trees) -> "tuple[Any, Any] | None":
    """Return the node of each leaf, equally many for each tree, and what each inner node rules out.

    That is the leaves left of it, as the bits of a word that is as short as it can be. None where
    a tree has more leaves than `BITS`.
    """
    leaves = np.zeros((len(trees.roots), BITS), dtype=np.int64)
    ruled_out = np.zeros(len(trees.left), dtype=np.uint64)
    most = 0
    left, right = trees.left.tolist(), trees.right.tolist()
    for tree, root in enumerate(trees.roots.tolist()):
        count = 0
        way = [(root, False)]
        started: dict[int, int] = {}
        while way:
            node, is_left_done = way.pop()
            if left[node] == node:
                if count == BITS:
                    return None
                leaves[tree, count] = node
                count += 1
                most = max(most, count)
            elif is_left_done:
                ruled_out[node] = (1 << count) - (1 << started[node])
                way.append((right[node], False))
            else:
                started[node] = count
                way += [(node, True), (left[node], False)]
    word = next(kind for bits, kind in WORD_KINDS.items() if most <= bits)
    return leaves[:, :most].ravel(), ruled_out.astype(word)
