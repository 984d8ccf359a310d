"""What is odd about each row of a result, as its columns ``warnings`` and ``error``."""

from collections.abc import Sequence

import numpy as np

from servery.batch.parsing import RowFault
from servery.batch.scoring import Scored
from servery.inputs import InputWarning
from servery.tables.blocks import RawColumn


def remark_columns(scored: Scored) -> tuple[RawColumn, RawColumn]:
    """Return the columns ``warnings`` and ``error``, which are empty in most rows."""
    size = len(scored.block)
    faults = scored.parsed.faults
    warned = {row: odd for row, odd in scored.parsed.warnings.items() if row not in faults}
    return _remark_column(warned, size), _remark_column(faults, size)


def _remark_column(
    odd: "dict[int, list[InputWarning]] | dict[int, list[RowFault]]", size: int
) -> RawColumn:
    codes = np.zeros(size, dtype=np.intp)
    texts: dict[str | None, int] = {None: 0}
    for row, each in odd.items():
        codes[row] = texts.setdefault(reasons(each), len(texts))
    return RawColumn(list(texts), codes)


def reasons(odd: "Sequence[InputWarning] | Sequence[RowFault]") -> str:
    """Return what is odd about a row as one text, each thing with its input."""
    return "; ".join(f"{each.input}: {each.detail}" if each.input else each.detail for each in odd)
