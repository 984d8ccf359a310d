"""Requests that wait for a model process are answered by one call, where this changes no answer."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.neighbors import KNeighborsRegressor

from servery.artifact.specs import Loaded
from servery.cage.messages import Block, Closed, pair, receive, send
from servery.caged import serving
from servery.compiling.gathering import answers_together
from servery.inputs import NumberInput
from servery.inspection import inspect
from servery.manifest import RuntimeFacts
from servery.runtimes.sklearn import SklearnRuntime
from servery.runtimes.wire import (
    Ask,
    ColumnSpan,
    Raised,
    Said,
    Writer,
    encoded_column,
    read_outcomes,
)
from servery.signature import RegressionOutput, Signature

SIGNATURE = Signature(
    inputs=(NumberInput(name="x", label=""),), output=RegressionOutput(label="Rows")
)


class HowMany(RegressorMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """Predicts of how many rows a row is one; refuses negative numbers."""

    def fit(self, X: Any, y: Any) -> "HowMany":  # noqa: ANN401, ARG002
        return self

    def predict(self, X: Any) -> Any:  # noqa: ANN401
        if (np.asarray(X) < 0).any():
            raise ValueError("negative")
        return np.full(len(X), float(len(X)))


def asked_at_once(requests: Sequence[Sequence[float]], *, gathers: bool) -> list[Any]:
    """Return the answers to requests that all wait when the process begins."""
    runtime = SklearnRuntime(HowMany(), SIGNATURE, RuntimeFacts())
    model = serving._Model(runtime, SIGNATURE, Loaded(), gathers)
    ours, theirs = pair()
    waiting = []
    for values in requests:
        block, (answers, its_answers) = Block.of_size(1 << 16), pair()
        memory = block.map()
        kind, data = encoded_column(list(values))
        span = ColumnSpan(kind, Writer(memory).put(data), len(data))
        ask = Ask(as_rows=True, rows=len(values), columns=(span,), deadline_s=60.0)
        send(ours, ask, [its_answers.fileno(), block.descriptor])
        its_answers.close()
        block.close()
        waiting.append((values, memory, answers))

    def answer() -> None:
        with suppress(Closed):
            serving._answer_all(model, theirs)

    process = threading.Thread(target=answer)
    process.start()
    found: list[Any] = []
    for values, memory, answers in waiting:
        said: Said = receive(answers, msgspec.msgpack.Decoder(Said))[0]
        answers.close()
        if isinstance(said, Raised):
            found.append(said.kind)
        else:
            outcomes = read_outcomes(SIGNATURE.output, len(values), said, memory)  # type: ignore[arg-type]
            assert outcomes.values is not None
            found.append(outcomes.values.tolist())
    ours.close()
    process.join()
    theirs.close()
    return found


def test_requests_that_wait_are_answered_by_one_call() -> None:
    requests = [[1.0], [2.0, 3.0], [4.0]]
    assert asked_at_once(requests, gathers=True) == [[4.0], [4.0, 4.0], [4.0]]


def test_a_request_of_many_rows_is_asked_alone() -> None:
    many = [1.0] * (serving.MOST_ROWS_GATHERED + 1)
    answers = asked_at_once([[1.0], many, [2.0]], gathers=True)
    assert answers == [[2.0], [float(len(many))] * len(many), [2.0]]


def test_requests_are_asked_one_by_one_where_nothing_was_verified() -> None:
    assert asked_at_once([[1.0], [2.0, 3.0]], gathers=False) == [[1.0], [2.0, 2.0]]


def test_a_row_that_is_refused_costs_only_its_own_request() -> None:
    answers = asked_at_once([[1.0], [-1.0], [2.0]], gathers=True)
    assert answers == [[1.0], "ValueError", [1.0]]


def test_an_estimator_whose_answers_depend_on_other_rows_is_never_asked_together() -> None:
    rows = [(float(value),) for value in range(40)]
    assert not answers_together(SklearnRuntime(HowMany(), SIGNATURE, RuntimeFacts()), rows)
    X = pd.DataFrame({"x": np.arange(40.0)})
    inspected = inspect(KNeighborsRegressor().fit(X, X.x), X, X.x)
    estimator = KNeighborsRegressor().fit(X, X.x)
    assert answers_together(SklearnRuntime(estimator, inspected.signature, inspected.facts), rows)
