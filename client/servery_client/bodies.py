"""Bodies of requests: values of Python as JSON, and the faults of those that JSON cannot hold."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from http import HTTPStatus
from typing import Any

from servery_client.errors import Fault, InvalidInputs

JSON = "application/json"


def encoded(body: Mapping[str, Any]) -> bytes:
    """Return a body as JSON; numbers of NumPy and dates are written as the server reads them.

    Raises
    ------
    InvalidInputs
        Names each value that JSON cannot hold, with its row.
    """
    try:
        return _written(body)
    except (TypeError, ValueError) as error:
        faults = [*_faults(body)] or [Fault(None, None, "#", "not-json", f"{error}.")]
        raise refused("The inputs cannot be sent as JSON.", faults) from error


def refused(detail: str, faults: Sequence[Fault]) -> InvalidInputs:
    """Return the error of inputs that are not sent, like that of a server which got them."""
    return InvalidInputs(
        detail,
        faults=faults,
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="invalid-inputs",
        title="The inputs are not valid",
    )


def _written(value: Any) -> bytes:  # noqa: ANN401 - JSON
    return json.dumps(value, default=_plain, allow_nan=False, ensure_ascii=False).encode()


def _faults(body: Mapping[str, Any]) -> Iterator[Fault]:
    for row, name, pointer, value in _values(body):
        try:
            _written({name: value})
        except UnicodeEncodeError:
            detail = "Expected a text, found half of a surrogate pair in it."
            yield Fault(name, row, pointer, "not-a-text", detail)
        except ValueError:
            known = f", found {value}" if isinstance(value, float) else ""
            detail = f"Expected a finite number{known}. Pass None for a missing value."
            yield Fault(name, row, pointer, "not-finite", detail)
        except TypeError as error:
            yield Fault(name, row, pointer, "not-json", str(error))


def _values(body: Mapping[str, Any]) -> Iterator[tuple[int | None, str | None, str, Any]]:
    """Yield each value with its row and its input; other members have neither."""
    rows = [(row, f"#/instances/{row}", each) for row, each in enumerate(body.get("instances", ()))]
    for row, pointer, inputs in [*rows, (None, "#/inputs", body.get("inputs", {}))]:
        if not isinstance(inputs, Mapping):
            yield row, None, pointer, inputs
            continue
        for name, value in inputs.items():
            escaped = str(name).replace("~", "~0").replace("/", "~1")
            yield row, str(name), f"{pointer}/{escaped}", value
    for member in body.keys() - {"instances", "inputs"}:
        yield None, None, f"#/{member}", body[member]


def _plain(value: Any) -> Any:  # noqa: ANN401 - what JSON does not know
    if isinstance(value, date):  # a datetime is one, and so is NaT of pandas, which equals nothing
        return value.isoformat() if value == value else None
    if hasattr(value, "item"):
        with contextlib.suppress(ValueError):  # an array of several
            return value.item()
    raise TypeError(
        f"Expected a text, a number, a boolean, a date or None, found {type(value).__name__}."
    )
