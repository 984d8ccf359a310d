"""Shapley values of a cooperative game: how much each player contributes to the total.

A game has players, and a worth for every coalition of them. Here it is the mean of several games
with the same players, one per background row. This module knows nothing of models.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from servery.runtimes import Floats

#: Up to this many players, and coalitions over all backgrounds, all coalitions are evaluated.
FEW_PLAYERS = 12
MOST_SETS = 1 << 17
#: More passes hardly improve a sampling estimate.
MOST_PASSES = 40
#: Sampling stops when all standard errors are below this share of the largest difference.
CLOSE = 0.002
#: An estimate from fewer rows says little of many: a call has costs of its own.
FEWEST_TIMED = 50
#: The estimate of all coalitions may exceed the budget by this factor: larger calls are faster.
OVERESTIMATE = 4
#: If two passes over all backgrounds would take too long, so many remain at least.
FEWEST_BACKGROUNDS = 10
#: Most cells of one call's table, which bounds memory.
MOST_CELLS = 1 << 22


class Game(Protocol):
    """Players, and the worth of coalitions of them against one of several backgrounds."""

    @property
    def players(self) -> int:
        """The number of players."""
        ...

    @property
    def backgrounds(self) -> int:
        """The number of backgrounds."""
        ...

    def worth(self, present: NDArray[np.bool_], against: NDArray[np.intp]) -> Floats:
        """Return the worth of n coalitions.

        Parameters
        ----------
        present
            Which players are in each coalition, shape (n, players).
        against
            The background of each coalition, shape (n,).
        """
        ...


@dataclass(frozen=True, slots=True)
class ShapleyValues:
    """The Shapley value of each player.

    Attributes
    ----------
    values, standard_errors
        Shape (players,); the errors are zero if the values are exact.
    base, whole
        The mean worth of the empty and the full coalition; they differ by the sum of the values.
    """

    values: Floats
    standard_errors: Floats
    base: float
    whole: float
    is_exact: bool


def shapley(
    game: Game, budget_s: float, seed: int = 0, clock: Callable[[], float] = time.perf_counter
) -> ShapleyValues:
    """Return the Shapley values of a game: exact for few players, otherwise sampled.

    Parameters
    ----------
    budget_s
        No sample starts after this time; a game of few players that would take longer is
        sampled too. If two samples would take longer, there are fewer backgrounds.
    seed
        Seed of the drawn orders.

    References
    ----------
    L. S. Shapley (1953), Contributions to the Theory of Games II, 307-317.
    """
    began = clock()
    until = began + budget_s
    nobody = np.zeros((game.backgrounds, game.players), dtype=bool)
    ends = np.arange(game.backgrounds)
    empty, full = game.worth(nobody, ends), game.worth(~nobody, ends)
    is_timed = 2 * game.backgrounds >= FEWEST_TIMED
    row_s = (clock() - began) / (2 * game.backgrounds) if is_timed else 0.0
    sets = game.backgrounds << min(game.players, FEW_PLAYERS)
    is_quick = row_s * sets <= OVERESTIMATE * budget_s
    if game.players <= FEW_PLAYERS and sets <= MOST_SETS and is_quick:
        exact = _exact(game, until, clock)
        if exact is not None:
            return exact
    ends = _affordable(game, row_s, until - clock())
    draw = np.random.default_rng(seed)
    return _sampled(game, ends, (empty[ends], full[ends]), until, clock, draw)


def _affordable(game: Game, row_s: float, left_s: float) -> NDArray[np.intp]:
    """Return the backgrounds against which there is time for two passes, evenly spread.

    Parameters
    ----------
    row_s
        What a row takes; 0 if not measured.
    """
    backgrounds = np.arange(game.backgrounds)
    two_passes_s = 4 * (game.players - 1) * row_s  # against one background
    if two_passes_s <= 0 or two_passes_s * len(backgrounds) <= left_s:
        return backgrounds
    few = max(FEWEST_BACKGROUNDS, int(left_s / two_passes_s))
    return backgrounds[:: -(-len(backgrounds) // few)]


def _exact(game: Game, until: float, clock: Callable[[], float]) -> ShapleyValues | None:
    """Evaluate all coalitions; return None once this would take too long."""
    present, weights = _coalitions(game.players)
    backgrounds = np.arange(game.backgrounds)
    worths = []
    pieces = max(1, min(16, len(present) * len(backgrounds) // 4096))
    for number, piece in enumerate(np.array_split(present, pieces), 1):
        began = clock()
        sets = np.repeat(piece, len(backgrounds), axis=0)
        worth = game.worth(sets, np.tile(backgrounds, len(piece)))
        worths.append(worth.reshape(len(piece), -1).mean(axis=1))
        now = clock()
        if now + (now - began) * (pieces - number) > until and number < pieces:
            return None
    worth = np.concatenate(worths)
    values = weights.T @ worth
    return ShapleyValues(
        values, np.zeros_like(values), float(worth[0]), float(worth[-1]), is_exact=True
    )


@lru_cache(maxsize=FEW_PLAYERS + 1)
def _coalitions(players: int) -> tuple[NDArray[np.bool_], Floats]:
    """Return all coalitions, and the weight of each one's worth in each player's value."""
    present = (np.arange(2**players)[:, None] >> np.arange(players)) & 1 == 1
    sizes = present.sum(axis=1, keepdims=True)
    # Weights depend on the size of the coalition without the player.
    others = sizes - present
    weights = 1.0 / (players * _binomials(players - 1)[others]) if players else np.zeros((1, 0))
    return present, np.where(present, weights, -weights)


def _binomials(n: int) -> Floats:
    return np.array([math.comb(n, k) for k in range(n + 1)], dtype=np.float64)


def _sampled(
    game: Game,
    backgrounds: NDArray[np.intp],
    worths: tuple[Floats, Floats],
    until: float,
    clock: Callable[[], float],
    draw: "np.random.Generator",
) -> ShapleyValues:
    """Let the players join in random orders, each together with its reverse.

    ``worths`` are those of nobody and of all players, against each of the backgrounds.

    Every pass draws one order per background, so that the values always add up. The standard errors
    come from the variance between passes, within each background.

    References
    ----------
    J. Castro, D. Gómez & J. Tejada (2009), Computers & Operations Research 36(5), 1726-1730;
    antithetic orders: R. Mitchell et al. (2022), JMLR 23(43).
    """
    shape = (len(backgrounds), game.players)
    empty, full = worths
    total, squares = np.zeros(shape), np.zeros(shape)
    passes = 0
    while passes < MOST_PASSES:
        began = clock()
        orders = draw.permuted(np.tile(np.arange(game.players), (len(backgrounds), 1)), axis=1)
        brought = (
            _joining(game, orders, backgrounds, worths)
            + _joining(game, orders[:, ::-1], backgrounds, worths)
        ) / 2
        total += brought
        squares += brought**2
        passes += 1
        if passes < 2:
            continue
        errors = _errors(total, squares, passes)
        span = float(np.abs(full - empty).max()) or 1.0
        now = clock()
        if errors.max(initial=0.0) <= CLOSE * span or now + (now - began) > until:
            break
    values = total.mean(axis=0) / passes
    errors = _errors(total, squares, passes)
    return ShapleyValues(values, errors, float(empty.mean()), float(full.mean()), is_exact=False)


def _joining(
    game: Game,
    orders: NDArray[np.intp],
    backgrounds: NDArray[np.intp],
    worths: tuple[Floats, Floats],
) -> Floats:
    """Return the gain of each player when it joins, shape (backgrounds, players)."""
    brought = np.empty(orders.shape)
    piece = max(1, MOST_CELLS // game.players**2)
    for start in range(0, len(orders), piece):
        some = slice(start, start + piece)
        ends = worths[0][some], worths[1][some]
        brought[some] = _joining_few(game, orders[some], backgrounds[some], ends)
    return brought


def _joining_few(
    game: Game,
    orders: NDArray[np.intp],
    against: NDArray[np.intp],
    worths: tuple[Floats, Floats],
) -> Floats:
    empty, full = worths
    count, players = orders.shape
    rank = np.argsort(orders, axis=1)  # when each player joins
    steps = np.arange(1, players)
    present = rank[:, None, :] < steps[None, :, None]
    worth = game.worth(present.reshape(-1, players), np.repeat(against, players - 1))
    ends = [empty[:, None], worth.reshape(count, players - 1), full[:, None]]
    gains = np.diff(np.hstack(ends), axis=1)
    return np.take_along_axis(gains, rank, axis=1)


def _errors(total: Floats, squares: Floats, passes: int) -> Floats:
    """Return the standard error of each player's value."""
    spread = np.maximum(squares - total**2 / passes, 0.0) / (passes - 1)
    return np.asarray(np.sqrt(spread.sum(axis=0) / passes) / len(total))
