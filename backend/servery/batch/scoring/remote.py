"""A model on a server: its signature is fetched once, and rows go there many at a time.

What the server says of how sure it is goes into the result as what a version here knows would.
"""

import math
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import msgspec
import numpy as np

from servery.batch.parsing import ParsedBlock
from servery.batch.scoring.uncertainty import Floats, Piece, Sets, Shares
from servery.errors import ModelFailed, NotFound, NotReady
from servery.inputs import NUMERIC, Input, InputWarning, Scalar
from servery.runtimes.columns import ColumnOutcomes, Columns
from servery.signature import ClassOutput, MultiOutput, Output, RegressionOutput, Signature
from servery.unanswered import CODE as NO_ANSWER

#: Instances of one request; a server takes 10,000 of them by default.
AT_ONCE = 2_000
#: A server goes through fewer one by one, where the last digit of a figure may come out another.
FEWEST = 16
TIMEOUT_S = 120
TRIES = 6
LONGEST_PAUSE_S = 30.0


@dataclass(frozen=True, slots=True)
class RemoteModel:
    """What a server says of one of its models, and the way to ask it."""

    name: str
    signature: Signature
    runtime: "RemoteRuntime"
    uncertainty: "ServerUncertainty"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOutcomes(ColumnOutcomes):
    """What a server says of n rows, with how sure it is of each.

    Attributes
    ----------
    ends
        Of the intervals, shape (n, 2); empty where there are none.
    sets
        The prediction set of each row; empty where there are none.
    reliability
        The share and the count of rows, or None, of each row; empty where there are none.
    unusual
        By the place of a row whose values hardly occur together, its warning.
    """

    ends: Floats
    sets: Sequence[tuple[Scalar, ...]]
    reliability: Sequence[tuple[float, int] | None]
    unusual: Mapping[int, InputWarning]


@dataclass(frozen=True, slots=True)
class ServerUncertainty:
    """How sure a server says it is, in outcomes that are `ServerOutcomes`."""

    has_intervals: bool
    has_sets: bool
    has_reliability: bool

    def ends(self, _: RegressionOutput, outcomes: ColumnOutcomes) -> tuple[Floats, Floats]:
        """Return both ends as they came."""
        ends = _of_server(outcomes).ends
        return ends[:, 0], ends[:, 1]

    def sets(self, _: ClassOutput, outcomes: ColumnOutcomes) -> Sets:
        """Return the sets as they came, each of them once."""
        sets = _of_server(outcomes).sets
        places = {each: place for place, each in enumerate(dict.fromkeys(sets))}
        return list(places), np.array([places[each] for each in sets], dtype=np.intp)

    def reliability(self, outcomes: ColumnOutcomes) -> Shares:
        """Return the shares and counts as they came, each of them once."""
        answered = _of_server(outcomes).reliability
        known = [each for each in dict.fromkeys(answered) if each is not None]
        places = {None: -1} | {each: place for place, each in enumerate(known)}
        return known, np.array([places[each] for each in answered], dtype=np.intp)

    def warn(self, _: Signature, parsed: ParsedBlock, pieces: Sequence[Piece]) -> None:
        """Take over the warnings of whole rows; those of single inputs were found in parsing."""
        for rows, outcomes in pieces:
            for place, warning in _of_server(outcomes).unusual.items():
                row = int(rows[place])
                parsed.warnings[row] = [*parsed.warnings.get(row, ()), warning]


def _of_server(outcomes: ColumnOutcomes) -> ServerOutcomes:
    if not isinstance(outcomes, ServerOutcomes):
        raise TypeError("outcomes that are not from a server")
    return outcomes


class ServerProblem(msgspec.Struct):
    """What a server says of an error (RFC 9457)."""

    detail: str
    type: str = ""
    errors: Sequence[Mapping[str, Any]] = ()


class RowsFailed(Exception):
    """The model on the server failed on some rows; smaller requests find out which."""


class TooMuch(ModelFailed):
    """More than the server takes in one request."""


class RemoteRuntime:
    """Predicts by ``POST …/predictions``."""

    name = "remote"

    def __init__(
        self, address: str, version: str, signature: Signature, uncertainty: ServerUncertainty
    ) -> None:
        self._address = f"{address}/predictions?version={quote(version)}"
        self._inputs = signature.inputs
        self._output = signature.output
        self._uncertainty = uncertainty
        self._at_once = AT_ONCE

    def predict_columns(self, columns: Columns) -> ColumnOutcomes:
        """Predict many parsed rows."""
        names = [item.name for item in self._inputs]
        cells = [_cells(item, column) for item, column in zip(self._inputs, columns, strict=True)]
        instances = [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]
        count = len(instances)
        sent = instances + instances[-1:] * (FEWEST - count)
        parts = []
        ends: list[tuple[float, float]] = []
        sets: list[tuple[Scalar, ...]] = []
        reliability: list[tuple[float, int] | None] = []
        unusual: dict[int, InputWarning] = {}
        for start, answered in self._answered(sent):
            answers = answered[: count - start]
            parts.append(_outcomes(self._output, answers))
            if self._uncertainty.has_intervals:
                ends += [_ends_of(each["interval"]) for each in answers]
            if self._uncertainty.has_sets:
                sets += [_classes_of(each["prediction_set"]) for each in answers]
            if self._uncertainty.has_reliability:
                reliability += [_share_of(each["reliability"]) for each in answers]
            unusual |= {
                place: msgspec.convert(warning, InputWarning)
                for place, each in enumerate(answers, start)
                for warning in each["warnings"]
                if warning["input"] is None or warning["code"] == "unknown-words"
            }
        whole = ColumnOutcomes.joined(parts)
        return ServerOutcomes(
            values=whole.values,
            classes=whole.classes,
            probabilities=whole.probabilities,
            scores=whole.scores,
            parts=whole.parts,
            ends=np.array(ends, dtype=np.float64),
            sets=sets,
            reliability=reliability,
            unusual=unusual,
        )

    def _answered(self, sent: Sequence[object]) -> Iterator[tuple[int, Sequence[Any]]]:
        """Ask in equal parts, so that none is of a few rows; in smaller ones where it has to be."""
        start, step = 0, math.ceil(len(sent) / math.ceil(len(sent) / self._at_once))
        while start < len(sent):
            part = sent[start : start + step]
            try:
                answers = _asked(self._address, msgspec.json.encode({"instances": part}))
            except TooMuch:
                if len(part) == 1:
                    raise
                self._at_once = step = len(part) // 2
                continue
            yield start, answers["predictions"]
            start += step


