"""Counterfactuals: the smallest changes of the changeable inputs that would turn an outcome.

The changeable inputs are moved through the values that training saw, one at a time, then two and
three together, all of it in a few large questions; what is found is then drawn back towards the
instance as far as it holds.
"""

import itertools
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.explaining.figures import asked, figures_or_nan, outcomes_of
from servery.inputs import Input, Scalar, Value
from servery.runtimes import Coalitions, Floats
from servery.served import ServedModel
from servery.signature import ClassOutput, Row

MOST_CHANGES = 3
MOST_FOUND = 5
#: Most ways that are reported for one set of inputs.
MOST_OF_A_SET = 2
#: Values that each input is moved through, and how many inputs are changed three at a time.
GRID = 15
MOST_TOGETHER = 5
#: A set of inputs is reported next to a subset of it only if it costs this much less.
CHEAPER = 0.7
#: What each further change costs, in shares of the training rows that a change passes over.
ANOTHER = 0.25
ROUNDS = 3


class Change(msgspec.Struct, frozen=True):
    """One input that would be otherwise."""

    input: str
    from_: Scalar | None = msgspec.field(name="from")
    to: Scalar | None


class Counterfactual(msgspec.Struct, frozen=True):
    """Changes, and what the model would answer then; ``probability`` is that of the class."""

    changes: list[Change]
    prediction: Scalar
    probability: float | None


@dataclass(frozen=True, slots=True)
class Aim:
    """What the outcome should be: a class, by its place, or a number within two ends."""

    place: int | None = None
    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True, slots=True)
class Move:
    """One input set to another value, and what that costs."""

    place: int
    value: Value
    cost: float


@dataclass(frozen=True, slots=True)
class Way:
    """Moves that reach the aim together."""

    moves: tuple[Move, ...]

    @property
    def cost(self) -> float:
        """What the moves cost together; fewer are cheaper."""
        return sum(move.cost for move in self.moves) + ANOTHER * len(self.moves)

    @property
    def places(self) -> frozenset[int]:
        """The inputs that are changed."""
        return frozenset(move.place for move in self.moves)


def counterfactuals(
    model: ServedModel, row: Row, aim: Aim, *, budget_s: float = 1.0
) -> list[Counterfactual]:
    """Find small changes after which the model would answer what is aimed at.

    Parameters
    ----------
    row
        The parsed instance.
    budget_s
        What would take longer is not begun: a slow model is asked for fewer changes at a time.

    Returns
    -------
    list of Counterfactual
        At most five, the smallest first, each of at most three inputs that the card marks as
        changeable, within the values that training saw. None where none was found, or where the
        outcome is what is aimed at already.

    Raises
    ------
    Unanswerable
        The model gives no answer to the row. Changes after which it gives none are left out.
    ModelFailed
        The estimator raised.
    """
    outcomes_of(model, row)
    search = Search(model, row, aim, until=time.monotonic() + budget_s)
    if search.reached([()])[0]:
        return []
    ways = [search.drawn_back(way) for way in _varied(search.ways(budget_s))]
    ways = [way for way in ways if search.is_usual(way)]
    return search.in_words(_sparse(sorted(ways, key=lambda way: way.cost))[:MOST_FOUND])


