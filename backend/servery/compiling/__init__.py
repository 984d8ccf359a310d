"""From a fitted estimator to a plan: its parameters, read into steps that need no library.

The record of each family of estimators says how it compiles (`servery.estimators`). A part without
a step, or with a setting that no step covers, is named as unsupported, and there is no plan.
"""

import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from servery.compiling.gathering import answers_together
from servery.compiling.onnx import conversions
from servery.compiling.timing import quicker_row_by_row
from servery.compiling.verification import MADE_ROWS, ONNX_TOLERANCE, made_rows, verify
from servery.estimators.parts import labels_follow_probabilities
from servery.estimators.plans import Unsupported, Upstream
from servery.inputs import Input
from servery.manifest import RuntimeFacts
from servery.runtimes import Runtime
from servery.runtimes.onnx import OnnxRuntime
from servery.runtimes.plan import Plan, PlanRuntime
from servery.runtimes.sklearn import SklearnRuntime, are_tied
from servery.signature import ClassificationOutput, RegressionOutput, Row, Signature

log = logging.getLogger("servery.compiling")


@dataclass(frozen=True, slots=True)
class Compiled:
    """The compiled form of an estimator, where there is one, and the facts that say so.

    Attributes
    ----------
    data
        The compiled form as a file; None where the estimator itself is served.
    """

    data: bytes | None
    facts: RuntimeFacts


def compile_verified(
    estimator: Any,  # noqa: ANN401
    signature: Signature,
    facts: RuntimeFacts,
    rows: Sequence[Row],
) -> Compiled:
    """Compile a fitted estimator, and keep what comes out only if it answers the same.

    Parameters
    ----------
    rows
        Real ones, as many as there are; others are made from the signature.
    """
    reference = SklearnRuntime(estimator, signature, facts)
    try:
        plan = Plan.load(data := compile_plan(estimator, signature).save())
        by_columns = PlanRuntime(plan, signature, row_by_row=1)
        verification = verify(reference, by_columns, signature, rows, plan)
    except Unsupported as unsupported:
        reason = str(unsupported)
    except Exception as error:  # an estimator may hold anything, and is served all the same
        log.exception("No plan")
        reason = f"a part that could not be read ({type(error).__name__})"
    else:
        return Compiled(
            data,
            msgspec.structs.replace(
                facts,
                name="plan",
                verification=verification,
                row_by_row=quicker_row_by_row(plan, signature, rows),
            ),
        )
    facts = msgspec.structs.replace(facts, unsupported=reason)
    for data in conversions(estimator, signature):
        with contextlib.suppress(Exception):  # an answer of any shape, or none: it is not served
            converted = OnnxRuntime(data, signature)
            verification = verify(reference, converted, signature, rows, tolerance=ONNX_TOLERANCE)
            return Compiled(
                data,
                msgspec.structs.replace(
                    facts,
                    name="onnx",
                    verification=verification,
                    gathers=_gathers(converted, signature, rows),
                ),
            )
    if _predicts_likeliest(estimator, reference, signature, rows):
        facts = msgspec.structs.replace(facts, classes_from="probabilities")
    served = SklearnRuntime(estimator, signature, facts)
    gathers = _gathers(served, signature, rows)
    return Compiled(None, msgspec.structs.replace(facts, gathers=gathers))


def _gathers(runtime: Runtime, signature: Signature, rows: Sequence[Row]) -> bool:
    output = signature.output
    if not isinstance(output, (ClassificationOutput, RegressionOutput)):
        return False
    return answers_together(runtime, rows or made_rows(signature, rows, None))


def _predicts_likeliest(
    estimator: Any,  # noqa: ANN401
    reference: Runtime,
    signature: Signature,
    rows: Sequence[Row],
) -> bool:
    """Return whether a classifier predicts its most probable class: by its type, and on rows."""
    output = signature.output
    if not isinstance(output, ClassificationOutput) or len(output.classes) < 2:
        return False
    if output.threshold is not None or output.scores or not output.probabilities:
        return False
    if not labels_follow_probabilities(estimator, output):
        return False
    for asked in (rows[:: len(rows) // MADE_ROWS + 1], made_rows(signature, rows, None)):
        with contextlib.suppress(Exception):  # an estimator may refuse generated rows
            outcomes = reference.predict(asked)
            probabilities = np.array(outcomes.probabilities)
            is_likeliest = probabilities.argmax(axis=1) == np.array(outcomes.classes)
            if not (is_likeliest | are_tied(probabilities)).all():
                return False
    return True


def compile_plan(estimator: Any, signature: Signature) -> Plan:  # noqa: ANN401
    """Compile a fitted estimator.

    Raises
    ------
    Unsupported
        Names the part that no step covers.
    """
    output = signature.output
    if not isinstance(output, (ClassificationOutput, RegressionOutput)):
        raise Unsupported(f"the task {output.task}")
    numbers = tuple(map(_is_number, signature.inputs))
    row = Upstream(signature.names, numbers, list(range(len(numbers))))
    predictor, gives = row.predicted(estimator)
    if not isinstance(output, ClassificationOutput):
        return Plan(predictor, gives)
    expected = "probabilities" if output.probabilities else "scores"
    if gives != expected and (gives, expected) != ("votes", "scores"):
        raise Unsupported(f"{type(estimator).__name__} with {expected}")
    if output.threshold is None:
        return Plan(predictor, gives)
    values = [outcome.value for outcome in output.classes]
    positive = values.index(output.threshold.class_)
    return Plan(predictor, gives, output.threshold.value, positive)


def _is_number(item: Input) -> bool:
    """Return whether the values of an input are numbers to the estimator."""
    if item.storage == "datetime64":
        raise Unsupported("dates")
    return not item.may_be_text


__all__ = ["Compiled", "Unsupported", "compile_plan", "compile_verified"]
