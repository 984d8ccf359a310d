"""Options that say what the result of a batch contains."""

import functools
from collections.abc import Callable
from typing import Any

import click

from servery.batch.options import COMMAND_OPTIONS, BatchOption, CommandOptions


def with_batch_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Pass what the result contains to a command, as its parameter ``chosen``."""

    @functools.wraps(command)
    def wrapped(*args: object, only: bool, **given: Any) -> object:  # noqa: ANN401
        values = {
            option.attribute: _value(option, given.pop(option.attribute))
            for option in COMMAND_OPTIONS.values()
        }
        if only and values["keep"] is not None:
            raise click.UsageError("Use either --keep or --only.")
        if only:
            values["keep"] = ()
        return command(*args, chosen=CommandOptions(**values), **given)

    wrapped = click.option(
        "--only", is_flag=True, help="Leave all columns of the table out of the result."
    )(wrapped)
    for name, option in reversed(COMMAND_OPTIONS.items()):
        wrapped = _click_option(name, option)(wrapped)
    return wrapped


def _click_option(name: str, option: BatchOption) -> Callable[..., Any]:
    kind = option.text_schema["type"]
    return click.option(
        f"--{name}",
        option.attribute,
        type=_type(option.text_schema),
        is_flag=kind == "boolean",
        multiple=option.takes_several,
        metavar=option.metavar,
        help=option.help,
    )


def _type(schema: dict[str, Any]) -> click.IntRange | click.FloatRange | None:
    least, most = schema.get("minimum"), schema.get("maximum")
    if schema["type"] == "integer":
        return click.IntRange(least, most)
    return click.FloatRange(least, most) if schema["type"] == "number" else None


def _value(option: BatchOption, given: Any) -> Any:  # noqa: ANN401 - each option has its own type
    if not option.takes_several:
        return given
    if not given:
        return option.default
    from servery.batch.returned import kept_columns

    return kept_columns(given) if option.splits else given
