"""A model on a server: its signature is fetched once, and rows go there many at a time."""

import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import msgspec
import numpy as np

from servery.errors import ModelFailed, NotFound, NotReady
from servery.runtimes import Outcomes
from servery.runtimes.columns import ColumnOutcomes, Columns, as_columns
from servery.signature import (
    BooleanInput,
    ClassOutput,
    DateInput,
    DatetimeInput,
    Input,
    IntegerInput,
    MultiOutput,
    NumberInput,
    Output,
    Row,
    Signature,
)

#: Instances of one request; a server takes 10,000 of them unless told otherwise.
AT_ONCE = 2_000
TIMEOUT_S = 120
TRIES = 6
LONGEST_PAUSE_S = 30.0


@dataclass(frozen=True, slots=True)
class RemoteModel:
    """What a server says of one of its models, and the way to ask it."""

    name: str
    signature: Signature
    runtime: "RemoteRuntime"


class RemoteRuntime:
    """Predicts by ``POST …/predictions``."""

    name = "remote"

    def __init__(self, address: str, version: str, signature: Signature) -> None:
        self._address = f"{address}/predictions?version={quote(version)}"
        self._inputs = signature.inputs
        self._output = signature.output

    def predict(self, rows: Sequence[Row]) -> Outcomes:
        """Predict parsed rows."""
        names = [item.name for item in self._inputs]
        instances = [dict(zip(names, row, strict=True)) for row in rows]
        body = msgspec.json.encode({"instances": instances})
        answer = _asked(self._address, body)
        return _outcomes(self._output, answer["predictions"])

    def predict_columns(self, columns: Columns) -> ColumnOutcomes:
        """Predict many parsed rows."""
        cells = [_cells(item, column) for item, column in zip(self._inputs, columns, strict=True)]
        rows = list(zip(*cells, strict=True))
        parts = [
            as_columns(self.predict(rows[start : start + AT_ONCE]))
            for start in range(0, len(rows), AT_ONCE)
        ]
        return _joined(parts)


def connected(address: str) -> RemoteModel:
    """Return the model at an address: that of its page, of its API, or ``http://host/name``.

    Raises
    ------
    NotReady
        The server cannot be reached, or is no Servery that speaks as this one does.
    NotFound
        The address names none of several models.
    """
    origin, name, version = _named(address)
    if not name:
        names = [each["name"] for each in _asked(f"{origin}/api/v1/models")["models"]]
        if len(names) != 1:
            told = ", ".join(f"{origin}/models/{quote(each)}" for each in names)
            raise NotFound(f"{address} names no model; expected one of {told or 'none'}.")
        [name] = names
    model = f"{origin}/api/v1/models/{quote(name)}"
    facts = _asked(model + (f"?version={quote(version)}" if version else ""))
    try:
        signature = msgspec.convert(facts["signature"], Signature)
        version = str(facts["version"])
    except (KeyError, TypeError, msgspec.ValidationError) as error:
        raise NotReady(f"{origin} is no Servery, or one of another version.") from error
    return RemoteModel(name, signature, RemoteRuntime(model, version, signature))


def _named(address: str) -> tuple[str, str, str]:
    """Return the origin, the model and the version that an address names."""
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise NotReady(f"{address} is no address: {error}.") from error
    path = f"{parts.path}/{parts.fragment.partition('?')[0]}"
    words = [unquote(word) for word in path.split("/") if word]
    named = words[words.index("models") + 1 :] if "models" in words else words[-1:]
    name, _, version = (named[0] if named else "").partition("@")
    return f"{parts.scheme}://{parts.netloc}", name, version


def _asked(address: str, body: bytes | None = None) -> Any:  # noqa: ANN401 - JSON
    """Ask a server; one that is busy or restarts is asked again for a while."""
    headers = {"Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(address, body, headers)  # noqa: S310 - http and https alone
    for pause_s in _pauses():
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310
                return msgspec.json.decode(response.read())
        except urllib.error.HTTPError as error:
            if error.code not in (429, 503) or pause_s is None:
                raise _told(error, address) from error
            wait_s = error.headers.get("Retry-After", "")
            time.sleep(min(float(wait_s) if wait_s.isdigit() else pause_s, LONGEST_PAUSE_S))
        except (OSError, msgspec.DecodeError) as error:
            if body is None or pause_s is None:
                reason = getattr(error, "reason", error)
                raise NotReady(f"{address} does not answer: {reason}.") from error
            time.sleep(pause_s)
    raise AssertionError  # the last try returns or raises


def _pauses() -> Iterator[float | None]:
    yield from (0.1 * 3**number for number in range(TRIES - 1))
    yield None


def _told(error: urllib.error.HTTPError, address: str) -> Exception:
    try:
        detail = msgspec.json.decode(error.read())["detail"]
    except (KeyError, TypeError, msgspec.DecodeError):
        detail = error.reason
    if error.code == 404:
        return NotReady(f"{address} is not there: {detail}")
    return ModelFailed(f"{address} answered {error.code}: {detail}")


def _cells(item: Input, column: Any) -> list[Any]:  # noqa: ANN401 - an array
    kind: Any = float
    if isinstance(item, IntegerInput):
        kind = int
    elif isinstance(item, BooleanInput):
        kind = bool
    elif isinstance(item, (DateInput, DatetimeInput)):
        return [None if value is None else value.isoformat() for value in column.tolist()]
    elif not isinstance(item, NumberInput):
        return list(column.tolist())
    return [None if value != value else kind(value) for value in column.tolist()]


def _outcomes(output: Output, predictions: Sequence[Mapping[str, Any]]) -> Outcomes:
    if isinstance(output, MultiOutput):
        parts = [
            _outcomes(part, [each["outputs"][part.name] for each in predictions])
            for part in output.outputs
        ]
        return Outcomes(parts=parts)
    if not isinstance(output, ClassOutput):
        return Outcomes(values=[each["prediction"] for each in predictions])
    places = {outcome.value: place for place, outcome in enumerate(output.classes)}
    return Outcomes(
        classes=[places[each["prediction"]] for each in predictions],
        probabilities=_ranked(places, predictions, "probabilities", "probability")
        if output.probabilities
        else None,
        scores=_ranked(places, predictions, "scores", "score") if output.scores else None,
    )


def _ranked(
    places: Mapping[Any, int], predictions: Sequence[Mapping[str, Any]], field: str, figure: str
) -> list[list[float]]:
    rows = []
    for each in predictions:
        row = [0.0] * len(places)
        for outcome in each[field]:
            row[places[outcome["class"]]] = outcome[figure]
        rows.append(row)
    return rows


def _joined(parts: Sequence[ColumnOutcomes]) -> ColumnOutcomes:
    first = parts[0]
    if first.parts is not None:
        each = zip(*(part.parts or () for part in parts), strict=True)
        return ColumnOutcomes(parts=[_joined(of_one) for of_one in each])
    return ColumnOutcomes(
        values=_end_to_end([part.values for part in parts]),
        classes=_end_to_end([part.classes for part in parts]),
        probabilities=_end_to_end([part.probabilities for part in parts]),
        scores=_end_to_end([part.scores for part in parts]),
    )


def _end_to_end(arrays: Sequence[Any]) -> Any:  # noqa: ANN401
    return None if arrays[0] is None else np.concatenate(arrays)
