"""All table formats: the command line, uploads, downloads, the page and the documents ask here.

A new format is a module that makes a `TableFormat`, and its name in the list at the end.
"""

from servery.tables.arrow_file import ARROW
from servery.tables.databases.sqlite import SQLITE
from servery.tables.delimited import CSV, TSV
from servery.tables.excel import EXCEL
from servery.tables.formats import TableFormat
from servery.tables.jsonlines import JSON_LINES
from servery.tables.packing import bare_name
from servery.tables.parquet import PARQUET

#: All formats by name, in the order in which messages list them.
FORMATS: dict[str, TableFormat] = {}


def register(format_: TableFormat) -> None:
    """Add a format.

    Raises
    ------
    ValueError
        Its name or one of its endings is taken.
    """
    taken = {ending for each in FORMATS.values() for ending in (*each.endings, *each.read_endings)}
    if format_.name in FORMATS or taken & {*format_.endings, *format_.read_endings}:
        raise ValueError(f"The table format {format_.name!r} is already registered.")
    FORMATS[format_.name] = format_


def format_of(path: str) -> str | None:
    """Return the format that the end of a name stands for, packed or not."""
    bare = bare_name(path.lower())
    return next(
        (
            each.name
            for each in FORMATS.values()
            if bare.endswith((*each.endings, *each.read_endings))
        ),
        None,
    )


def format_of_media_type(media_type: str) -> str | None:
    """Return the format that a media type stands for."""
    found = (each.name for each in FORMATS.values() if media_type in each.media_types)
    return next(found, None)


def titles() -> str:
    """Return what all formats are called, as part of a sentence."""
    *first, last = (each.title for each in FORMATS.values())
    return f"{', '.join(first)} or {last}"


for _format in (CSV, TSV, JSON_LINES, PARQUET, ARROW, EXCEL, SQLITE):
    register(_format)
