"""Reads JSON strictly, by RFC 8259: what readers disagree on is refused, and nothing is dropped."""

import json
from collections.abc import Callable
from typing import NoReturn

import msgspec

from servery.errors import UnreadableBody, quoted, twice_named

decode = msgspec.json.Decoder().decode
encode = msgspec.json.Encoder().encode


def strict_json(data: bytes) -> object:
    """Read JSON; refuse what parsers disagree on.

    Raises
    ------
    UnreadableBody
        The text is not JSON or not UTF-8, or has NaN, Infinity, a name twice in one object, or
        half of a surrogate pair.
    """
    # This decoder keeps the last of two members with the same name. Writing the value again and
    # counting the quotation marks shows that, unless a backslash hides some.
    if b"\\" not in data:
        try:
            value = decode(data)
            quotation_marks = encode(value).count(b'"')
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError):
            return _read_and_explained(data)
        if data.count(b'"') == quotation_marks:
            return value
    return _read_and_explained(data)


def json_with_nan(data: bytes) -> object:
    """Read JSON in which ``NaN`` is null, as programs write it that do not know better.

    Raises
    ------
    UnreadableBody
        As `strict_json` does.
    """
    return _read_and_explained(data, _nan_as_null) if b"NaN" in data else strict_json(data)


def _read_and_explained(data: bytes, constant: Callable[[str], None] | None = None) -> object:
    """Read again, slowly, to report where the error is."""
    constant = constant or _refuse_constant
    try:
        text = data.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_object, parse_constant=constant)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        raise UnreadableBody(
            f"Expected JSON, found an error at line {error.lineno}, column {error.colno}: "
            f"{error.msg}."
        ) from error
    except UnicodeError as error:
        raise UnreadableBody("Expected JSON in UTF-8, found bytes that are not text.") from error
    except RecursionError as error:
        raise UnreadableBody("The JSON is nested too deeply.") from error
    except ValueError as error:  # a whole number of thousands of digits
        raise UnreadableBody("The JSON has a number with too many digits.") from error
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        twice = twice_named(name for name, _ in pairs) or ""
        raise UnreadableBody(f"One object has the name {quoted(twice)} twice. Give it once.")
    return members


def _nan_as_null(word: str) -> None:
    if word != "NaN":
        _refuse_constant(word)


def _refuse_constant(word: str) -> NoReturn:
    raise UnreadableBody(f"Expected JSON, found {word}. Send null or a number.")
