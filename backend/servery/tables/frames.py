"""Reading tables: a CSV, TSV or Parquet file in, a table with its own column names out.

Separator, decimal mark, encoding and byte-order mark are detected. Columns that hold texts for
the model are kept as texts: ``01234`` stays what it is.
"""

import csv
import importlib.util
import io
import warnings
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from charset_normalizer import from_bytes

from servery.errors import TableUnreadable

if TYPE_CHECKING:
    import pandas as pd

SEPARATORS = ",;\t|"
#: What of a file is looked at to tell its encoding and separator.
SAMPLE_BYTES = 256 * 1024
#: How tables write that a value is missing, in a column that has no category of that name.
MISSING = frozenset(
    ["", "NA", "N/A", "n/a", "NaN", "nan", "-NaN", "-nan", "NULL", "null", "None", "<NA>", "#N/A"]
)


def require_table(path: Path) -> None:
    """Refuse a file that cannot be read.

    Raises
    ------
    TableUnreadable
        Says why.
    """
    try:
        with path.open("rb"):
            return
    except OSError as error:
        raise TableUnreadable(f"{path.name} cannot be read: {error.strerror}.") from error


def read_table(path: Path, texts: Mapping[str, Collection[str]] | None = None) -> "pd.DataFrame":
    """Read a table.

    Parameters
    ----------
    texts
        Columns to keep as texts, each with its known values: of these, none is taken as missing.

    Raises
    ------
    TableUnreadable
        Says what is wrong with the file.
    """
    require_table(path)
    data = path.read_bytes()
    if not data.strip():
        raise TableUnreadable(f"{path.name} is empty; expected a table with a header row.")
    parquet = data.startswith(b"PAR1")
    table = _parquet(path.name, data) if parquet else _csv(path.name, data, texts or {})
    if table.empty:
        raise TableUnreadable(f"{path.name} has a header and no rows.")
    return table


def _parquet(name: str, data: bytes) -> "pd.DataFrame":
    import pandas as pd

    if importlib.util.find_spec("pyarrow") is None:
        raise TableUnreadable(
            f"{name} is a Parquet file, which needs a library that is not installed: "
            'pip install "servery[parquet]".'
        )
    try:
        return pd.read_parquet(io.BytesIO(data))
    except (OSError, ValueError) as error:
        raise TableUnreadable(f"{name} is a Parquet file that cannot be read: {error}") from error


def _csv(name: str, data: bytes, texts: Mapping[str, Collection[str]]) -> "pd.DataFrame":
    import pandas as pd

    text = _decoded(name, data)
    separator = _separator(text)
    header = next(csv.reader(io.StringIO(text), delimiter=separator))
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        raise TableUnreadable(f"{name} has two columns that are called {twice[0]!r}; rename one.")
    options: dict[str, Any] = {
        "sep": separator,
        "keep_default_na": False,
        "na_values": {column: MISSING - set(texts.get(column, ())) for column in header},
        "dtype": {column: str for column in header if column in texts},
        "index_col": False,
        "low_memory": False,
    }
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a row longer than the header
            table = pd.read_csv(io.StringIO(text), **options)
            if separator == ";" and _has_decimal_commas(table):
                table = pd.read_csv(io.StringIO(text), decimal=",", **options)
    except (ValueError, pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise TableUnreadable(f"{name} is no table that can be read: {error}") from error
    return table


def _decoded(name: str, data: bytes) -> str:
    """Return the text of a file, in the encoding of `_encoding`."""
    encoding = _encoding(name, data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise TableUnreadable(
            f"{name} seems to be {encoding} and is not, at byte {error.start}; save it as UTF-8."
        ) from error


def _encoding(name: str, data: bytes) -> str:
    """Return the encoding of a text: by its mark, UTF-8 where it is that, else the best fit."""
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return encoding
    if b"\0" in data[:SAMPLE_BYTES]:
        raise TableUnreadable(
            f"{name} is no text; expected a CSV, TSV or Parquet file with a header row."
        )
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(data[:SAMPLE_BYTES]).best()
        return best.encoding if best else "utf-8"
    return "utf-8"


BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


def _separator(text: str) -> str:
    """Return the separator that the first lines agree on; the most frequent one of the header."""
    lines = text[:SAMPLE_BYTES].splitlines()
    try:
        return csv.Sniffer().sniff("\n".join(lines[:50]), SEPARATORS).delimiter
    except csv.Error:
        return max(SEPARATORS, key=lines[0].count)


def _has_decimal_commas(table: "pd.DataFrame") -> bool:
    texts = table.select_dtypes(exclude="number")
    return any(
        texts[name].dropna().astype(str).str.fullmatch(r"[+-]?\d+,\d+").mean() > 0.5
        for name in texts.columns
    )
