"""Outcomes as plain values, as they are recorded in ``model.json`` and compared with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from servery.inputs import Scalar
from servery.manifest import Manifest
from servery.runtimes import Outcomes, Runtime
from servery.runtimes.columns import as_columns
from servery.runtimes.sense import finite_rows, senseless
from servery.signature import ClassOutput, MultiOutput, Output

#: A prediction and its probabilities; with several outputs, a list of each.
Answer: TypeAlias = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class Tolerance:
    """By how much a number may differ: a share of itself, plus a share of the largest one."""

    relative: float
    of_largest: float

    def admits(self, expected: float, found: float, largest: float) -> bool:
        """Return whether a number is close enough to the expected one."""
        allowed = self.relative * abs(expected) + self.of_largest * largest
        return abs(found - expected) <= allowed


#: Libraries add up in other orders, and so do the threads of a forest with `n_jobs`.
DOUBLE = Tolerance(relative=1e-6, of_largest=1e-12)
#: A table of float32 is computed in float32 by some estimators, and what is served in float64.
SINGLE = Tolerance(relative=1e-3, of_largest=1e-3)


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


def differing(
    output: Output, expected: Sequence[Answer], found: Sequence[Answer], tolerance: Tolerance
) -> list[int]:
    """Return the positions of rows with another answer: labels, probabilities and numbers count.

    Another label is the same answer only where both classes are equally probable.
    """
    outputs = output.outputs if isinstance(output, MultiOutput) else (output,)
    differ: set[int] = set()
    for place, single in enumerate(outputs):
        wanted, given = (_of_output(answers, output, place) for answers in (expected, found))
        if isinstance(single, ClassOutput):
            differ.update(_other_classes(single, wanted, given, tolerance))
        else:
            differ.update(_other_numbers(wanted, given, tolerance))
    return sorted(differ)


def _of_output(answers: Sequence[Answer], output: Output, place: int) -> Sequence[Answer]:
    if not isinstance(output, MultiOutput):
        return answers
    return [
        (values[place], None if probabilities is None else probabilities[place])
        for values, probabilities in answers
    ]


def _other_numbers(
    expected: Sequence[Answer], found: Sequence[Answer], tolerance: Tolerance
) -> Iterator[int]:
    largest = max((abs(value) for value, _ in expected), default=0.0)
    for place, ((wanted, _), (value, _)) in enumerate(zip(expected, found, strict=True)):
        if not tolerance.admits(wanted, value, largest):
            yield place


def _other_classes(
    output: ClassOutput,
    expected: Sequence[Answer],
    found: Sequence[Answer],
    tolerance: Tolerance,
) -> Iterator[int]:
    places = {outcome.value: place for place, outcome in enumerate(output.classes)}
    for row, ((wanted, probable), (value, again)) in enumerate(zip(expected, found, strict=True)):
        if not _are_alike(probable, again, tolerance) or not (
            wanted == value or _are_tied(places, wanted, value, probable, tolerance)
        ):
            yield row


def _are_alike(
    expected: Sequence[float] | None, found: Sequence[float] | None, tolerance: Tolerance
) -> bool:
    if expected is None or found is None:
        return expected is found
    return len(expected) == len(found) and all(
        tolerance.admits(wanted, value, 1.0) for wanted, value in zip(expected, found, strict=True)
    )


def _are_tied(
    places: dict[Scalar, int],
    first: Scalar,
    second: Scalar,
    probabilities: Sequence[float] | None,
    tolerance: Tolerance,
) -> bool:
    """Return whether two classes are equally probable, and none is more so."""
    if probabilities is None or first not in places or second not in places:
        return False
    highest = max(probabilities)
    return all(
        tolerance.admits(highest, probabilities[places[value]], 1.0) for value in (first, second)
    )


def recorded_answers(manifest: Manifest) -> list[Answer]:
    """Return the answers that were recorded at publishing."""
    return [(each.prediction, each.probabilities) for each in manifest.golden]


def fault_of_recorded(manifest: Manifest, runtime: Runtime) -> str | None:
    """Return how a runtime's answers to the recorded rows are wrong; None where they are right.

    The text is the end of a sentence. They must make sense, and be those that were recorded.
    """
    signature = manifest.signature
    if not manifest.golden:
        return None
    try:
        rows = signature.parse([each.inputs for each in manifest.golden]).rows
        outcomes = runtime.predict(rows)
    except Exception:  # an estimator of another version may raise anything at all
        return "does not answer its recorded rows"
    columns = as_columns(outcomes)
    if not finite_rows(columns, len(rows)).all():
        return "answers its recorded rows with a number that is not finite"
    fault = senseless(signature.output, columns, labels_follow=False)
    if fault is not None:
        return f"answers its recorded rows with {fault}"
    answers = plain_answers(signature.output, outcomes)
    try:
        differ = differing(signature.output, recorded_answers(manifest), answers, DOUBLE)
    except (TypeError, ValueError, LookupError):
        return "has recorded answers of another kind than its output"
    return "does not give its recorded answers" if differ else None
