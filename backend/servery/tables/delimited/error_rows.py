"""The rows that do not fit, as a CSV table that can be corrected and scored again."""

import csv
import io
from collections.abc import Sequence
from typing import IO

from servery.tables.blocks import unique_name
from servery.tables.formulas import neutral


class ErrorRows:
    """The rows that do not fit, with the line and the reasons of each.

    Attributes
    ----------
    table
        The table of the rows that come next; a column names it where there are several tables.
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
        # The name of a table may be bytes that are not UTF-8.
        self._text = io.TextIOWrapper(
            file, "utf-8", "backslashreplace", newline="", write_through=True
        )
        self._writer = csv.writer(self._text, delimiter=delimiter, lineterminator="\r\n")
        table, line, error = (unique_name(name, header) for name in ("table", "line", "error"))
        first = [table, line] if of_several else [line]
        self._writer.writerow([*first, *map(neutral, header), error])

    def write(self, rows: Sequence[Sequence[str]]) -> None:
        """Write rows: the line, the cells, the reasons."""
        if self._of_several:
            rows = [[neutral(self.table), *row] for row in rows]
        self._writer.writerows(rows)

    def close(self) -> None:
        """Detach from the file, which stays open."""
        self._text.flush()
        self._text.detach()
