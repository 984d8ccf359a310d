"""`servery serve`: serves a model repository or model files as a page and an API."""

import importlib.util
import os
import runpy
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from servery.cli.addresses import require_bindable
from servery.cli.model_files import files_to_publish, publish_all
from servery.cli.options import (
    publish_options_given,
    repository_argument,
    with_publish_options,
    with_settings,
)
from servery.cli.processes import environment, require_database, supervisor_command
from servery.publishing.options import PublishOptions, Tables
from servery.settings import HERE, Settings

#: The module of each server, as ``python -m`` takes it, with its arguments.
SERVERS = {
    "gunicorn": [
        "gunicorn",
        *("--config", str(HERE / "servers" / "gunicorn.py")),
        "servery.app:create_app()",
    ],
    "granian": ["servery.servers.granian"],
}
#: The command of the process that waits for a server of published files.
ATTENDANT = [sys.executable, "-m", "servery.servers.attendant"]


@click.command()
@repository_argument
@with_publish_options
@with_settings
@click.option(
    "--server",
    type=click.Choice([*SERVERS]),
    default="gunicorn",
    show_default=True,
    help="granian is faster, but slow clients block others: pip install 'servery[granian]'.",
)
def serve(
    path: Path,
    tables: Tables,
    options: PublishOptions,
    settings: Settings,
    server: str,
) -> None:
    """Serve PATH as a page and an API.

    PATH is a model file or a folder of models. The address is http://127.0.0.1:8000 by default.

    In a folder of model files, each file becomes a model.
    """
    module = _server(server)
    has_tables = bool(tables.paths or options.cv)
    files = files_to_publish(path)
    require_bindable(settings)
    if not files:
        if has_tables:
            raise click.UsageError("--data, --test and --cv need a model file, not a folder.")
        if given := publish_options_given():
            raise click.UsageError(
                f"{given[0]} applies when a model file is published; {path} holds published models."
            )
        _serve_repository(path, module, settings)
    if len(files) > 1 and has_tables:
        raise click.UsageError("--data, --test and --cv need one model file; name it.")
    _warn_of_unused(settings)
    stop = Stop()
    signal.signal(signal.SIGTERM, stop)
    models = Path(tempfile.mkdtemp(prefix="servery-"))
    try:
        published = publish_all(files, models, settings, options, tables, may_repeat=True)
        stop.heed()
    except BaseException:
        shutil.rmtree(models)
        raise
    _serve_published(files, models, module, settings, is_light=not published.inspected)


def _warn_of_unused(settings: Settings) -> None:
    """Report settings of batch jobs, which go with the server where it serves files."""
    unused = {
        "DATABASE_URL": settings.database is not None,
        "SERVERY_JOBS": settings.jobs != Settings().jobs,
    }
    for name in (name for name, is_given in unused.items() if is_given):
        click.echo(
            f"Note: {name} is not used. Batch jobs of a served file are deleted when the server "
            "stops; publish the model to keep them.",
            err=True,
        )


class Stop:
    """A signal handler that ends the process as the signal would, but leaves nothing behind."""

    def __init__(self) -> None:
        self._code: int | None = None

    def __call__(self, number: int, _frame: FrameType | None) -> NoReturn:
        """End the process."""
        self._code = 128 + number
        sys.exit(self._code)

    def heed(self) -> None:
        """End the process now if a library, or an import under way, caught the exit."""
        if self._code is not None:
            sys.exit(self._code)


def _server(name: str) -> list[str]:
    """Return the module of a server and its arguments."""
    if importlib.util.find_spec(name) is None:
        raise click.ClickException(f"{name} is not installed here: pip install {name}.")
    return SERVERS[name]


def _serve_repository(path: Path, module: list[str], settings: Settings) -> NoReturn:
    require_database(settings)
    given = environment(path.resolve(), settings)
    from servery.jobs.restarting import KeptSupervisor

    KeptSupervisor(partial(supervisor_command, settings, path, os.getpid()), given)
    _become_server(module, given)


def _become_server(module: list[str], given: dict[str, str]) -> NoReturn:
    """Run the server in this process: signals reach it, and no second interpreter has to start."""
    os.environ.update(given)
    sys.argv = module
    runpy.run_module(module[0], run_name="__main__", alter_sys=True)
    sys.exit()


def _serve_published(
    files: Sequence[Path],
    models: Path,
    module: list[str],
    settings: Settings,
    *,
    is_light: bool,
) -> NoReturn:
    """Serve a repository that is deleted, with its jobs, when the server ends.

    This process becomes a small one that waits for the server.

    Parameters
    ----------
    is_light
        Nothing was inspected, so that this process has loaded little that a server does not need.
    """
    from servery.jobs.files import Files

    jobs = tempfile.mkdtemp(prefix="servery-jobs-")
    Files(Path(jobs)).mark_temporary()
    given = {**environment(models, settings), "SERVERY_JOBS": jobs, "DATABASE_URL": ""}
    # A signal that comes from here on waits for the handlers of the attendant.
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    sys.stdout.flush()
    words = [sys.executable, "-m", *module]
    server = os.fork() if is_light else os.posix_spawn(words[0], words, given, setsigmask=[])
    if server == 0:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        _become_server(module, given)
    sources = [str(file.absolute()) for file in files]
    words = [*ATTENDANT, str(server), *sources, str(models.resolve()), jobs]
    os.execve(words[0], words, given)  # noqa: S606 - all arguments are our own