def connected(address: str) -> RemoteModel:
    """Return the model at an address: that of its page, of its API, or ``http://host/name``.

    Raises
    ------
    NotReady
        The server cannot be reached, or is not a Servery server of this version.
    NotFound
        The address names none of several models.
    """
    origin, name, version = _named(address)
    if not name:
        names = [each["name"] for each in _asked(f"{origin}/api/v1/models")["models"]]
        if len(names) != 1:
            known = ", ".join(f"{origin}/models/{quote(each)}" for each in names)
            raise NotFound(f"{address} names no model; expected one of {known or 'none'}.")
        [name] = names
    model = f"{origin}/api/v1/models/{quote(name)}"
    facts = _asked(model + (f"?version={quote(version)}" if version else ""))
    try:
        signature = msgspec.convert(facts["signature"], Signature)
        version = str(facts["version"])
        stated = facts["uncertainty"]
        uncertainty = ServerUncertainty(
            has_intervals=stated["interval"] is not None,
            has_sets=stated["prediction_set"] is not None,
            has_reliability=stated["reliability"],
        )
    except (KeyError, TypeError, msgspec.ValidationError) as error:
        raise NotReady(f"{origin} is not a Servery server, or has another version.") from error
    return RemoteModel(
        name, signature, RemoteRuntime(model, version, signature, uncertainty), uncertainty
    )


def _named(address: str) -> tuple[str, str, str]:
    """Return the origin, the model and the version that an address names."""
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise NotReady(f"{address} is not a valid address: {error}.") from error
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
                raise _translated(error, address) from error
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


def _translated(error: urllib.error.HTTPError, address: str) -> Exception:
    try:
        problem = msgspec.json.decode(error.read(), type=ServerProblem)
    except msgspec.MsgspecError:
        problem = ServerProblem(detail=str(error.reason))
    if error.code == 404:
        return NotReady(f"{address} is not there: {problem.detail}")
    is_unanswered = any(each.get("code") == NO_ANSWER for each in problem.errors)
    if is_unanswered or problem.type.endswith(":model-failed"):
        return RowsFailed(problem.detail)
    detail = f"{address} answered {error.code}: {problem.detail}"
    is_too_much = error.code == 413 or any(
        each.get("code") == "too-many-instances" for each in problem.errors
    )
    return TooMuch(detail) if is_too_much else ModelFailed(detail)


def _ends_of(interval: Mapping[str, float] | None) -> tuple[float, float]:
    return (math.nan, math.nan) if interval is None else (interval["low"], interval["high"])


def _classes_of(prediction_set: Mapping[str, Any] | None) -> tuple[Scalar, ...]:
    return () if prediction_set is None else tuple(prediction_set["classes"])


def _share_of(reliability: Mapping[str, Any] | None) -> tuple[float, int] | None:
    return None if reliability is None else (reliability["share"], reliability["rows"])


def _cells(item: Input, column: Any) -> list[Any]:  # noqa: ANN401 - an array
    to_json = item.to_json
    if item.storage not in NUMERIC:
        return [None if value is None else to_json(value) for value in column.tolist()]
    kind = item.value_type
    return [None if value != value else to_json(kind(value)) for value in column.tolist()]


def _outcomes(output: Output, predictions: Sequence[Mapping[str, Any]]) -> ColumnOutcomes:
    if isinstance(output, MultiOutput):
        parts = [
            _outcomes(part, [each["outputs"][part.name] for each in predictions])
            for part in output.outputs
        ]
        return ColumnOutcomes(parts=parts)
    if not isinstance(output, ClassOutput):
        values = [each["prediction"] for each in predictions]
        return ColumnOutcomes(values=np.array(values, dtype=np.float64))
    places = {outcome.value: place for place, outcome in enumerate(output.classes)}
    return ColumnOutcomes(
        classes=np.array([places[each["prediction"]] for each in predictions], dtype=np.intp),
        probabilities=_ranked(places, predictions, "probabilities", "probability")
        if output.probabilities
        else None,
        scores=_ranked(places, predictions, "scores", "score") if output.scores else None,
    )


def _ranked(
    places: Mapping[Any, int], predictions: Sequence[Mapping[str, Any]], member: str, figure: str
) -> Floats:
    rows = np.zeros((len(predictions), len(places)))
    for row, each in enumerate(predictions):
        for outcome in each[member]:
            rows[row, places[outcome["class"]]] = outcome[figure]
    return rows
