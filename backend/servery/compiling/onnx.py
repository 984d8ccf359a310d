"""Fitted estimators as ONNX, by skl2onnx: each conversion is verified like a plan."""

import contextlib
import importlib.util
import io
import signal
import threading
import time
import warnings
from collections.abc import Iterator
from types import FrameType
from typing import Any

from servery.inputs import NUMERIC
from servery.runtimes.onnx import OnnxRuntime
from servery.signature import ClassificationOutput, RegressionOutput, Signature

#: How long all conversions of an estimator may compute; skl2onnx never ends on a few trees.
CONVERTING_S = 10.0
AGAIN_S = 0.2


def conversions(estimator: Any, signature: Signature) -> Iterator[bytes]:  # noqa: ANN401
    """Go through what skl2onnx makes of an estimator, the most exact first.

    Doubles before floats, as it has not all operators for both; and where all inputs are numbers,
    one table before a column each, as many of its converters take no more than one. There is
    none outside of the main thread, where a conversion cannot be interrupted.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    if (
        importlib.util.find_spec("skl2onnx") is None
        or importlib.util.find_spec("onnxruntime") is None
    ):
        return
    if not isinstance(signature.output, (ClassificationOutput, RegressionOutput)):
        return
    from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType

    until = time.process_time() + CONVERTING_S
    for kind in (DoubleTensorType, FloatTensorType):
        for entries in _entries(signature, kind):
            with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
                warnings.simplefilter("ignore")
                try:
                    with _interrupted_at(until):
                        data = _converted(estimator, entries, signature)
                    OnnxRuntime(data, signature)
                except TimeoutError:
                    return
                except Exception:  # noqa: S112 - it has errors of many kinds for what it lacks
                    continue
            yield data


@contextlib.contextmanager
def _interrupted_at(until: float) -> Iterator[None]:
    """Raise TimeoutError in what still computes once this process has used so much CPU time.

    What computes may catch it: it is raised again soon, and at the end.
    """
    is_late = False

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal is_late
        is_late = True
        raise TimeoutError

    left_s = until - time.process_time()
    if left_s <= 0:
        raise TimeoutError
    before = signal.signal(signal.SIGVTALRM, interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, left_s, AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    if is_late:
        raise TimeoutError


def _converted(estimator: Any, entries: list[Any], signature: Signature) -> bytes:  # noqa: ANN401
    from skl2onnx import to_onnx

    options = None
    if isinstance(signature.output, ClassificationOutput):
        raw = {} if signature.output.probabilities else {"raw_scores": True}
        options = {id(estimator): {"zipmap": False, **raw}}
    made = to_onnx(estimator, initial_types=entries, options=options)
    return made.SerializeToString()  # type: ignore[no-any-return]


def _entries(signature: Signature, kind: Any) -> Iterator[list[Any]]:  # noqa: ANN401
    """Return the names and types of what is fed: one table of numbers, or a column for each."""
    from skl2onnx.common.data_types import StringTensorType

    inputs = signature.inputs
    if all(item.storage in NUMERIC for item in inputs):
        yield [("table", kind([None, len(inputs)]))]
    columns = []
    for item in inputs:
        if item.storage in NUMERIC:
            columns.append((item.name, kind([None, 1])))
        elif item.storage == "object":
            columns.append((item.name, StringTensorType([None, 1])))
        else:
            return
    yield columns
