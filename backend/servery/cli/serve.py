"""`servery serve`: serves a model repository or model files as a page and an API."""

import importlib.util
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
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


@click.command()
@repository_argument
@with_publish_options
@with_settings
@click.option(
    "--server",
    type=click.Choice([*SERVERS]),
    default="gunicorn",
    show_default=True,
    help="granian is faster but shares no memory: pip install 'servery[granian]'.",
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
    with tempfile.TemporaryDirectory(prefix="servery-") as folder:
        models = Path(folder)
        publish_all(files, models, settings, options, tables)
        sys.exit(_serve_published(models, [sys.executable, "-m", *module], settings))


def _server(name: str) -> list[str]:
    """Return the module of a server and its arguments."""
    if importlib.util.find_spec(name) is None:
        raise click.ClickException(f"{name} is not installed here: pip install {name}.")
    return SERVERS[name]


def _serve_repository(path: Path, module: list[str], settings: Settings) -> NoReturn:
    require_database(settings)
    given = environment(path.resolve(), settings)
    _start_supervisor(settings, path, given)
    # In this process: signals reach the server, and no second interpreter has to start.
    os.environ.update(given)
    sys.argv = module
    runpy.run_module(module[0], run_name="__main__", alter_sys=True)
    sys.exit()


def _serve_published(models: Path, command: list[str], settings: Settings) -> int:
    """Serve a repository that goes when the server ends, as its jobs do; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="servery-jobs-") as jobs:
        given = {**environment(models, settings), "SERVERY_JOBS": jobs, "DATABASE_URL": ""}
        own = replace(settings, jobs=Path(jobs), database=None)
        supervisor = _start_supervisor(own, models, given)
        code = _run_server(command, given)
        supervisor.terminate()
        supervisor.wait()  # nobody writes to the folders any more
        return code


def _start_supervisor(
    settings: Settings, models: Path, given: dict[str, str]
) -> "subprocess.Popen[bytes]":
    """Start what starts job workers; it ends with this process, or with what takes its place."""
    words = supervisor_command(settings, models, parent=os.getpid())
    return subprocess.Popen(words, env=given)  # noqa: S603 - every word stands there


def _run_server(command: list[str], given: dict[str, str]) -> int:
    """Run the server until it ends, and pass signals on to it."""
    process = subprocess.Popen(command, env=given)  # noqa: S603 - every word stands above
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: process.send_signal(received))
    return process.wait()
