"""Arguments and options that several commands share."""

import csv
import functools
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import click
from click.core import ParameterSource

from servery.cli.reading_options import with_reading
from servery.publishing.options import PublishOptions, Tables, Within
from servery.settings import Settings, dotted_names
from servery.tables.reading import READING_OPTIONS, Reading

Function: TypeAlias = Callable[..., Any]

FILE = click.Path(path_type=Path)


def _models() -> Path:
    """Return the default model repository."""
    return Settings.from_env().models


repository_argument = click.argument("path", type=FILE, default=_models, required=False)
models_option = click.option(
    "--models", type=FILE, default=_models, help="The model repository; by default SERVERY_MODELS."
)


compose_option = click.option(
    "--compose",
    is_flag=True,
    help="Put the fitted parts of a dictionary or tuple together, as the message about it shows.",
)


def with_publish_options(command: Function) -> Function:
    """Pass the tables of a model file and the options of publishing."""

    @click.option(
        "--data", type=FILE, help="The training table, in any format that `servery score` reads."
    )
    @click.option("--target", multiple=True, help="Column that the model predicts.")
    @click.option("--test", type=FILE, help="Held-out rows to measure on, with their target.")
    @click.option(
        "--cv",
        metavar="FOLDS",
        help="Measure by cross-validation on --data: 5 for five folds, time:COLUMN to predict "
        "later rows from earlier ones, group:COLUMN to leave out whole groups, such as persons. "
        "If an input is a date, 5 means time order; shuffle:5 draws folds at random anyway.",
    )
    @click.option(
        "--coverage",
        type=float,
        default=PublishOptions().coverage,
        help="Coverage of intervals and prediction sets; 0.9 by default.",
    )
    @click.option(
        "--sets",
        type=click.Choice(["classes", "answers"]),
        default=PublishOptions().sets,
        help="Whether the coverage of prediction sets holds for the rows of each true class, or "
        "for the answers of each predicted class.",
    )
    @click.option(
        "--keep-rows",
        type=int,
        metavar="COUNT",
        default=0,
        help="Keep this many measured rows, to show those nearest to an instance. Anyone who may "
        "ask the model sees them.",
    )
    @click.option(
        "--recalibrate",
        is_flag=True,
        help="Fit the probabilities once more to what came true on unseen rows, if that makes them "
        "better. With --cv, the model is fitted again.",
    )
    @compose_option
    @click.option(
        "--classes",
        metavar="NAMES",
        help="The names of classes that the model has as numbers, from 0 on: low,middle,high.",
    )
    @with_reading
    @functools.wraps(command)
    def wrapped(
        *args: object,
        data: Path | None,
        target: tuple[str, ...],
        test: Path | None,
        cv: str | None,
        coverage: float,
        sets: Within,
        keep_rows: int,
        recalibrate: bool,
        compose: bool,
        classes: str | None,
        reading: Reading,
        **given: object,
    ) -> object:
        _require_effect(has_table=bool(data or test), has_unseen=bool(test or cv))
        paths = {name: str(path) for name, path in (("data", data), ("test", test)) if path}
        tables = Tables(target=target, reading=reading, **paths)
        folds = int(cv) if cv is not None and cv.isdecimal() else cv
        options = PublishOptions(
            cv=folds,
            coverage=coverage,
            sets=sets,
            keep_rows=keep_rows,
            recalibrate=recalibrate,
            compose=compose,
            classes=_names(classes),
        )
        return command(*args, tables=tables, options=options, **given)

    return wrapped


#: Options of publishing by what they need to have an effect; others are refused by publishing.
OF_TABLES = frozenset(["target", "read_as", *READING_OPTIONS])
OF_UNSEEN_ROWS = frozenset(["coverage", "sets"])
OTHERS = frozenset(["data", "test", "cv", "keep_rows", "recalibrate", "compose", "classes"])


def _require_effect(*, has_table: bool, has_unseen: bool) -> None:
    """Refuse options that would change nothing.

    Raises
    ------
    click.UsageError
        Says what they need.
    """
    for option in () if has_table else _given(OF_TABLES):
        raise click.UsageError(f"{option} is about a table: add --data or --test.")
    for option in () if has_unseen else _given(OF_UNSEEN_ROWS):
        raise click.UsageError(
            f"{option} is about intervals and prediction sets, which are calibrated on rows that "
            "the fit did not see: add --test or --cv."
        )


def publish_options_given() -> list[str]:
    """Return the options of `with_publish_options` that stand on the command line."""
    return _given(OF_TABLES | OF_UNSEEN_ROWS | OTHERS)


def _given(names: frozenset[str]) -> list[str]:
    context = click.get_current_context()
    return [
        parameter.opts[0]
        for parameter in context.command.params
        if parameter.name in names
        and context.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE
    ]


def _names(text: str | None) -> tuple[str, ...]:
    """Return the names of a line of CSV, so that a name in quotes may hold a comma."""
    try:
        [names] = csv.reader([text or ""], skipinitialspace=True)
    except csv.Error as error:  # a line break between names
        raise click.BadParameter("Give the names in one line.", param_hint="--classes") from error
    return tuple(name.strip() for name in names)


def with_settings(command: Function) -> Function:
    """Pass the settings to a command, extended by its --trust and --allow-read."""

    @click.option(
        "--trust",
        multiple=True,
        metavar="NAME",
        help="A module or name that model files may import, such as mypkg.transformers.",
    )
    @click.option(
        "--allow-read",
        multiple=True,
        type=click.Path(path_type=Path, exists=True),
        help="A file or folder that trusted code may read.",
    )
    @functools.wraps(command)
    def wrapped(
        *args: object, trust: tuple[str, ...], allow_read: tuple[Path, ...], **given: object
    ) -> object:
        return command(*args, settings=_settings(trust, allow_read), **given)

    return wrapped


def _settings(trust: tuple[str, ...], allow_read: tuple[Path, ...]) -> Settings:
    settings = Settings.from_env()
    if settings.cage == "require":
        from servery.cage.probing import require_complete

        require_complete()
    trusted = (*settings.trust, *(name for text in trust for name in dotted_names(text)))
    if trusted:
        sys.path.append(str(Path.cwd()))  # where one's own modules lie, as for `python`
    return replace(settings, trust=trusted, allow_read=(*settings.allow_read, *allow_read))
