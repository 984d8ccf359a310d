"""Tables as bodies: CSV or Parquet in, answers or a scored table out, as a batch job has them."""

import contextlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

import msgspec

from servery.api.protocols.answers import Answers, OutputAnswers
from servery.api.protocols.protocol import Request, invalid
from servery.batch.parsing import RowFault
from servery.batch.parsing.texts import PLAIN, from_text
from servery.batch.pipeline import Batch, open_batch
from servery.batch.scoring import Scored
from servery.errors import (
    AmbiguousTable,
    ColumnsUnmatched,
    Fault,
    Faults,
    InvalidInputs,
    TableTooLarge,
    TableUnreadable,
    UnsupportedMedia,
    quoted,
    shortened,
)
from servery.inputs import FromText, InputWarning
from servery.runtimes.columns import ColumnOutcomes
from servery.served import ServedModel
from servery.signature import MultiOutput
from servery.signature.parsing import token
from servery.tables.reading import (
    LONGEST_MISSING,
    MOST_MISSING,
    READING_OPTIONS,
    Reading,
    is_closed,
    takes_several,
)
from servery.tables.registry import FORMATS

CSV = "text/csv"
#: The formats that are read, by media type.
READ = {
    CSV: "csv",
    "application/csv": "csv",
    "application/parquet": "parquet",
    "application/x-parquet": "parquet",
    "application/vnd.apache.parquet": "parquet",
}
CALLED = "The body"
#: Matching them to inputs takes up to a second for so many.
MOST_COLUMNS = 5_000
DELIMITERS = (b",", b";", b"\t", b"|")


def cell_readers(model: ServedModel) -> Mapping[str, FromText]:
    """Return how the texts of each input are read, as cells of a text file with decimal points."""
    return {item.name: from_text(item, PLAIN) for item in model.signature.inputs}


@contextlib.contextmanager
def opened_table(request: Request, model: ServedModel) -> Iterator[Batch]:
    """Open the body as a table; options of reading may be in the query.

    Raises
    ------
    UnsupportedMedia, TableUnreadable
        The Content-Type is not that of a table; the table cannot be read or matched to the inputs.
    TableTooLarge, InvalidInputs
        It unpacks to more than a body may have; it has too many rows.
    """
    kind = READ.get(request.media)
    if kind is None:
        expected = " or ".join(["text/csv", "application/vnd.apache.parquet"])
        found = shortened(request.media) or "none"
        raise UnsupportedMedia(f"Expected the header Content-Type: {expected}, found {found}.")
    if kind == "csv" and _is_too_wide(request.body):
        raise TableTooLarge(f"{CALLED} has a line of more than {MOST_COLUMNS:,} cells.")
    source, reading = io.BytesIO(request.body), _reading(request, kind)
    with (
        _reworded_for_http(),
        contextlib.closing(
            open_batch(
                model,
                source,
                reading,
                name=CALLED,
                most_columns=MOST_COLUMNS,
                assumes_missing=True,
            )
        ) as batch,
    ):
        groups: Sequence[tuple[int, int]] = getattr(batch.table, "groups", ())
        request.check_count(sum(rows for rows, _ in groups))
        most = request.services.settings.max_body_bytes
        if sum(size for _, size in groups) > most:
            raise TableTooLarge(f"{CALLED} unpacks to more than {most:,} bytes. Send fewer rows.")
        yield batch


@contextlib.contextmanager
def _reworded_for_http() -> Iterator[None]:
    """Say what a request can do where an error names options of the command line."""
    try:
        yield
    except ColumnsUnmatched as error:
        detail = f"{error.detail} Give the columns the names of the inputs."
        raise ColumnsUnmatched(detail) from error
    except AmbiguousTable as error:
        name, values = error.choice.option, error.choice.values
        ways = " or ".join(f"?{name}={quote(value, safe=',')}" for value in values)
        raise TableUnreadable(f"{error.detail} Choose one in the query: {ways}.") from error


def _is_too_wide(text: bytes) -> bool:
    """Return whether a line has too many cells; counting costs far less than opening the table."""
    return any(
        line.count(mark) > MOST_COLUMNS
        for line in text.splitlines()
        if len(line) > MOST_COLUMNS
        for mark in DELIMITERS
    )


def _reading(request: Request, kind: str) -> Reading:
    known = [name for name in READING_OPTIONS if name in FORMATS[kind].options]
    several = [name for name in known if takes_several(name)]
    options: dict[str, Any] = {"encoding": request.charset} if kind == "csv" else {}
    for name, text in request.options(known, several):
        options[name] = [*options.get(name, ()), text] if name in several else text
    try:
        reading = msgspec.convert({**options, "format": kind}, Reading)
        "".encode(reading.encoding or "utf-8")
    except msgspec.ValidationError as error:
        raise _wrong_option(str(error), options) from error
    except (LookupError, ValueError) as error:
        raise _wrong_option("$.encoding", options) from error
    return reading


def _wrong_option(trouble: str, options: Mapping[str, Any]) -> InvalidInputs:
    """Return the error of an option of reading; ``trouble`` has the path of its value."""
    name = next(each for each in options if re.search(rf"\$\.{each}\b", trouble))
    option = READING_OPTIONS[name]
    one_of = " or ".join(map(repr, option.choices))
    values = one_of if is_closed(name) else option.values
    if name == "missing":
        values = f"at most {MOST_MISSING} texts of at most {LONGEST_MISSING} letters each"
    elif name == "encoding":
        values = f"the name of an encoding, such as {one_of}"
    shown = "others" if isinstance(options[name], list) else quoted(options[name])
    detail = f"Expected {values} for {name}, found {shown}."
    return invalid("not-a-reading", detail, f"#/query/{name}")


def scored_chunks(request: Request, batch: Batch) -> Iterator[Scored]:
    """Score a table, chunk by chunk, up to the most rows of a request."""
    rows = 0
    for chunk in batch.table.chunks():
        scored = batch.scorer.score(chunk)
        rows += len(scored.block)
        request.check_count(rows)
        yield scored


def table_answers(request: Request, model: ServedModel) -> Answers:
    """Return the answers to the rows of a table, all of which have to fit.

    Raises
    ------
    InvalidInputs
        Names the first rows that do not fit, from 0; and what `opened_table` raises.
    """
    faults = Faults()
    pieces: list[ColumnOutcomes] = []
    warnings: list[Sequence[InputWarning]] = []
    with opened_table(request, model) as batch:
        for scored in scored_chunks(request, batch):
            first = len(warnings)
            for row in sorted(scored.parsed.faults):
                for each in scored.parsed.faults[row]:
                    faults.add(partial(_fault, each, first + row))
            pieces += [outcomes for _, outcomes in scored.pieces]
            warned = scored.parsed.warnings
            warnings += [warned.get(row, ()) for row in range(len(scored.block))]
    faults.raise_any()
    outcomes = ColumnOutcomes.joined(pieces)
    output = model.signature.output
    outputs = output.outputs if isinstance(output, MultiOutput) else [output]
    parts = outcomes.parts or [outcomes]
    return Answers(model, list(map(OutputAnswers, outputs, parts)), warnings)


def _fault(fault: RowFault, row: int) -> Fault:
    there = f"#/rows/{row}"
    place = there if fault.input is None else f"{there}/{token(fault.input)}"
    return Fault(fault.input, place, fault.code, fault.detail)
