"""ONNX Runtime: for what no plan covers, and only where it was verified like one.

Sessions are not carried over a fork: each process opens its own, at its first question.
"""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from servery.errors import CompiledUnreadable
from servery.inputs import Scalar
from servery.runtimes import Coalitions, Floats, Outcomes, figures_of
from servery.runtimes.columns import ColumnOutcomes, Columns, as_columns
from servery.signature import ClassOutput, Row, Signature


class OnnxRuntime:
    """Predicts by a model that skl2onnx converted."""

    name = "onnx"
    is_caged = False
    set_aside = None

    def __init__(self, data: bytes, signature: Signature) -> None:
        self._data = data
        self._output = signature.output
        self._words = [item.storage == "object" for item in signature.inputs]
        self._sessions: dict[int, Any] = {}
        self._session()

    def predict(self, rows: Sequence[Row]) -> Outcomes:
        """Predict parsed rows."""
        return self._predict(list(zip(*rows, strict=True)))

    def predict_columns(self, columns: Columns) -> ColumnOutcomes:
        """Predict many parsed rows."""
        return as_columns(self._predict(columns))

    def _predict(self, columns: Sequence[Any]) -> Outcomes:
        session = self._session()
        answers = session.run(None, self._fed(session, columns))
        if not isinstance(self._output, ClassOutput):
            return Outcomes(values=_finite(answers[0]).ravel().tolist())
        position: dict[Scalar, int] = {
            outcome.value: index for index, outcome in enumerate(self._output.classes)
        }
        classes = [position[value] for value in np.asarray(answers[0]).ravel().tolist()]
        figures = _finite(answers[1])
        if self._output.probabilities:
            return Outcomes(classes=classes, probabilities=figures.tolist())
        scores = np.column_stack([-figures, figures]) if figures.shape[1] == 1 else figures
        return Outcomes(classes=classes, scores=scores.tolist())

    def figures(self, coalitions: Coalitions) -> Floats:
        """Predict the rows of coalitions."""
        return figures_of(self._output, self.predict(coalitions.rows()))

    def _session(self) -> Any:  # noqa: ANN401 - onnxruntime has no types
        process = os.getpid()
        if process not in self._sessions:
            self._sessions = {process: open_session(self._data)}
        return self._sessions[process]

    def _fed(self, session: Any, columns: Sequence[Any]) -> dict[str, Any]:  # noqa: ANN401
        entries = session.get_inputs()
        kinds = [np.float64 if "double" in entry.type else np.float32 for entry in entries]
        if len(entries) == 1 and len(self._words) > 1:
            table = np.column_stack([np.array(each, dtype=np.float64) for each in columns])
            return {entries[0].name: table.astype(kinds[0])}
        return {
            entry.name: _column(column, is_words=is_words, kind=kind)
            for entry, column, is_words, kind in zip(
                entries, columns, self._words, kinds, strict=True
            )
        }


def _column(column: Sequence[Any], *, is_words: bool, kind: type) -> Any:  # noqa: ANN401
    if is_words:
        return np.array(column, dtype=object).reshape(-1, 1)
    return np.array(column, dtype=np.float64).astype(kind).reshape(-1, 1)


def _finite(figures: Any) -> Any:  # noqa: ANN401 - an array
    found = np.asarray(figures, dtype=np.float64)
    if not np.isfinite(found).all():
        raise ValueError("a figure that is not finite")
    return found


def open_session(data: bytes) -> Any:  # noqa: ANN401 - onnxruntime has no types
    """Return a session of a model, on one thread.

    Raises
    ------
    CompiledUnreadable
        onnxruntime is not installed, or does not read the model.
    """
    try:
        import onnxruntime
    except ImportError as error:
        raise CompiledUnreadable(
            "onnxruntime is not installed here: pip install onnxruntime."
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # it has errors of its own for each thing that it does not know
        raise CompiledUnreadable("It cannot be read; publish the version again.") from error
