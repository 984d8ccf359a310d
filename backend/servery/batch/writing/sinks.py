"""Writing results: a file appears under its name when it is whole, and never before."""

import contextlib
import csv
import gzip
import io
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol

from servery.batch.parsing.formulas import neutral
from servery.batch.reading.excel import SHEET_COLUMNS, SHEET_ROWS
from servery.batch.reading.tables import free_name
from servery.batch.writing.excel import held_text
from servery.batch.writing.parquet import ParquetRenderer
from servery.batch.writing.rendering import Renderer
from servery.errors import TableTooLarge

#: The first moment that an archive can tell, and where a workbook tells when it was made.
FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
PROPERTIES = "docProps/core.xml"
MOMENT = re.compile(rb">\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<")


class Sink(Protocol):
    """Takes what a renderer made, in order."""

    def write(self, rendered: Any) -> None:  # noqa: ANN401 - each takes its own
        """Write rows."""
        ...

    def close(self) -> None:
        """Write what comes after the last row."""
        ...

    def drop(self) -> None:
        """Let go of what was begun, as nobody wants the file any more."""
        ...


class TextSink:
    """Text, which renderers make of rows that each begin with a line end."""

    def __init__(self, file: IO[bytes], head: bytes) -> None:
        self._file = file
        self._head = head
        file.write(head)

    def write(self, rendered: bytes) -> None:
        """Write rows."""
        if not self._head:
            rendered = rendered.removeprefix(b"\n")
        self._head = self._head or rendered
        self._file.write(rendered)

    def close(self) -> None:
        """End the last line."""
        self._file.write(b"\n" if self._head else b"")

    def drop(self) -> None:
        """Leave the file as it is."""


class ParquetSink:
    """A Parquet file with one row group for each chunk."""

    def __init__(self, file: IO[bytes], renderer: ParquetRenderer) -> None:
        from pyarrow import parquet

        self._writer = parquet.ParquetWriter(file, renderer.schema)

    def write(self, rendered: Any) -> None:  # noqa: ANN401 - a record batch
        """Write rows."""
        if rendered.num_rows:
            self._writer.write_batch(rendered)

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()

    def drop(self) -> None:
        """Close the writer while its file is open: later it would complain on standard error."""
        with contextlib.suppress(Exception):  # whatever was the matter is told already
            self._writer.close()
        self._writer.is_open = False


class ExcelSink:
    """A workbook of one sheet."""

    def __init__(self, file: IO[bytes], header: Sequence[str]) -> None:
        import openpyxl

        if len(header) > SHEET_COLUMNS:
            raise TableTooLarge(
                f"A sheet of Excel holds {SHEET_COLUMNS:,} columns, and the result has "
                f"{len(header):,}; write it as CSV or Parquet."
            )
        self._file = file
        self._book = openpyxl.Workbook(write_only=True)
        self._sheet = self._book.create_sheet("Predictions")
        self._sheet.append([self._cell(held_text(neutral(name))) for name in header])
        self._rows = 1

    def write(self, rendered: Sequence[Sequence[Any]]) -> None:
        """Write rows."""
        self._rows += len(rendered)
        if self._rows > SHEET_ROWS:
            raise TableTooLarge(
                f"A sheet of Excel holds {SHEET_ROWS:,} rows, and the result has more; "
                "write it as CSV or Parquet."
            )
        for row in rendered:
            self._sheet.append([self._cell(value) for value in row])

    def close(self) -> None:
        """Pack the workbook, always to the same bytes."""
        with tempfile.TemporaryFile(prefix="servery-") as packed:
            self._book.save(packed)
            _without_times(packed, self._file)

    def drop(self) -> None:
        """Remove the file in which the library keeps the sheet."""
        with contextlib.suppress(Exception):  # whatever was the matter is told already
            self._sheet.close()
        with contextlib.suppress(FileNotFoundError):
            self._sheet._writer.cleanup()

    def _cell(self, value: Any) -> Any:  # noqa: ANN401 - a cell
        if not isinstance(value, str):
            return value
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self._sheet, value)
        cell.data_type = "s"  # a text, whatever it begins with
        return cell


