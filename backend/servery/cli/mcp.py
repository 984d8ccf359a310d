"""`servery mcp`: offers the models of a repository to an agent on this machine."""

import os
import sys
from pathlib import Path

import click

from servery.cli.options import repository_argument, with_settings
from servery.cli.processes import environment
from servery.layout import model_folders
from servery.settings import Settings


@click.command()
@repository_argument
@with_settings
def mcp(path: Path, settings: Settings) -> None:
    """Offer models to an agent as tools.

    Speaks the Model Context Protocol on standard input and output. Put this command into the
    configuration of a desktop client, with the repository at PATH as an absolute path.

    A running server offers the same tools at /mcp.
    """
    model_folders(path)
    words = [sys.executable, "-m", "servery.servers.mcp"]
    os.execve(words[0], words, environment(path.resolve(), settings))  # noqa: S606 - all our own
