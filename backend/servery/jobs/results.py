"""The result files of a job: chunks in, complete files out.

Text grows in place. Parquet and Excel files cannot, so each rendered chunk is a file of its own,
and these are joined at the end.
"""

import contextlib
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from servery.batch.drift import DriftReport, input_labels
from servery.batch.evaluating.measured import Evaluated, RecordFile, evaluate_records
from servery.batch.evaluating.page import evaluation_page
from servery.batch.pipeline import Batch, ChunkScorer, ScoredChunk
from servery.errors import TableTooLarge
from servery.jobs.files import NO_ROOM, Files, Placed
from servery.jobs.records import Job
from servery.tables.delimited.error_rows import ErrorRows
from servery.tables.registry import FORMATS

#: A result may be so many times as large as the largest upload, and no larger.
LARGER = 8


def has_other_columns(files: Files, job: Job, work: ChunkScorer) -> bool:
    """Return whether a job was begun by a release that returned other columns."""
    head = work.renderer.head if FORMATS[work.format].is_text else b""
    if not job.result_bytes or not head:
        return False
    with files.result(job.id).open("rb") as file:
        return file.read(len(head)) != head


class Results:
    """The files of one job while it is worked on.

    Attributes
    ----------
    result_bytes, errors_bytes
        How much of the files is whole.
    """

    def __init__(
        self,
        files: Files,
        id_: str,
        batch: Batch,
        work: ChunkScorer,
        sizes: tuple[int, int],
        most: int,
    ) -> None:
        self._files, self._id, self._most = files, id_, most
        self._batch, self._work = batch, work
        self.result_bytes, self.errors_bytes = sizes
        self._is_text = FORMATS[work.format].is_text
        with contextlib.ExitStack() as stack:
            self._result = Placed(files.result(id_))
            stack.callback(self._result.close)
            self._errors = Placed(files.errors(id_))
            stack.callback(self._errors.close)
            self._records: Placed | None = None
            if work.outcomes is not None:
                self._records = Placed(files.records(id_))
                stack.callback(self._records.close)
            self._stack = stack.pop_all()

    def write(self, number: int, part: ScoredChunk, rows_before: int) -> None:
        """Write what was made of a chunk; it is safe on the disk then.

        Parameters
        ----------
        rows_before
            The rows of all chunks before it, after whose records those of this one stand.

        Raises
        ------
        NoRoom
            The disk cannot take it.
        TableTooLarge
            The result is larger than is kept.
        """
        data = self._text(part.rendered) if self._is_text else b""
        bad = self._error_rows(part) if part.errors or not self.errors_bytes else b""
        records = b"" if part.records is None else part.records.tobytes()
        self._files.require_room(len(data) + len(bad) + len(records), NO_ROOM)
        if self._records is not None and part.records is not None:
            self._records.write(records, rows_before * part.records.itemsize)
        if self._is_text:
            self.result_bytes = self._result.write(data, self.result_bytes)
        else:
            self._files.write_part(self._id, number, part.rendered)
        if bad:
            self.errors_bytes = self._errors.write(bad, self.errors_bytes)
        if self.result_bytes > self._most:
            raise TableTooLarge(
                f"The result is larger than {self._most:,} bytes, which is all that is kept here."
            )

    def finish(self, chunks: int, is_wanted: Callable[[], bool]) -> None:
        """Write what comes after the last row; doing it again does no harm.

        Parameters
        ----------
        is_wanted
            Asked between parts, as putting them together may take long.
        """
        if self._is_text:
            end = b"\n" if self.result_bytes else b""
            self._result.end(self._result.write(end, self.result_bytes))
        else:
            self._result.end(0)
            try:
                self._put_together(chunks, is_wanted)
            except OSError:
                if is_wanted():  # on a full disk, what is of no use leaves room
                    self._result.end(0)
                raise
            self._result.sync()
        self._errors.end(self.errors_bytes)

    def evaluate(
        self, rows: int, model: Evaluated, targets: Sequence[str], drift: DriftReport
    ) -> None:
        """Compare the answers of all rows with their outcomes; doing it again does no harm."""
        if self._records is None or self._work.outcomes is None:
            return
        layout = self._work.outcomes.layout
        self._records.end(rows * layout.dtype.itemsize)
        with self._files.records(self._id).open("rb") as file:
            evaluation = evaluate_records(RecordFile(file, layout), layout, model, targets)
        write, path = self._files.write_whole, self._files.evaluation
        write(path(self._id, "json"), msgspec.json.encode(evaluation))
        page = evaluation_page(evaluation, drift, input_labels(model.signature))
        write(path(self._id, "html"), page.encode())

    def close(self) -> None:
        """Close the files."""
        self._stack.close()

    def _put_together(self, chunks: int, is_wanted: Callable[[], bool]) -> None:
        with self._files.result(self._id).open("wb") as file, self._work.sink(file) as sink:
            for rendered in self._parts(chunks, is_wanted):
                sink.write(rendered)

    def _parts(self, chunks: int, is_wanted: Callable[[], bool]) -> Iterator[Any]:
        for rendered in self._files.parts(self._id, chunks):
            if not is_wanted():
                raise FileNotFoundError(self._id)
            yield rendered

    def _text(self, rendered: bytes) -> bytes:
        if self.result_bytes:
            return rendered
        head = self._work.renderer.head
        return head + rendered if head else rendered.removeprefix(b"\n")

    def _error_rows(self, part: ScoredChunk) -> bytes:
        buffer = io.BytesIO()
        rows = ErrorRows(buffer, self._batch.table.layout.header)
        head = buffer.tell()
        rows.write(part.errors)
        rows.close()
        return buffer.getvalue()[head if self.errors_bytes else 0 :]
