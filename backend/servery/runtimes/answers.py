"""Outcomes as plain values, as they are recorded in ``model.json`` and compared with it."""

import math
from typing import Any, TypeAlias

from servery.manifest import Manifest
from servery.runtimes import Outcomes, Runtime
from servery.signature import ClassOutput, MultiOutput, Output

#: Recorded figures may differ by this much: libraries sum in other orders.
RELATIVE_TOLERANCE = 1e-6
#: A prediction and its probabilities; with several outputs, a list of each.
Answer: TypeAlias = tuple[Any, Any]


def plain_answers(output: Output, outcomes: Outcomes) -> list[Answer]:
    """Return the prediction and the probabilities of each row."""
    if isinstance(output, MultiOutput):
        parts = [
            plain_answers(part, of_part)
            for part, of_part in zip(output.outputs, outcomes.parts or (), strict=True)
        ]
        return [
            ([value for value, _ in row], [probable for _, probable in row])
            for row in zip(*parts, strict=True)
        ]
    if not isinstance(output, ClassOutput):
        return [(value, None) for value in outcomes.values or ()]
    values = [output.classes[index].value for index in outcomes.classes or ()]
    if outcomes.probabilities is None:
        return [(value, None) for value in values]
    return list(zip(values, outcomes.probabilities, strict=True))


def answers_as_recorded(manifest: Manifest, runtime: Runtime) -> bool:
    """Return whether a runtime gives the answers that were recorded at publishing."""
    signature = manifest.signature
    try:
        rows = signature.parse([each.inputs for each in manifest.golden]).rows
        outcomes = runtime.predict(rows)
    except Exception:  # an estimator of another version may raise anything at all
        return False
    answers = plain_answers(signature.output, outcomes)
    return all(
        alike([each.prediction, each.probabilities], list(answer), RELATIVE_TOLERANCE)
        for each, answer in zip(manifest.golden, answers, strict=True)
    )


def alike(left: Any, right: Any, relative_tolerance: float) -> bool:  # noqa: ANN401
    """Return whether two plain values are the same, numbers within a tolerance."""
    if isinstance(left, list) and isinstance(right, list):
        pairs = zip(left, right, strict=False)
        return len(left) == len(right) and all(alike(*pair, relative_tolerance) for pair in pairs)
    if isinstance(left, float) and isinstance(right, (int, float)):
        return math.isclose(left, right, rel_tol=relative_tolerance, abs_tol=1e-12)
    return bool(left == right)
