"""What a caged process knows of a file of an older release: questions, and a form that fits."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pandas as pd

from servery.compiling import Compiled, Unsupported, compile_plan
from servery.compiling.verification import made_rows
from servery.errors import PublishingRefused
from servery.inputs import Input
from servery.inspection import Inspected, typical_row
from servery.manifest import Golden, RuntimeFacts, Verification
from servery.publishing.golden import GOLDEN_ROWS
from servery.publishing.older import OlderAnswers, Questions, RecordedEstimator
from servery.publishing.rows import plain_instance
from servery.runtimes import Outcomes, Runtime
from servery.runtimes.answers import DOUBLE, differing, plain_answers
from servery.runtimes.plan import Plan, PlanRuntime
from servery.runtimes.sklearn import SklearnRuntime, ask, to_table
from servery.signature import ClassOutput, MultiOutput, Output, Row, Signature

#: Fewer answered rows than this share say too little.
LEAST_ANSWERED = 0.2


def rows_of(estimator: Any, signature: Signature) -> Sequence[Row]:  # noqa: ANN401
    """Return the rows that both releases are asked, the typical one first."""
    try:
        plan = compile_plan(estimator, signature)
    except Exception:  # an estimator may hold anything; the rows need no plan
        plan = None
    return [typical_row(signature.inputs), *made_rows(signature, (), plan)]


def questions(estimator: Any, version: str, inspected: Inspected) -> Questions:  # noqa: ANN401
    """Return what the release that saved an estimator is asked."""
    signature, facts = inspected.signature, inspected.facts
    rows = rows_of(estimator, signature)
    table = to_table(signature.inputs, rows, _as_frame(facts))
    question = {
        "rows": len(rows),
        "takes": facts.takes,
        "methods": _methods(signature.output),
        "columns": [_column(table[name]) for name in table.columns],
    }
    return Questions(version, json.dumps(question).encode())


def _as_frame(facts: RuntimeFacts) -> RuntimeFacts:
    """Return facts by which rows are laid out as a frame, whatever the estimator takes."""
    return msgspec.structs.replace(facts, takes="frame")


def _methods(output: Output) -> list[str]:
    parts = output.outputs if isinstance(output, MultiOutput) else (output,)
    classes = [part for part in parts if isinstance(part, ClassOutput)]
    return [
        "predict",
        *(["predict_proba"] if any(part.probabilities for part in classes) else []),
        *(["decision_function"] if any(part.scores for part in classes) else []),
    ]


def _column(column: "pd.Series[Any]") -> dict[str, Any]:
    """Return a column as JSON: with its dtype where older pandas has it, else as objects."""
    dtype = str(column.dtype)
    if dtype.startswith("datetime"):
        raise PublishingRefused("Files of an older release with dates cannot be converted.")
    is_plain = dtype in {"float64", "int64", "bool"}
    return {
        "name": column.name,
        "dtype": dtype if is_plain else "object",
        "values": column.astype(object).tolist() if not is_plain else column.tolist(),
    }


def corrected_by(inspected: Inspected, rows: Sequence[Row], answers: OlderAnswers) -> Inspected:
    """Return what was inspected, with what the older release refuses taken back."""
    if len(answers.answers) != len(rows):
        raise PublishingRefused(
            f"scikit-learn {answers.version} gave {len(answers.answers):,} answers for "
            f"{len(rows):,} rows."
        )
    answered = [row for row, said in zip(rows, answers.answers, strict=True) if said is not None]
    if len(answered) < LEAST_ANSWERED * len(rows):
        raise PublishingRefused(
            f"scikit-learn {answers.version} answered {len(answered):,} of {len(rows):,} rows, "
            "which is too few to compare."
        )
    inputs = tuple(
        _limited(item, [row[place] for row in rows], [row[place] for row in answered])
        for place, item in enumerate(inspected.signature.inputs)
    )
    signature = msgspec.structs.replace(inspected.signature, inputs=inputs)
    return replace(inspected, signature=signature)


def _limited(item: Input, asked: Sequence[Any], answered: Sequence[Any]) -> Input:
    """Return an input that allows only what the older release answered."""
    if item.missing_allowed and None in asked and None not in answered:
        item = msgspec.structs.replace(item, missing_allowed=False)
    known = {None, *item.known_values()}
    if len(known) > 1 and not set(asked) <= known and set(answered) <= known:
        return item.without_unknown()
    return item


def held_to(
    runtime: Runtime, signature: Signature, rows: Sequence[Row], answers: OlderAnswers
) -> tuple[Verification, list[Golden]]:
    """Hold a form to the answers of the release that saved its file.

    Raises
    ------
    Unsupported
        Says on how many rows it differs.
    """
    pairs = [
        (row, said) for row, said in zip(rows, answers.answers, strict=True) if said is not None
    ]
    asked = [row for row, _ in pairs]
    expected = ask(RecordedEstimator([said for _, said in pairs]), None, signature.output)
    try:
        found = runtime.predict(asked)
    except Exception as error:  # an estimator may raise anything at all
        raise Unsupported(
            f"{type(error).__name__} for rows that the older release answers"
        ) from error
    output = signature.output
    wanted, given = (plain_answers(output, outcomes) for outcomes in (expected, found))
    differ = differing(output, wanted, given, DOUBLE)
    if differ or not _scores_agree(expected, found):
        raise Unsupported(f"other answers to {len(differ) or len(asked):,} of {len(asked):,} rows")
    places = np.unique(np.linspace(0, len(asked) - 1, GOLDEN_ROWS).astype(int))
    golden = [
        Golden(
            inputs=plain_instance(signature, asked[place]),
            prediction=wanted[place][0],
            probabilities=wanted[place][1],
        )
        for place in places.tolist()
    ]
    return Verification(rows=len(asked), largest_difference=_largest(wanted, given)), golden


def _scores_agree(expected: Outcomes, found: Outcomes) -> bool:
    if expected.scores is None or found.scores is None:
        return expected.scores is found.scores
    return bool(np.allclose(found.scores, expected.scores, rtol=DOUBLE.relative, atol=1e-9))


def _largest(expected: Sequence[Any], found: Sequence[Any]) -> float:
    """Return the largest relative difference of a number."""
    largest = 0.0
    for (wanted, probable), (value, again) in zip(expected, found, strict=True):
        numbers = [(wanted, value), *zip(probable or (), again or (), strict=True)]
        for one, other in numbers:
            if isinstance(one, float) and isinstance(other, float) and math.isfinite(one):
                largest = max(largest, abs(one - other) / max(abs(one), 1e-9))
    return largest


def planned(
    estimator: Any,  # noqa: ANN401
    inspected: Inspected,
    rows: Sequence[Row],
    answers: OlderAnswers,
) -> tuple[Compiled, list[Golden]]:
    """Return a plan that answers as the older release did.

    Raises
    ------
    Unsupported
        Says what has no plan, or on what it differs.
    """
    signature = inspected.signature
    data = compile_plan(estimator, signature).save()
    runtime = PlanRuntime(Plan.load(data), signature)
    verification, golden = held_to(runtime, signature, rows, answers)
    facts = msgspec.structs.replace(inspected.facts, name="plan", verification=verification)
    return Compiled(data, facts), golden


def estimator_held_to(
    estimator: Any,  # noqa: ANN401
    inspected: Inspected,
    rows: Sequence[Row],
    answers: OlderAnswers,
) -> int:
    """Hold an estimator of this release to the answers; return how many rows were compared.

    Raises
    ------
    Unsupported
        It answers otherwise.
    """
    runtime = SklearnRuntime(estimator, inspected.signature, inspected.facts)
    verification, _ = held_to(runtime, inspected.signature, rows, answers)
    return verification.rows
