"""Shapley values of games whose values are known."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from servery.explaining.shapley import shapley


@dataclass
class Weighted:
    """Each background has weights; a set is worth their sum, and pairs of neighbours more."""

    weights: NDArray[np.float64]
    together: float = 0.0
    asked: int = 0

    @property
    def players(self) -> int:
        return int(self.weights.shape[1])

    @property
    def backgrounds(self) -> int:
        return len(self.weights)

    def worth(self, present: NDArray[np.bool_], against: NDArray[np.intp]) -> NDArray[np.float64]:
        self.asked += len(present)
        alone = (present * self.weights[against]).sum(axis=1)
        pairs = (present[:, :-1] & present[:, 1:]).sum(axis=1)
        return np.asarray(alone + self.together * pairs)


def by_definition(game: Weighted) -> list[float]:
    players = range(game.players)
    values = []
    for player in players:
        total = 0.0
        others = [each for each in players if each != player]
        for size in range(game.players):
            for some in itertools.combinations(others, size):
                sets = np.zeros((2 * game.backgrounds, game.players), dtype=bool)
                sets[:, list(some)] = True
                sets[game.backgrounds :, player] = True
                worth = game.worth(sets, np.tile(np.arange(game.backgrounds), 2))
                gain = worth[game.backgrounds :].mean() - worth[: game.backgrounds].mean()
                total += gain / (game.players * math.comb(game.players - 1, size))
        values.append(total)
    return values


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 5), st.integers(1, 3), st.integers(0, 99), st.floats(-2, 2))
def test_exact_values_are_those_of_the_definition(
    players: int, backgrounds: int, seed: int, together: float
) -> None:
    weights = np.random.default_rng(seed).normal(size=(backgrounds, players))
    game = Weighted(weights, together)
    shares = shapley(game, math.inf)
    assert shares.is_exact
    assert shares.values == pytest.approx(by_definition(game), abs=1e-12)
    assert shares.base + shares.values.sum() == pytest.approx(shares.whole, abs=1e-12)
    assert not shares.standard_errors.any()


def test_a_game_without_players_is_worth_what_it_is() -> None:
    shares = shapley(Weighted(np.empty((2, 0))), 1.0)
    assert (shares.base, shares.whole, len(shares.values)) == (0.0, 0.0, 0)


def test_many_players_are_sampled_within_their_standard_errors() -> None:
    weights = np.random.default_rng(1).normal(size=(20, 16))
    shares = shapley(Weighted(weights, together=0.7), math.inf)
    inner = np.full(16, 0.7)
    inner[[0, -1]] = 0.35
    expected = weights.mean(axis=0) + inner
    assert not shares.is_exact
    assert shares.base + shares.values.sum() == pytest.approx(shares.whole, abs=1e-9)
    assert (np.abs(shares.values - expected) <= 4 * shares.standard_errors + 1e-9).all()


def test_the_standard_error_is_that_of_repeated_draws() -> None:
    draw = np.random.default_rng(2)
    table = draw.normal(size=2**13)

    class Rough(Weighted):
        def worth(
            self, present: NDArray[np.bool_], against: NDArray[np.intp]
        ) -> NDArray[np.float64]:
            codes = present @ (1 << np.arange(13))
            return np.asarray(table[codes] * (1 + against / 10))

    game = Rough(np.zeros((5, 13)))
    runs = [shapley(game, math.inf, seed=seed) for seed in range(60)]
    spread = np.std([run.values for run in runs], axis=0, ddof=1)
    stated = np.mean([run.standard_errors for run in runs], axis=0)
    assert stated == pytest.approx(spread, rel=0.4)


def test_the_same_seed_draws_the_same_values() -> None:
    game = Weighted(np.random.default_rng(3).normal(size=(4, 13)), together=1.0)
    assert (shapley(game, math.inf).values == shapley(game, math.inf).values).all()


def test_without_time_there_are_still_two_passes_and_no_more() -> None:
    game = Weighted(np.random.default_rng(4).normal(size=(3, 13)), together=5.0)
    shares = shapley(game, 0.0)
    assert game.asked == 3 * 2 + 2 * 2 * 3 * 12
    assert shares.base + shares.values.sum() == pytest.approx(shares.whole, abs=1e-9)
    assert shares.standard_errors.max() > 0


def test_few_players_that_take_too_long_are_sampled() -> None:
    ticks = itertools.count()
    game = Weighted(np.random.default_rng(5).normal(size=(100, 10)))
    shares = shapley(game, 4.0, clock=lambda: float(next(ticks)))
    assert not shares.is_exact


def test_a_slow_game_is_sampled_against_fewer_backgrounds_within_its_budget() -> None:
    class Slow(Weighted):
        """Takes a moment of its own clock for each row."""

        now = 0.0

        def worth(
            self, present: NDArray[np.bool_], against: NDArray[np.intp]
        ) -> NDArray[np.float64]:
            self.now += len(present) / 8_000
            return super().worth(present, against)

    weights = np.random.default_rng(6).normal(size=(100, 10))
    game = Slow(weights, together=5.0)
    shares = shapley(game, 0.1, clock=lambda: game.now)
    assert game.now <= 0.1
    assert not shares.is_exact
    assert shares.base + shares.values.sum() == pytest.approx(shares.whole, abs=1e-9)
    roomy = Slow(weights, together=5.0)
    assert shapley(roomy, 60.0, clock=lambda: roomy.now).is_exact
