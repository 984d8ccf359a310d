"""Results as rows of a workbook, whose cells hold less than those of a table."""

import sys
from dataclasses import dataclass
from datetime import date
from typing import Any

from servery.batch.parsing.formulas import is_formula, neutral
from servery.batch.reading import Format
from servery.batch.reading.excel import CELL_CHARACTERS
from servery.batch.scoring import Scored
from servery.batch.writing.cells import count_neutralised, plain_text
from servery.batch.writing.shape import Shape, remark_columns
from servery.inputs import LARGEST_EXACT

CONTROLS = dict.fromkeys(set(range(32)) - {9, 10, 13}, "\ufffd")
#: Before it, Excel counts a day too many.
FIRST_DAY = date(1900, 3, 1)


@dataclass
class ExcelRenderer:
    """Rows as tuples of cells."""

    shape: Shape
    format: Format = "xlsx"

    def head(self) -> bytes:
        """Return nothing."""
        return b""

    def render(self, scored: Scored) -> list[tuple[Any, ...]]:
        """Return rows of values that a workbook can hold."""
        own = list(self.shape.typed(scored))
        for cells in own:
            for row, cell in enumerate(cells):
                if is_formula(cell):
                    scored.summary.neutralised += 1
                cells[row] = _holdable(cell)
        count_neutralised(scored)
        answers = [
            list(map(_holdable, column.cells()))
            for column in (*scored.answers, *remark_columns(scored))
        ]
        return list(zip(*own, *answers, strict=True))


def _holdable(cell: Any) -> Any:  # noqa: ANN401 - a cell
    """Return a cell as a workbook can hold it: a text where a number or a day would change."""
    if cell is None or cell != cell:
        return None
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, (int, float)) and abs(cell) <= sys.float_info.max:
        return cell if isinstance(cell, float) or abs(cell) <= LARGEST_EXACT else str(cell)
    if isinstance(cell, date) and _is_excel_day(cell):
        return cell
    return held_text(neutral(plain_text(cell)))


def _is_excel_day(day: date) -> bool:
    is_early = date(day.year, day.month, day.day) < FIRST_DAY
    # A sheet holds milliseconds; what is finer than microseconds is of pandas.
    is_fine = getattr(day, "microsecond", 0) % 1_000 or getattr(day, "nanosecond", 0)
    return not (is_early or is_fine or getattr(day, "tzinfo", None))


def held_text(text: str) -> str:
    """Return a text as a cell of a workbook holds it; what is lost shows."""
    text = text.translate(CONTROLS)
    return text if len(text) <= CELL_CHARACTERS else f"{text[: CELL_CHARACTERS - 1]}…"
