"""Compares a plan with its estimator: on real rows, and on rows made to reveal differences.

The same labels always, the same numbers within `TOLERANCE`; each row alone and all at once.
"""

import math
import random
import warnings
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servery.estimators.plans import Unsupported
from servery.inputs import Input, Refusal, Value
from servery.manifest import Verification
from servery.runtimes import Outcomes, Runtime
from servery.runtimes.columns import as_columns
from servery.runtimes.plan import Plan
from servery.runtimes.plan.lineage import Lineage
from servery.runtimes.plan.steps.trees import Trees
from servery.runtimes.sense import answered, finite_rows
from servery.signature import Row, Signature

#: The largest relative difference of a number that is served.
TOLERANCE = 1e-6
#: That of a conversion to ONNX. In single precision, numbers near a threshold of a tree fall on its
#: other side, and nothing here knows the thresholds.
ONNX_TOLERANCE = 1e-9
#: Smaller numbers are held to a share of this one.
SMALLEST = 1e-9
MADE_ROWS = 3000
#: How many of all rows are asked one by one as well.
ALONE = 400
#: How many of the rows that a plan refuses the estimator is asked about, one by one.
REFUSED = 200
#: How many thresholds of trees are tried for one input.
THRESHOLDS = 400


def verify(
    reference: Runtime,
    plan: Runtime,
    signature: Signature,
    rows: Sequence[Row],
    steps: Plan | None = None,
    tolerance: float = TOLERANCE,
) -> Verification:
    """Hold a compiled form to the estimator.

    Parameters
    ----------
    rows
        Real ones, as many as there are.
    steps
        Of a plan: the thresholds of its trees are tried.
    tolerance
        The largest relative difference of a number.

    Raises
    ------
    Unsupported
        Says on what they differ.
    """
    asked, expected = _answered(reference, plan, [*rows, *made_rows(signature, rows, steps)])
    try:
        found = plan.predict(asked)
    except ValueError as error:
        raise Unsupported("this model: the plan refused rows that the estimator answers") from error
    largest = compared(expected, found, tolerance)
    step = max(1, len(asked) // ALONE)
    for start in range(0, len(asked), step):
        alone = plan.predict([asked[start]])
        largest = max(largest, compared(only(expected, start), alone, tolerance))
    return Verification(rows=len(asked), largest_difference=largest)


def _quietly(runtime: Runtime, rows: Sequence[Row]) -> Outcomes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return runtime.predict(rows)


def _fails(runtime: Runtime, rows: Sequence[Row]) -> bool:
    try:
        return not _are_finite(_quietly(runtime, rows), len(rows)).all()
    except Exception:  # an estimator may raise anything at all
        return True


def _are_finite(outcomes: Outcomes, count: int) -> NDArray[np.bool_]:
    return finite_rows(as_columns(outcomes), count)


def _answered(
    reference: Runtime, plan: Runtime, rows: Sequence[Row]
) -> tuple[Sequence[Row], Outcomes]:
    """Return the rows that the estimator answers, and its answers.

    The plan must fail on the others as well. An estimator may refuse all rows of a call because of
    one. The plan is asked first, which is fast: of the rows that it has no answer to, a few are
    asked one by one, so that the others are not refused along with them.
    """
    with suppress(Exception):  # an estimator may raise anything at all
        outcomes = _quietly(reference, rows)
        if _are_finite(outcomes, len(rows)).all():
            return rows, outcomes
    likely: list[Row] = []
    others: list[Row] = []
    is_likely = answered(lambda some: as_columns(_quietly(plan, some)), rows)
    for row, has_answer in zip(rows, is_likely, strict=True):
        (likely if has_answer else others).append(row)
    few = others[:: max(1, len(others) // REFUSED)]
    taken = [
        *_bisected(reference, plan, likely),
        *(row for row in few if not _fails(reference, [row])),
    ]
    return taken, _quietly(reference, taken)


def _bisected(reference: Runtime, plan: Runtime, rows: Sequence[Row]) -> Sequence[Row]:
    if not rows or not _fails(reference, rows):
        return rows
    if len(rows) == 1:
        if not _fails(plan, rows):
            raise Unsupported("this model: the plan answered rows that the estimator refuses")
        return []
    middle = len(rows) // 2
    return [
        *_bisected(reference, plan, rows[:middle]),
        *_bisected(reference, plan, rows[middle:]),
    ]


def only(outcomes: Outcomes, place: int) -> Outcomes:
    """Return the outcomes of one row."""
    taken = {
        name: None if (of := getattr(outcomes, name)) is None else [of[place]]
        for name in outcomes.__struct_fields__
    }
    return Outcomes(**taken)


def compared(expected: Outcomes, found: Outcomes, tolerance: float) -> float:
    """Return the largest relative difference of two answers to the same rows.

    Raises
    ------
    Unsupported
        A label or a number differs.
    """
    if expected.classes is not None and list(expected.classes) != list(found.classes or ()):
        raise Unsupported("this model: the plan gave other labels")
    largest = 0.0
    for name in ("values", "probabilities", "scores"):
        ours, theirs = getattr(found, name), getattr(expected, name)
        if (ours is None) != (theirs is None):
            raise Unsupported(f"a model with {name}, which the plan does not give")
        if theirs is not None:
            largest = max(largest, _difference(np.asarray(theirs), np.asarray(ours)))
    if not largest <= tolerance:
        raise Unsupported(f"this model: the plan's answers differed by up to {largest:.2g}")
    return largest


def _difference(expected: Any, found: Any) -> float:  # noqa: ANN401 - arrays
    """Return the largest difference, relative to the value but at least to `SMALLEST`."""
    same = (found == expected) | (np.isnan(found) & np.isnan(expected))
    with np.errstate(invalid="ignore"):
        relative = np.abs(found - expected) / np.maximum(np.abs(expected), SMALLEST)
    relative[same] = 0.0
    return math.inf if np.isnan(relative).any() else float(relative.max(initial=0.0))


def made_rows(signature: Signature, rows: Sequence[Row], plan: Plan | None) -> list[Row]:
    """Make rows that could reveal a difference between a plan and its estimator.

    Range ends, thresholds of trees and their neighbours, every category, unknown and missing
    values, odd texts: each alone in an ordinary row, and many at once.
    """
    thresholds = _thresholds(plan) if plan else {}
    pools = [
        _accepted(item, item.trial_values([row[place] for row in rows], thresholds.get(place, ())))
        for place, item in enumerate(signature.inputs)
    ]
    chance = random.Random(0)  # noqa: S311 - the same rows each time
    bases = list(rows) or [tuple(pool[0] for pool in pools)]
    tried = [(place, value) for place, pool in enumerate(pools) for value in pool]
    chance.shuffle(tried)
    made: list[Row] = []
    for place, value in tried[:MADE_ROWS]:
        base = chance.choice(bases)
        made.append((*base[:place], value, *base[place + 1 :]))
    while len(made) < MADE_ROWS:
        share = chance.random()
        base = chance.choice(bases)
        made.append(
            tuple(
                chance.choice(pool) if chance.random() < share else value
                for value, pool in zip(base, pools, strict=True)
            )
        )
    return made


def _accepted(item: Input, values: Iterable[object]) -> list[Value]:
    """Return the values that an input takes, parsed; one at least."""
    taken: list[Value] = []
    for value in values:
        try:
            taken.append(item.parse(value))
        except Refusal:  # no caller can send it
            continue
    return [*taken, item.value_of_missing] if item.missing_allowed or not taken else taken


def _thresholds(plan: Plan) -> dict[int, list[float]]:
    """Return for each column of a row the thresholds that trees hold it to."""
    found: dict[int, set[float]] = {}
    for trees in (step for step in plan.walk() if isinstance(step, Trees)):
        for feature, origin in enumerate(trees.features.lineage()):
            if origin is not None:
                asked = np.unique(trees.threshold[trees.feature == feature])
                found.setdefault(origin.place, set()).update(_before(asked, origin))
    chance = random.Random(3)  # noqa: S311
    return {
        place: chance.sample(sorted(values), min(len(values), THRESHOLDS))
        for place, values in found.items()
    }


def _before(asked: Any, origin: Lineage) -> list[float]:  # noqa: ANN401 - an array
    values = [origin.input_of(float(value)) for value in asked if math.isfinite(value)]
    return [value for value in values if value is not None and math.isfinite(value)]
