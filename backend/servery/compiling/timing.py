"""Measures up to how many rows a plan is faster row by row than on arrays."""

import time
from collections.abc import Sequence

from servery.runtimes.plan import MOST_TRIED, Plan, PlanRuntime
from servery.signature import Row, Signature

REPEATS = 3
#: Not worth more time than this.
LONGEST_S = 2.0


def quicker_row_by_row(plan: Plan, signature: Signature, rows: Sequence[Row]) -> int:
    """Return up to how many rows a plan is faster row by row, `MOST_TRIED` at most.

    Parameters
    ----------
    rows
        Real ones; without any, nothing is measured, and 0 is returned.
    """
    if not rows:
        return 0
    one_by_one = PlanRuntime(plan, signature, row_by_row=MOST_TRIED)
    on_arrays = PlanRuntime(plan, signature, row_by_row=1)
    deadline = time.perf_counter() + LONGEST_S
    count = 1
    while count < MOST_TRIED and time.perf_counter() < deadline:
        asked = [rows[place % len(rows)] for place in range(2 * count)]
        if _best_s(on_arrays, asked) < _best_s(one_by_one, asked):
            break
        count *= 2
    return count


def _best_s(runtime: PlanRuntime, rows: Sequence[Row]) -> float:
    times = []
    for _ in range(REPEATS):
        before = time.perf_counter()
        runtime.predict(rows)
        times.append(time.perf_counter() - before)
    return min(times)
