"""Options that say how tables are read, the same for every command that reads them."""

import functools
import re
from collections.abc import Callable
from typing import Any

import click

from servery.tables.reading import READING_OPTIONS, Reading, is_closed, option_schema, takes_several


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


class OptionValue(click.ParamType[str]):
    """A value of a reading option, which may have another spelling on a command line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._spelled = READING_OPTIONS[name].spelled
        self._schema = option_schema(name)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the values, if there are no others."""
        del param, ctx
        return "[{}]".format("|".join(self._values)) if self._is_closed else "TEXT"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what is none of the values, if there are no others."""
        value = self._spelled.get(value, value)
        if self._is_closed and value not in READING_OPTIONS[self.name].choices:
            self.fail(f"{value!r} is not one of {', '.join(self._values)}.", param, ctx)
        pattern = self._schema.get("pattern")
        most = self._schema.get("maxLength", len(value))
        if len(value) > most or (pattern and not re.fullmatch(pattern, value)):
            self.fail(f"{value!r} is not {READING_OPTIONS[self.name].values}.", param, ctx)
        return value

    @property
    def _is_closed(self) -> bool:
        return is_closed(self.name)

    @property
    def _values(self) -> list[str]:
        typed = {value: spelling for spelling, value in self._spelled.items()}
        return [typed.get(value, value) for value in READING_OPTIONS[self.name].choices]


def with_reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Pass how tables are read to a command, as its parameter ``reading``."""

    @functools.wraps(command)
    def wrapped(*args: object, read_as: str | None, **given: object) -> object:
        options: dict[str, Any] = {name: given.pop(name) for name in READING_OPTIONS}
        return command(*args, reading=Reading(format=read_as, **options), **given)

    for name in reversed(READING_OPTIONS):
        wrapped = click.option(
            f"--{name}",
            type=OptionValue(name),
            multiple=takes_several(name),
            help=READING_OPTIONS[name].help,
        )(wrapped)
    return click.option("--from", "read_as", type=TableFormat(), help="The format of the tables.")(
        wrapped
    )
