"""Models in ONNX files of their own, with the inputs and outputs that they name."""

import re

from servery.estimators.boosters import KnownColumn, learn
from servery.estimators.native_files import NativeFileRefused, NativeFormat, register_format
from servery.estimators.registry import Family, Part, register
from servery.estimators.tracking import Kind, TrackedColumns

#: What a column holds, by the kind of its type in NumPy.
KINDS: dict[str, Kind] = {"i": "integer", "b": "boolean", "O": "words"}


def _track(part: Part, columns: TrackedColumns) -> TrackedColumns:
    facts = [
        KnownColumn(
            kind=None if entry.categories else KINDS.get(entry.dtype.kind),
            categories=entry.categories,
        )
        for entry in part.entries
        for _ in entry.columns
    ]
    return learn(part, columns, facts)


register(Family("servery.runtimes.onnx_model: OnnxModel", track=_track))


def _read(data: bytes) -> Part:
    """Return the estimator for a model in ONNX.

    Raises
    ------
    NativeFileRefused
        It takes or answers what is not served.
    """
    from servery.runtimes.onnx_model import OnnxRefused, read_onnx

    try:
        return read_onnx(data)
    except OnnxRefused as error:
        raise NativeFileRefused(str(error)) from error


#: The version of the format as the first field, then who wrote it, a domain or the graph.
HEAD = re.compile(rb"\x08[\x03-\x1f][\x12\x1a\x22\x3a\x42]", re.DOTALL)


def _recognises(head: bytes) -> bool:
    return HEAD.match(head) is not None


register_format(
    "onnx",
    NativeFormat("an ONNX model", "onnxruntime", "onnxruntime", ".onnx", _recognises, _read),
)
