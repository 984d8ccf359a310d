"""Arguments and options that several commands share."""

import csv
import functools
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import click

from servery.cli.reading_options import with_reading
from servery.publishing.options import PublishOptions, Tables, Within
from servery.settings import Settings, dotted_names
from servery.tables.reading import Reading

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
