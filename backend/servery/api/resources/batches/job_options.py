"""The options of a batch job, read strictly from the query, form fields or JSON."""

import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import msgspec
from flask import request

from servery.api.http.bodies import add_unknown_members
from servery.api.options import refuse_unknown
from servery.batch.options import BATCH_OPTIONS
from servery.errors import Fault, Faults, InvalidJobOptions, TableUnreadable, quoted
from servery.inputs import found
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

#: Options of an upload, as fields of a form and in the query.
FIELDS = ("version", "to", "start", *BATCH_OPTIONS, *READING_OPTIONS)
OPTIONS = ("name", *FIELDS)
#: Options that may be given several times.
SEVERAL = frozenset(
    [
        *(name for name, option in BATCH_OPTIONS.items() if option.takes_several),
        *filter(takes_several, READING_OPTIONS),
    ]
)
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
    pairs = list(pairs)
    refuse_unknown(pairs, known, SEVERAL, at="#", error=InvalidJobOptions)
    return dict(pairs)


def changed(job: Job, body: dict[str, Any]) -> tuple[JobOptions, bool]:
    """Return the options of a job after a PATCH, and whether it starts."""
    faults = Faults()
    add_unknown_members(faults, body, ("columns", "reading", "to", "start", *BATCH_OPTIONS))
    columns, reading, start = body.get("columns"), body.get("reading"), body.get("start", False)
    if isinstance(reading, dict):
        add_unknown_members(faults, reading, [*READING_OPTIONS], "#/reading")
    if columns is not None and not (
        isinstance(columns, dict) and all(isinstance(each, str | None) for each in columns.values())
    ):
        detail = "Expected an object from names of inputs to names of columns or null."
        faults.add(partial(Fault, None, "#/columns", "not-an-object", detail))
    chosen = {}
    for name, option in BATCH_OPTIONS.items():
        if name not in body:
            continue
        try:
            chosen[option.attribute] = option.parse(body[name])
        except ValueError:
            detail = f"Expected {option.values}, or null, found {found(body[name])}."
            faults.add(partial(Fault, None, f"#/{name}", option.code, detail))
    if not isinstance(start, bool):
        detail = "Expected true or false."
        faults.add(partial(Fault, None, "#/start", "not-a-boolean", detail))
    faults.raise_any(InvalidJobOptions)
    options = msgspec.structs.replace(job.job_options, **chosen)
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
    return options, bool(start)


def _reread(options: JobOptions, reading: ReadingOptions, *, has_columns: bool) -> JobOptions:
    """Change how a table is read; the columns chosen before may be of another header."""
    is_other = any(getattr(reading, each) != getattr(options.options, each) for each in OF_HEADER)
    is_reread = options.is_reread or (is_other and not has_columns)
    return msgspec.structs.replace(options, options=reading, is_reread=is_reread)


def asked_options(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Read the options of a batch from those of an upload, by the attributes of their fields.

    Raises
    ------
    InvalidJobOptions
        Names each that is not a value of its option.
    """
    given: dict[str, list[str]] = {name: [] for name in BATCH_OPTIONS}
    for name, text in pairs:
        if name in given:
            given[name].append(text)
    options, faults = {}, Faults()
    for name, texts in given.items():
        option = BATCH_OPTIONS[name]
        try:
            options[option.attribute] = option.parse_texts(texts)
        except ValueError:
            shown = f"{len(texts):,}" if option.takes_several else quoted(texts[-1])
            detail = f"Expected {option.values}, found {shown}."
            faults.add(partial(Fault, None, f"#/{name}", option.code, detail))
    faults.raise_any(InvalidJobOptions)
    return options


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
