"""Table formats: what may be uploaded, and what a result may be downloaded as."""

from collections.abc import Iterator, Sequence

import msgspec
from flask import Blueprint
from flask.typing import ResponseReturnValue

from servery.api import answer
from servery.api.operations import DescribedModel, Operation, reference, response
from servery.api.registry import Resource, register
from servery.settings import Settings
from servery.tables.packing import ARCHIVE, PACKINGS
from servery.tables.reading import READING_OPTIONS
from servery.tables.registry import FORMATS

bp = Blueprint("table_formats", __name__, url_prefix="/api/v1")
PATH = "/api/v1/table-formats"


class TableFormatFacts(msgspec.Struct, frozen=True):
    """One format: ``extensions`` are of files that can be read, ``options`` say how."""

    name: str
    title: str
    extensions: list[str]
    media_type: str
    options: list[str]
    is_installed: bool


class ReadingChoice(msgspec.Struct, frozen=True):
    """A likely value of an option, and what people call it."""

    value: str
    title: str


class ReadingOptionFacts(msgspec.Struct, frozen=True):
    """An option of reading a table: what it is called, and what is asked where it is open.

    ``is_of_values`` says that it only matters to tables with values of certain types.
    """

    name: str
    title: str
    question: str
    choices: list[ReadingChoice]
    is_of_values: bool


class TableFormatList(msgspec.Struct, frozen=True):
    """All formats; ``compressed`` are extensions that a file of any of them may add.

    ``reading`` has the options of the formats.
    """

    formats: list[TableFormatFacts]
    compressed: list[str]
    reading: list[ReadingOptionFacts]


@bp.get("/table-formats")
def list_table_formats() -> ResponseReturnValue:
    """List the formats of tables."""
    formats = [
        TableFormatFacts(
            each.name,
            each.title,
            [*each.endings, *each.read_endings],
            each.media_type,
            sorted(each.options),
            each.is_installed,
        )
        for each in FORMATS.values()
    ]
    return answer(TableFormatList(formats, _compressed(), list(_reading_options())))


def _compressed() -> list[str]:
    return [*(each.ending for each in PACKINGS), ARCHIVE]


def _reading_options() -> Iterator[ReadingOptionFacts]:
    for name, option in READING_OPTIONS.items():
        choices = [ReadingChoice(value, title) for value, title in option.choices.items()]
        yield ReadingOptionFacts(name, option.title, option.question, choices, option.is_of_values)


def describe(_models: Sequence[DescribedModel], _settings: Settings) -> Iterator[Operation]:
    """Return the operation of this resource."""
    summary = "The formats of tables"
    yield Operation(
        method="get",
        path=PATH,
        id="list_table_formats",
        summary=summary,
        answers={200: response(summary, reference(TableFormatList.__name__))},
    )


register(
    Resource(
        "table-formats",
        "batches",
        bp,
        describe,
        schemas=(TableFormatFacts, ReadingChoice, ReadingOptionFacts, TableFormatList),
    )
)
