"""`servery serve`: serves a model repository or model files as a page and an API."""

import importlib.util
import os
import runpy
import shutil
import signal
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from servery.cli.model_files import files_to_publish, publish_all
from servery.cli.options import repository_argument, with_publish_options, with_settings
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
    if not files:
        if has_tables:
            raise click.UsageError("--data, --test and --cv need a model file, not a folder.")
        _serve_repository(path, module, settings)
    if len(files) > 1 and has_tables:
        raise click.UsageError("--data, --test and --cv need one model file; name it.")
    signal.signal(signal.SIGTERM, _stop)
    models = Path(tempfile.mkdtemp(prefix="servery-"))
    try:
        published = publish_all(files, models, settings, options, tables, may_repeat=True)
    except BaseException:
        shutil.rmtree(models)
        raise
    _serve_published(models, module, settings, is_light=not published.inspected)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    """End as a signal would, but leave nothing behind."""
    sys.exit(128 + number)


def _server(name: str) -> list[str]:
    """Return the module of a server and its arguments."""
    if importlib.util.find_spec(name) is None:
        raise click.ClickException(f"{name} is not installed here: pip install {name}.")
    return SERVERS[name]


def _serve_repository(path: Path, module: list[str], settings: Settings) -> NoReturn:
    require_database(settings)
    given = environment(path.resolve(), settings)
    _start_supervisor(settings, path, given)
    _become_server(module, given)


def _become_server(module: list[str], given: dict[str, str]) -> NoReturn:
    """Run the server in this process: signals reach it, and no second interpreter has to start."""
    os.environ.update(given)
    sys.argv = module
    runpy.run_module(module[0], run_name="__main__", alter_sys=True)
    sys.exit()


def _serve_published(
    models: Path, module: list[str], settings: Settings, *, is_light: bool
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
    own = replace(settings, jobs=Path(jobs), database=None)
    # A signal that comes from here on waits for the handlers of the attendant.
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    supervisor = _start_supervisor(own, models, given)
    sys.stdout.flush()
    server = os.fork() if is_light else _start([sys.executable, "-m", *module], given)
    if server == 0:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        _become_server(module, given)
    words = [*ATTENDANT, str(server), str(supervisor), str(models), jobs]
    os.execv(words[0], words)  # noqa: S606 - all arguments are our own


def _start_supervisor(settings: Settings, models: Path, given: dict[str, str]) -> int:
    """Start what starts job workers; it ends with this process, or with what takes its place."""
    return _start(supervisor_command(settings, models, parent=os.getpid()), given)


def _start(command: list[str], given: dict[str, str]) -> int:
    """Start a process that gets every signal, and return its id."""
    return os.posix_spawn(command[0], command, given, setsigmask=[])