class Search:
    """Asks a model for an instance with some inputs moved."""

    def __init__(self, model: ServedModel, row: Row, aim: Aim, *, until: float) -> None:
        self._model = model
        self._until = until
        self._row = row
        self._aim = aim
        self._inputs = model.signature.inputs
        self._moves = [
            _moves(item, place, row[place])
            for place, item in enumerate(self._inputs)
            if item.changeable
        ]

    def ways(self, budget_s: float) -> list[Way]:
        """Return every way that was found, of one, two and three moves."""
        found: list[Way] = []
        of_one_s = 0.0
        moves: list[Sequence[Move]] = [each for each in self._moves if each]
        for count in range(1, min(MOST_CHANGES, len(moves)) + 1):
            sets = list(
                itertools.chain.from_iterable(
                    itertools.product(*some) for some in itertools.combinations(moves, count)
                )
            )
            if len(sets) * of_one_s > budget_s:
                break
            began = time.perf_counter()
            figures = self._figures(sets)
            of_one_s = (time.perf_counter() - began) / max(1, len(sets))
            reached = self._reached(figures)
            found += [
                Way(each) for each, is_reached in zip(sets, reached, strict=True) if is_reached
            ]
            if count == 1:
                moves = self._most_telling(moves, figures)
        return found

    def _most_telling(
        self, moves: Sequence[Sequence[Move]], figures: Floats
    ) -> list[Sequence[Move]]:
        """Return the moves that come nearest to the aim by themselves: all would be too many."""
        ends = np.cumsum([len(each) for each in moves])[:-1]
        away = np.split(self._away(figures), ends)
        ranked = np.argsort([far.min() for far in away], kind="stable")[:MOST_TOGETHER]
        return [
            [moves[place][at] for at in np.argsort(away[place], kind="stable")[:GRID].tolist()]
            for place in sorted(ranked.tolist())
        ]

    def drawn_back(self, way: Way) -> Way:
        """Return a way with every quantity as near to the instance as it still reaches the aim."""
        for _ in range(ROUNDS):
            for at, move in enumerate(way.moves):
                nearer = self._nearer(move)
                sets = [(*way.moves[:at], each, *way.moves[at + 1 :]) for each in nearer]
                reached = self.reached(sets) if sets else []
                best = min(
                    (each for each, is_reached in zip(nearer, reached, strict=True) if is_reached),
                    key=lambda each: each.cost,
                    default=move,
                )
                way = Way((*way.moves[:at], best, *way.moves[at + 1 :]))
        return way

    def _nearer(self, move: Move) -> list[Move]:
        item, present = self._inputs[move.place], self._row[move.place]
        return [
            Move(move.place, value, item.cost(present, value))
            for value in item.between(present, move.value, GRID)
        ]

    def reached(self, sets: Sequence[Sequence[Move]]) -> list[bool]:
        """Return whether each set of moves reaches the aim."""
        return self._reached(self._figures(sets))

    def _reached(self, figures: Floats) -> list[bool]:
        aim, output = self._aim, self._model.signature.output
        if aim.place is None or not isinstance(output, ClassOutput):
            within = (aim.low <= figures[:, 0]) & (figures[:, 0] <= aim.high)
            return list((within & _is_answered(figures)).tolist())
        if output.threshold is not None:
            positive = [each.value for each in output.classes].index(output.threshold.class_)
            hit = figures[:, positive] >= output.threshold.value
            return list(((hit == (aim.place == positive)) & _is_answered(figures)).tolist())
        likeliest = figures.argmax(axis=1)
        return list(((likeliest == aim.place) & _is_answered(figures)).tolist())

    def _away(self, figures: Floats) -> Floats:
        aim = self._aim
        if aim.place is not None:
            away = -figures[:, aim.place]
        else:
            first = figures[:, 0]
            away = np.maximum(aim.low - first, 0.0) + np.maximum(first - aim.high, 0.0)
        return np.where(_is_answered(figures), away, np.inf)

    def _figures(self, sets: Sequence[Sequence[Move]]) -> Floats:
        """Return what is answered after each set of moves; NaN where nothing is."""
        moves = list({(move.place, move.value): move for some in sets for move in some}.values())
        number = {(move.place, move.value): at for at, move in enumerate(moves, 1)}
        donors = [self._row, *(self._after([move]) for move in moves)]
        source: NDArray[np.intp] = np.zeros((len(sets), len(self._row)), dtype=np.intp)
        for at, some in enumerate(sets):
            for move in some:
                source[at, move.place] = number[move.place, move.value]
        return figures_or_nan(self._model, Coalitions(donors, source), until=self._until)

    def _after(self, moves: Sequence[Move]) -> Row:
        values = list(self._row)
        for move in moves:
            values[move.place] = move.value
        return tuple(values)

    def is_usual(self, way: Way) -> bool:
        """Return whether the instance after the moves is one as training saw them."""
        tree = self._model.manifest.anomaly
        if tree is None or tree.is_anomalous(self._row):
            return True
        return not tree.is_anomalous(self._after(way.moves))

    def in_words(self, ways: Sequence[Way]) -> list[Counterfactual]:
        """Return ways in the words of the model; those that do not hold are left out."""
        if not ways:
            return []
        model, aim = self._model, self._aim
        rows = [self._after(way.moves) for way in ways]
        outcomes = asked(model, lambda: model.runtime.predict(rows))
        output = model.signature.output
        if aim.place is None or not isinstance(output, ClassOutput):
            return [
                Counterfactual(self._changes(way), value, None)
                for way, value in zip(ways, outcomes.values or (), strict=True)
                if aim.low <= value <= aim.high
            ]
        sure = outcomes.probabilities
        return [
            Counterfactual(
                self._changes(way),
                output.classes[aim.place].value,
                None if sure is None else sure[at][aim.place],
            )
            for at, way in enumerate(ways)
            if (outcomes.classes or ())[at] == aim.place
        ]

    def _changes(self, way: Way) -> list[Change]:
        return [
            Change(item.name, item.to_json(self._row[move.place]), item.to_json(move.value))
            for move in way.moves
            for item in [self._inputs[move.place]]
        ]


def _is_answered(figures: Floats) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(figures).all(axis=1))


def _moves(item: Input, place: int, present: Value) -> list[Move]:
    """Return the values that an input may be set to: those that training saw, and may be sent."""
    return [
        Move(place, value, item.cost(present, value))
        for value in item.alternatives(present, GRID)
        if item.may_become(present, value)
    ]


def _varied(ways: Sequence[Way]) -> Iterator[Way]:
    """Return the cheapest ways of each set of inputs, none of them for the same categories."""
    by_inputs: dict[frozenset[int], list[frozenset[Value]]] = {}
    for way in sorted(ways, key=lambda way: way.cost):
        of_set = by_inputs.setdefault(way.places, [])
        words = frozenset(move.value for move in way.moves if isinstance(move.value, (str, bool)))
        if len(of_set) < MOST_OF_A_SET and words not in of_set:
            of_set.append(words)
            yield way


def _sparse(ways: Sequence[Way]) -> list[Way]:
    """Leave out what changes more than another way needs, unless that saves much."""
    kept: list[Way] = []
    for way in sorted(ways, key=lambda way: len(way.moves)):
        within = [each.cost for each in kept if each.places < way.places]
        if not within or way.cost < CHEAPER * min(within):
            kept.append(way)
    return sorted(kept, key=lambda way: way.cost)
