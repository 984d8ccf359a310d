"""`servery worker`: scores batch jobs without a server."""

import os
from pathlib import Path

import click

from servery.cli.options import repository_argument, with_settings
from servery.cli.processes import environment, require_database, supervisor_command
from servery.layout import model_folders
from servery.settings import Settings


@click.command()
@repository_argument
@with_settings
def worker(path: Path, settings: Settings) -> None:
    """Score batch jobs.

    The jobs are those of the model repository at PATH.

    `servery serve` starts a worker automatically. You can run more, on this machine or on others
    that share the database and the folder of jobs.
    """
    from servery.jobs.files import Files

    model_folders(path)
    require_database(settings)
    Files(settings.jobs).require_writable()
    given = environment(path.resolve(), settings)
    words = supervisor_command(settings, path)
    # The supervisor takes this process's place, so that signals reach it.
    os.execve(words[0], words, given)  # noqa: S606 - every word stands there
