"""An ONNX file as a fitted estimator: its own inputs and outputs, asked as scikit-learn is.

Bytes of a file in, an estimator out. What the file does not say, such as the names of its classes,
is not guessed: it is refused.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from servery.runtimes.onnx import open_session
from servery.runtimes.onnx_graph import GraphNames, graph_names

Array = NDArray[Any]


class OnnxRefused(Exception):
    """A model that no estimator can stand for; the text is the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An input of the graph: a table of so many columns of one type.

    Attributes
    ----------
    columns
        The names of its columns.
    is_flat
        Whether it takes a list of values instead of a table.
    takes_one
        Whether it takes one row at a time.
    categories
        Those of its column, where the graph names them.
    """

    name: str
    dtype: np.dtype[Any]
    columns: tuple[str, ...]
    is_flat: bool
    takes_one: bool
    categories: tuple[str, ...] | None = None


TYPES: dict[str, np.dtype[Any]] = {
    "tensor(float)": np.dtype(np.float32),
    "tensor(double)": np.dtype(np.float64),
    "tensor(int64)": np.dtype(np.int64),
    "tensor(int32)": np.dtype(np.int32),
    "tensor(bool)": np.dtype(np.bool_),
    "tensor(string)": np.dtype(object),
}
LABELS = frozenset({"tensor(int64)", "tensor(string)"})
#: Rows on which it is checked that the labels are the classes of the highest probabilities.
PROBES = 32


class OnnxModel(BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """A model in ONNX; its session is opened in each process at its first question."""

    def __init__(self, data: bytes, entries: Sequence[Entry]) -> None:
        self.data = data
        self.entries = entries
        self._sessions: dict[int, Any] = {}
        columns = [column for entry in entries for column in entry.columns]
        self.n_features_in_ = len(columns)
        if len(entries) > 1 or entries[0].dtype == object:
            self.feature_names_in_ = np.array(columns, dtype=object)

    def run(self, X: Any) -> list[Any]:  # noqa: ANN401 - a table or an array
        """Return what the graph answers to some rows, one item for each of its outputs."""
        process = os.getpid()
        if process not in self._sessions:
            self._sessions = {process: open_session(self.data)}
        session, fed = self._sessions[process], self._fed(X)
        if not self.entries[0].takes_one:
            return list(session.run(None, fed))
        rows = range(len(X))
        answers = [
            session.run(None, {name: each[row : row + 1] for name, each in fed.items()})
            for row in rows
        ]
        return [_joined(parts) for parts in zip(*answers, strict=True)]

    def _fed(self, X: Any) -> dict[str, Array]:  # noqa: ANN401
        table = X if isinstance(X, pd.DataFrame) else pd.DataFrame(np.asarray(X))
        fed, start = {}, 0
        for entry in self.entries:
            stop = start + len(entry.columns)
            fed[entry.name] = _cast(table.iloc[:, start:stop].to_numpy(), entry)
            start = stop
        return fed


def _cast(values: Array, entry: Entry) -> Array:
    """Return values in the type of the graph.

    Raises
    ------
    ValueError
        One of them has no like in that type.
    """
    if entry.dtype == object:
        cast: Array = values.astype(object)
    else:
        with np.errstate(over="ignore"):
            cast = values.astype(np.float64).astype(entry.dtype)
        if entry.dtype.kind == "f" and (np.isinf(cast) & np.isfinite(values.astype(float))).any():
            raise ValueError("a number is too large for the type of the model's input")
        if entry.dtype.kind in "ib" and (cast != values.astype(np.float64)).any():
            raise ValueError("a number has no like in the type of the model's input")
    return cast.ravel() if entry.is_flat else cast


def _joined(parts: Sequence[Any]) -> Any:  # noqa: ANN401 - arrays, or lists of dictionaries
    if isinstance(parts[0], list):
        return [row for part in parts for row in part]
    return np.concatenate(parts)


class OnnxClassifier(ClassifierMixin, OnnxModel):  # type: ignore[misc]
    """One whose first output is a label, and whose second one has a number for each class."""

    def __init__(self, data: bytes, entries: Sequence[Entry], classes: Sequence[Any]) -> None:
        super().__init__(data, entries)
        self.classes = classes
        self.classes_ = np.array(classes, dtype=object if isinstance(classes[0], str) else np.int64)

    def predict(self, X: Any) -> Array:  # noqa: ANN401
        """Return the label of each row."""
        return np.asarray(self.run(X)[0]).ravel()

    def predict_proba(self, X: Any) -> Array:  # noqa: ANN401
        """Return the probability of each class, of each row."""
        return _probabilities(self.run(X)[1], self.classes)


class OnnxRegressor(RegressorMixin, OnnxModel):  # type: ignore[misc]
    """One whose first output is a quantity, or several."""

    def predict(self, X: Any) -> Array:  # noqa: ANN401
        """Return the quantities of each row."""
        found = np.asarray(self.run(X)[0], dtype=np.float64)
        return found.ravel() if found.ndim == 1 or found.shape[1] == 1 else found


def _probabilities(found: Any, classes: Sequence[Any]) -> Array:  # noqa: ANN401
    if isinstance(found, list):
        return np.array([[row[each] for each in classes] for row in found], dtype=np.float64)
    return np.asarray(found, dtype=np.float64)


def read_onnx(data: bytes) -> OnnxModel:
    """Return the estimator for a model in ONNX.

    Raises
    ------
    OnnxRefused
        It takes or answers what no form shows, or does not say what its classes are.
    """
    session, names = open_session(data), graph_names(data)
    entries = _entries(session, dict(names.categories))
    kinds = [output.type for output in session.get_outputs()]
    if kinds[0] in {"tensor(float)", "tensor(double)"}:
        return OnnxRegressor(data, entries)
    if kinds[0] not in LABELS or len(kinds) < 2:
        raise OnnxRefused(f"answers {', '.join(kinds)}, where a label and probabilities are served")
    probe = OnnxModel(data, entries)
    rows = _probes(entries)
    labels, figures, *_ = probe.run(rows)
    classes = _classes(names, figures, kinds[0])
    probabilities = _probabilities(figures, classes)
    if probabilities.shape != (PROBES, len(classes)) or not _are_probabilities(probabilities):
        raise OnnxRefused("answers labels without probabilities, and does not say which there are")
    if [classes[place] for place in probabilities.argmax(axis=1)] != np.ravel(labels).tolist():
        raise OnnxRefused("answers labels that are not the classes of its highest probabilities")
    return OnnxClassifier(data, entries, classes)


def _entries(session: Any, categories: Mapping[str, tuple[str, ...]]) -> list[Entry]:  # noqa: ANN401
    found = session.get_inputs()
    entries = []
    for each in found:
        shape = list(each.shape)
        width = shape[1] if len(shape) == 2 else 1
        is_known = each.type in TYPES and 1 <= len(shape) <= 2 and isinstance(width, int)
        takes_one = bool(shape) and isinstance(shape[0], int)
        if not is_known or (takes_one and shape[0] != 1):
            raise OnnxRefused(
                f"takes {each.name!r} of the type {each.type} and the shape {shape}, where a table "
                "of a known number of columns is served"
            )
        names = [each.name] if width == 1 else [f"{each.name}_{place}" for place in range(width)]
        known = categories.get(each.name) if width == 1 else None
        is_flat, dtype = len(shape) == 1, TYPES[each.type]
        entries.append(Entry(each.name, dtype, tuple(names), is_flat, takes_one, known))
    if len({entry.takes_one for entry in entries}) != 1:
        raise OnnxRefused("takes tables of several lengths, where a row of each is served")
    return entries


def _probes(entries: Sequence[Entry]) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    columns: dict[str, Any] = {}
    for entry in entries:
        for place, name in enumerate(entry.columns):
            values = rng.normal(scale=10.0 ** rng.integers(-1, 4, PROBES))
            if entry.dtype.kind in "ib":
                values = values.round().clip(0, 1)
            words = entry.categories or ("a",)
            is_word = entry.dtype == object
            columns[f"{place} {name}"] = rng.choice(words, PROBES) if is_word else values
    return pd.DataFrame(columns)


def _classes(names: GraphNames, figures: Any, kind: str) -> list[Any]:  # noqa: ANN401
    """Return the classes: the keys of the answer, those that the graph names, or numbers."""
    if isinstance(figures, list):
        return sorted(figures[0])
    count = np.shape(figures)[-1]
    named = [list(each) for each in names.classes if len(each) == count]
    is_word = kind == "tensor(string)"
    fitting = [each for each in named if isinstance(each[0], str) == is_word]
    if fitting:
        return fitting[0]
    if is_word:
        raise OnnxRefused("does not say what its classes are")
    return list(range(count))


def _are_probabilities(figures: Array) -> bool:
    within = (figures >= -1e-6).all() and (figures <= 1 + 1e-6).all()
    return bool(within and np.allclose(figures.sum(axis=1), 1.0, atol=1e-4))
