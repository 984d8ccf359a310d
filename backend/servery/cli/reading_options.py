"""Options that say how tables are read, the same for every command that reads them."""

import functools
from collections.abc import Callable
from typing import Any, get_args

import click

from servery.tables.reading import Dates, Decimal, Reading


class TableFormat(click.ParamType[str]):
    """The name of a table format; the formats are only loaded when they are asked for."""

    name = "format"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return all names, as they are shown in the help."""
        del param, ctx
        return f"[{'|'.join(self.choices)}]"

    @property
    def choices(self) -> tuple[str, ...]:
        """The names of all formats."""
        from servery.tables.registry import FORMATS

        return tuple(FORMATS)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what is not the name of a format."""
        if value not in self.choices:
            self.fail(f"{value!r} is not one of {', '.join(self.choices)}.", param, ctx)
        return value


def with_reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Pass how tables are read to a command, as its parameter ``reading``."""

    @click.option("--from", "read_as", type=TableFormat(), help="The format of the tables.")
    @click.option("--delimiter", help="The delimiter of a CSV file; 'tab' for a tab.")
    @click.option(
        "--encoding",
        help="The encoding of a text file, such as latin-1; UTF-8, 16 and 32 are detected.",
    )
    @click.option(
        "--decimal", type=click.Choice(get_args(Decimal)), help="The decimal mark of a text file."
    )
    @click.option(
        "--dates",
        type=click.Choice(get_args(Dates)),
        help="The order of a date such as 3/4/2024.",
    )
    @click.option(
        "--missing",
        multiple=True,
        metavar="TEXT",
        help="A text that means a missing value; can be repeated.",
    )
    @click.option("--sheet", help="The sheet of an Excel workbook.")
    @functools.wraps(command)
    def wrapped(
        *args: object,
        read_as: str | None,
        delimiter: str | None,
        encoding: str | None,
        decimal: Decimal | None,
        dates: Dates | None,
        missing: tuple[str, ...],
        sheet: str | None,
        **given: object,
    ) -> object:
        reading = Reading(
            format=read_as,
            delimiter="\t" if delimiter in ("tab", "\\t") else delimiter,
            encoding=encoding,
            decimal=decimal,
            dates=dates,
            missing=missing,
            sheet=sheet,
        )
        return command(*args, reading=reading, **given)

    return wrapped
