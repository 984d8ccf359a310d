"""Finds out whether concurrent requests to a model may be answered by one call of its runtime."""

import time
from collections.abc import Sequence

from servery.compiling.verification import ONNX_TOLERANCE, compared, only
from servery.estimators.plans import Unsupported
from servery.runtimes import Runtime
from servery.signature import Row

#: Rows that are asked together.
TOGETHER = 16
#: Groups of rows that are compared, and for how long at most.
GROUPS, LONGEST_S = 8, 2.0
#: Asking together must take less than this share of the time of asking one by one.
MOST_SHARE = 0.5


def answers_together(runtime: Runtime, rows: Sequence[Row]) -> bool:
    """Return whether rows get the same answers together as alone, in less than half the time.

    An estimator may scale by the rows that it is given. And where the time mostly goes into the
    rows, several processes answer sooner than one.

    Parameters
    ----------
    rows
        Real or made ones.
    """
    together_s = alone_s = 0.0
    deadline = time.perf_counter() + LONGEST_S
    step = max(TOGETHER, len(rows) // GROUPS)
    for start in range(0, len(rows), step):
        try:
            for_all, for_each = _seconds(runtime, rows[start : start + TOGETHER])
        except Unsupported:  # a label or a number differs
            return False
        together_s += for_all
        alone_s += for_each
        if time.perf_counter() > deadline:
            break
    return together_s < MOST_SHARE * alone_s


def _seconds(runtime: Runtime, rows: Sequence[Row]) -> tuple[float, float]:
    """Return how long rows take together and one by one; no time where they are refused.

    Raises
    ------
    Unsupported
        The answers differ.
    """
    began = time.perf_counter()
    try:
        together = runtime.predict(rows)
        answered = time.perf_counter()
        alone = [runtime.predict([row]) for row in rows]
    except Exception:  # an estimator may refuse rows, made ones above all
        return 0.0, 0.0
    ended = time.perf_counter()
    for place, outcomes in enumerate(alone):
        compared(only(together, place), outcomes, ONNX_TOLERANCE)
    return answered - began, ended - answered
