"""Reads the JSON body of a request strictly, by RFC 8259; no member is ignored or given twice."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import msgspec
from flask import request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from servery.api.http.codings import BodyTooLarge, unpacked
from servery.api.http.media import is_json
from servery.api.http.strict_json import strict_json
from servery.errors import (
    Fault,
    Faults,
    InvalidInputs,
    UnreadableBody,
    UnsupportedMedia,
    nearest,
    quoted,
    shortened,
)

MEMBERS = ("inputs", "instances")
Members = TypeVar("Members", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class PredictionRequest:
    """The instances of a body; ``single`` when they came as ``{"inputs": …}``."""

    instances: Sequence[object]
    single: bool

    def pointer(self, index: int) -> str:
        """Return where an instance stands in the body."""
        return "#/inputs" if self.single else f"#/instances/{index}"


def read_prediction_request(max_instances: int) -> PredictionRequest:
    """Read ``{"inputs": {…}}`` or ``{"instances": [{…}, …]}`` from this request.

    Raises
    ------
    UnsupportedMedia, UnreadableBody
        The body is not marked as JSON, or is none.
    InvalidInputs
        It is neither of the two shapes, or holds more than ``max_instances``.
    """
    body = read_json()
    _shape_faults(body, max_instances).raise_any()
    if "inputs" in body:
        return PredictionRequest([body["inputs"]], single=True)
    return PredictionRequest(body["instances"], single=False)


def read_members(kind: type[Members]) -> Members:
    """Read a JSON object with the members of a struct from this request; no value is checked.

    Raises
    ------
    UnsupportedMedia, UnreadableBody
        The body is not marked as JSON, or is not JSON.
    InvalidInputs
        It has a member that the struct does not have, or lacks one that has no default.
    """
    body = read_json()
    known = kind.__struct_fields__
    required = known[: len(known) - len(kind.__struct_defaults__)]
    faults = Faults()
    add_unknown_members(faults, body, known)
    missing = [name for name in required if name not in body]
    if missing and not faults:
        detail = f"Expected {' and '.join(map(_in_quotes, missing))}."
        faults.add(partial(Fault, None, "#", "missing-member", detail))
    faults.raise_any()
    return kind(**body)


def _in_quotes(name: str) -> str:
    return f'"{name}"'


def read_json() -> dict[str, list[object]]:
    """Return the JSON object of this request's body, as `read_prediction_request` does."""
    kind = request.mimetype
    if not is_json(kind):
        raise UnsupportedMedia(
            "Expected the header Content-Type: application/json, found "
            f"{shortened(kind) or 'none'}."
        )
    body = strict_json(_unpacked(_read_whole()))
    if not isinstance(body, dict):
        raise InvalidInputs([Fault(None, "#", "not-an-object", "Expected a JSON object.")])
    return body


def _read_whole() -> bytes:
    """Return the whole body; Werkzeug cuts a chunked one at the limit without an error."""
    try:
        data = request.get_data(cache=False)
    except HTTPException:
        raise
    except Exception as error:  # each server raises its own errors for a body that ends early
        raise UnreadableBody("The body is incomplete. Send it again.") from error
    limit = request.max_content_length
    if request.content_length is None and limit is not None and len(data) >= limit:
        raise RequestEntityTooLarge
    return data


def _unpacked(data: bytes) -> bytes:
    """Return the decompressed body; the size limit holds before and after."""
    coding = request.headers.get("Content-Encoding")
    if coding is None:
        return data
    try:
        return unpacked(data, coding, request.max_content_length or sys.maxsize)
    except BodyTooLarge as error:
        raise RequestEntityTooLarge from error


def _shape_faults(body: Mapping[str, object], max_instances: int) -> Faults:
    faults = Faults()
    add_unknown_members(faults, body, MEMBERS)
    known = [name for name in MEMBERS if name in body]
    if len(known) == len(MEMBERS) or not (known or faults):
        detail = 'Expected one of "inputs" and "instances".'
        faults.add(partial(Fault, None, "#", "ambiguous-body", detail))
    instances = body.get("instances", [])
    if not isinstance(instances, list):
        detail = "Expected a list of objects."
        faults.add(partial(Fault, None, "#/instances", "not-a-list", detail))
    elif len(instances) > max_instances:
        detail = (
            f"Expected at most {max_instances} instances in one request, found {len(instances)}. "
            "Send them in several requests."
        )
        faults.add(partial(Fault, None, "#/instances", "too-many-instances", detail))
    return faults


def add_unknown_members(
    faults: Faults, body: Mapping[str, object], known: Sequence[str], pointer: str = "#"
) -> None:
    """Add a fault for each member that is not known; ``pointer`` points to the object."""
    expected = " or ".join(map(_in_quotes, known))

    def describe(name: str) -> Fault:
        detail = f"Expected {expected}, found {quoted(name)}.{nearest(name, known)}"
        return Fault(None, pointer, "unknown-member", detail)

    for name in body:
        if name not in known:
            faults.add(partial(describe, name))
