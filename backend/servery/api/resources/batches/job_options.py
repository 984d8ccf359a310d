"""The options of a batch job, read strictly from the query, form fields or JSON."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
from flask import request

from servery.api.http.bodies import add_unknown_members
from servery.batch.decisions import Decision
from servery.errors import Fault, Faults, InvalidJobOptions, TableUnreadable, nearest, quoted
from servery.inputs import found
from servery.inputs.number import number_of
from servery.jobs.records import Job, JobOptions
from servery.tables.reading import (
    LONGEST_MISSING,
    MOST_MISSING,
    OF_HEADER,
    READING_OPTIONS,
    ReadingOptions,
    takes_several,
)
from servery.tables.registry import FORMATS

#: Options that name columns of the table.
NAMING = ("target", "keep")
#: Options that choose what is predicted and reported.
DECIDING = ("threshold", "class")
#: Columns that such an option may name.
MOST_NAMED = 100
#: Options of an upload, as fields of a form and in the query.
FIELDS = ("version", "to", "start", *NAMING, *DECIDING, *READING_OPTIONS)
OPTIONS = ("name", *FIELDS)
#: Options that may be given several times.
SEVERAL = frozenset([*NAMING, *filter(takes_several, READING_OPTIONS)])
#: Bare, or a string of RFC 8941, section 3.3.3, whose quotes are not a part of it.
KEY = re.compile(r'"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255})')


def options_of(pairs: Iterable[tuple[str, str]], known: Sequence[str] = OPTIONS) -> dict[str, str]:
    """Return the options of an upload.

    Of those that may be given `SEVERAL` times, the last; see `asked_reading`.

    Raises
    ------
    InvalidJobOptions
        Names each option that is unknown or given twice.
    """
    options: dict[str, str] = {}
    faults = Faults()
    for name, value in pairs:
        if name not in known:
            names = ", ".join(known)
            detail = f"Expected one of {names}, found {quoted(name)}.{nearest(name, known)}"
            faults.add(partial(Fault, None, "#", "unknown-option", detail))
        elif name in options and name not in SEVERAL:
            detail = f"Expected {name!r} once, found it twice."
            faults.add(partial(Fault, None, f"#/{name}", "option-twice", detail))
        options[name] = value
    faults.raise_any(InvalidJobOptions)
    return options


def changed(job: Job, body: dict[str, Any]) -> tuple[JobOptions, bool]:
    """Return the options of a job after a PATCH, and whether it starts."""
    faults = Faults()
    add_unknown_members(faults, body, ("columns", "reading", "to", "start", *NAMING, *DECIDING))
    columns, reading, start = body.get("columns"), body.get("reading"), body.get("start", False)
    if isinstance(reading, dict):
        add_unknown_members(faults, reading, [*READING_OPTIONS], "#/reading")
    if columns is not None and not (
        isinstance(columns, dict) and all(isinstance(each, str | None) for each in columns.values())
    ):
        detail = "Expected an object from names of inputs to names of columns or null."
        faults.add(partial(Fault, None, "#/columns", "not-an-object", detail))
    for name in NAMING:
        value = body.get(name)
        if value is not None and not (
            isinstance(value, list)
            and len(value) <= MOST_NAMED
            and all(isinstance(each, str) for each in value)
        ):
            detail = f"Expected a list of at most {MOST_NAMED:,} names of columns, or null."
            faults.add(partial(Fault, None, f"#/{name}", "not-a-list", detail))
    threshold = body.get("threshold")
    if threshold is not None and not _is_share(threshold):
        detail = f"Expected a number from 0 to 1, or null, found {found(threshold)}."
        faults.add(partial(Fault, None, "#/threshold", "not-a-threshold", detail))
    if not isinstance(body.get("class"), str | int | float | None):
        detail = "Expected a class of the model, or null."
        faults.add(partial(Fault, None, "#/class", "unknown-class", detail))
    if not isinstance(start, bool):
        detail = "Expected true or false."
        faults.add(partial(Fault, None, "#/start", "not-a-boolean", detail))
    faults.raise_any(InvalidJobOptions)
    options = job.job_options
    if isinstance(columns, dict):
        given = {name: column or "" for name, column in columns.items()}
        options = msgspec.structs.replace(options, columns=given, is_reread=False)
    if reading is not None:
        said = reading_of(reading)
        merged = {
            name: getattr(said if name in reading else options.options, name)
            for name in READING_OPTIONS
        }
        options = _reread(options, ReadingOptions(**merged), has_columns=isinstance(columns, dict))
    if body.get("to") is not None:
        options = msgspec.structs.replace(options, to=format_of(body["to"]))
    if "target" in body:
        options = msgspec.structs.replace(options, target=tuple(body["target"] or ()))
    if "keep" in body:
        keep = body["keep"]
        options = msgspec.structs.replace(options, keep=None if keep is None else tuple(keep))
    decision = {name: body[name] for name in DECIDING if name in body}
    if decision:
        options = msgspec.structs.replace(
            options,
            threshold=decision.get("threshold", options.threshold),
            class_=decision.get("class", options.class_),
        )
    return options, bool(start)


def _reread(options: JobOptions, reading: ReadingOptions, *, has_columns: bool) -> JobOptions:
    """Change how a table is read; the columns chosen before may be of another header."""
    is_other = any(getattr(reading, each) != getattr(options.options, each) for each in OF_HEADER)
    is_reread = options.is_reread or (is_other and not has_columns)
    return msgspec.structs.replace(options, options=reading, is_reread=is_reread)


def named_columns(pairs: Iterable[tuple[str, str]], option: str) -> tuple[str, ...]:
    """Return the columns that an option of an upload names, each once.

    Raises
    ------
    InvalidJobOptions
        They are too many.
    """
    names = tuple(dict.fromkeys(value for name, value in pairs if name == option and value))
    if len(names) > MOST_NAMED:
        detail = f"Expected at most {MOST_NAMED:,} names of columns, found {len(names):,}."
        raise InvalidJobOptions([Fault(None, f"#/{option}", "not-a-list", detail)])
    return names


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0.0 <= value <= 1.0


def asked_decision(given: Mapping[str, str]) -> Decision:
    """Read the threshold and the class to report from the options of an upload.

    Raises
    ------
    InvalidJobOptions
        The threshold is not a number from 0 to 1.
    """
    text = given.get("threshold") or None
    read = None if text is None else number_of(text)
    if text is not None and not _is_share(read):
        detail = f"Expected a number from 0 to 1, found {quoted(text)}."
        raise InvalidJobOptions([Fault(None, "#/threshold", "not-a-threshold", detail)])
    threshold = read if isinstance(read, int | float) else None
    return Decision(threshold=threshold, class_=given.get("class") or None)


def asked_reading(pairs: Iterable[tuple[str, str]]) -> ReadingOptions:
    """Read how a table is written from the options of an upload."""
    given: dict[str, str | list[str]] = {}
    for name, value in pairs:
        if name not in READING_OPTIONS:
            continue
        if name in SEVERAL:
            given[name] = [*given.get(name, ()), value]
        else:
            given[name] = value
    return reading_of(given)


def reading_of(given: object) -> ReadingOptions:
    """Read how a table is written; null stands for an option that is not given."""
    if isinstance(given, dict) and given.get("missing", ()) is None:
        given = {**given, "missing": ()}
    try:
        options = msgspec.convert(given, ReadingOptions)
        if options.encoding is not None:
            "".encode(options.encoding)
    except (ValueError, LookupError) as error:
        pointer = "#/reading/missing" if "$.missing" in str(error) else "#/reading"
        fault = Fault(None, pointer, "not-a-reading", _expected_reading(str(error)))
        raise InvalidJobOptions([fault]) from error
    return options


def _expected_reading(trouble: str) -> str:
    texts = f"at most {MOST_MISSING} texts of at most {LONGEST_MISSING} letters each"
    if "$.missing" in trouble:
        return f"Expected {texts} for missing values. Leave some out, or shorten them."
    name = next((name for name in READING_OPTIONS if f"$.{name}" in trouble), None)
    if name is not None:
        return f"Expected {READING_OPTIONS[name].values} for {name}: {trouble[:200]}."
    return f"Expected some of {', '.join(READING_OPTIONS)}: {trouble[:200]}."


def format_of(text: object) -> str | None:
    """Read the format of a result; None for that of the table."""
    if text in (None, ""):
        return None
    known = next((each for each in FORMATS if each == text), None)
    if known is None:
        detail = f"Expected one of {', '.join(FORMATS)}, found {found(text)}."
        raise InvalidJobOptions([Fault(None, "#/to", "unknown-format", detail)])
    try:
        FORMATS[known].require(f"A result of the format {known}")
    except TableUnreadable as error:
        raise InvalidJobOptions([Fault(None, "#/to", "unknown-format", str(error))]) from error
    return known


def truth_of(text: str) -> bool:
    """Read whether a job starts at once."""
    if text not in ("true", "false"):
        detail = f"Expected true or false, found {quoted(text)}."
        raise InvalidJobOptions([Fault(None, "#/start", "not-a-boolean", detail)])
    return text == "true"


def key_of() -> str | None:
    """Return the Idempotency-Key of this request, if it has one."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    found = KEY.fullmatch(key)
    if found is None:
        detail = "Expected an Idempotency-Key of 1 to 255 printable ASCII characters."
        raise InvalidJobOptions([Fault(None, "#", "not-a-key", detail)])
    return found[1] or found[2]
