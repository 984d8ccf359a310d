"""`servery check`: reports what would fail before it is served."""

import tempfile
from pathlib import Path

import click

from servery.cli.model_files import publish_all
from servery.cli.options import repository_argument, with_settings
from servery.publishing.options import PublishOptions, Tables
from servery.settings import Settings


@click.command()
@repository_argument
@with_settings
@click.pass_context
def check(context: click.Context, path: Path, settings: Settings) -> None:
    """Report everything that would fail.

    PATH is a model file or a repository.
    """
    from servery.cage.probing import probe

    click.echo(probe().line)
    if path.is_file():
        with tempfile.TemporaryDirectory(prefix="servery-") as folder:
            publish_all([path], Path(folder), settings, PublishOptions(), Tables())
        return
    from servery.artifact import LoadPolicy
    from servery.repository import Repository, faults

    policy = LoadPolicy.from_settings(settings)
    found = faults(path, policy)
    for failure in found:
        click.echo(f"{failure.label}: {failure.error}", err=True)
    if found:
        context.exit(1)
    click.echo(f"{len(list(Repository(path, policy)))} models can be served.")