def _without_times(packed: IO[bytes], file: IO[bytes]) -> None:
    """Write an archive anew, with one moment for all of its entries and for what it says itself."""
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            named = zipfile.ZipInfo(entry.filename, FIRST_MOMENT)
            named.compress_type, named.file_size = zipfile.ZIP_DEFLATED, entry.file_size
            if entry.filename == PROPERTIES:
                new.writestr(named, MOMENT.sub(rb">1980-01-01T00:00:00Z<", old.read(entry)))
                continue
            with old.open(entry) as source, new.open(named, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)


@contextlib.contextmanager
def sink_of(renderer: Renderer, file: IO[bytes], header: Sequence[str]) -> Iterator[Sink]:
    """Open what writes to a file what a renderer makes; it is closed, or dropped after an error."""
    sink = _sink_of(renderer, file, header)
    try:
        yield sink
        sink.close()
    except BaseException:
        sink.drop()
        raise


def _sink_of(renderer: Renderer, file: IO[bytes], header: Sequence[str]) -> Sink:
    if isinstance(renderer, ParquetRenderer):
        return ParquetSink(file, renderer)
    if renderer.format == "xlsx":
        return ExcelSink(file, header)
    return TextSink(file, renderer.head())


class Called(io.FileIO):
    """A file whose errors say what it will be called: several may be open at once."""

    def __init__(self, descriptor: int, path: Path) -> None:
        super().__init__(descriptor, "wb")
        self._path = path

    def write(self, data: Any) -> int:  # noqa: ANN401 - bytes of any kind
        """Write bytes."""
        try:
            return super().write(data)
        except OSError as error:
            error.filename = self._path
            raise


@contextlib.contextmanager
def appearing(path: Path) -> Iterator[BinaryIO]:
    """Open a new file that takes its place at the end; after an error, nothing is there.

    A name that ends in ``.gz`` is packed, always to the same bytes. A link stays one, and so does a
    device or a named pipe: what goes there cannot wait.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as file, _packed(path, file) as packed:
            yield packed
        return
    real = path.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{real.name[:200]}.", dir=real.parent)
    try:
        with io.BufferedWriter(Called(descriptor, path)) as whole, _packed(path, whole) as packed:
            yield packed
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(real)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _packed(path: Path, file: BinaryIO) -> Iterator[BinaryIO]:
    if not path.name.endswith(".gz"):
        yield file
        return
    with Packed("", "wb", 6, file, mtime=0) as packed:
        yield packed  # type: ignore[misc] # it writes as a file does


class Packed(gzip.GzipFile):
    """An archive in which nobody goes back; a workbook, which is one itself, has to know."""

    def seekable(self) -> bool:
        """Say that what is written is written."""
        return False

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Refuse, as a pipe does: `zipfile` finds out by trying."""
        del offset, whence
        raise io.UnsupportedOperation("seek")


class ErrorRows:
    """The rows that do not fit, as a table that can be mended and scored again.

    Attributes
    ----------
    table
        What the rows that come next are of; it stands before their line, where there are several.
    """

    def __init__(
        self,
        file: IO[bytes],
        header: Sequence[str],
        delimiter: str = ",",
        *,
        of_several: bool = False,
    ) -> None:
        self.table = ""
        self._of_several = of_several
        # The name of a table may be bytes that are no UTF-8.
        self._text = io.TextIOWrapper(
            file, "utf-8", "backslashreplace", newline="", write_through=True
        )
        self._writer = csv.writer(self._text, delimiter=delimiter, lineterminator="\r\n")
        table, line, error = (free_name(name, header) for name in ("table", "line", "error"))
        first = [table, line] if of_several else [line]
        self._writer.writerow([*first, *map(neutral, header), error])

    def write(self, rows: Sequence[Sequence[str]]) -> None:
        """Write rows: the line, the cells, the reasons."""
        if self._of_several:
            rows = [[neutral(self.table), *row] for row in rows]
        self._writer.writerows(rows)

    def close(self) -> None:
        """Let go of the file, which stays open."""
        self._text.flush()
        self._text.detach()
