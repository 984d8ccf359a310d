"""`servery check`: reports what would fail before it is served."""

import tempfile
from pathlib import Path

import click

from servery.cli.model_files import files_to_publish, publish_all
from servery.cli.options import compose_option, repository_argument, with_settings
from servery.layout import model_folders
from servery.publishing.options import PublishOptions, Tables
from servery.settings import Settings


@click.command()
@repository_argument
@compose_option
@with_settings
@click.pass_context
def check(context: click.Context, path: Path, compose: bool, settings: Settings) -> None:
    """Report everything that would fail.

    PATH is a model file, a folder of model files or a repository, as for `servery serve`.
    """
    from servery.cage.probing import probe

    click.echo(probe().line)
    files = files_to_publish(path)
    if files:
        options = PublishOptions(compose=compose)
        with tempfile.TemporaryDirectory(prefix="servery-") as folder:
            published = publish_all(
                files, Path(folder), settings, options, Tables(), may_repeat=False
            )
        context.exit(1 if published.refused else 0)
    from servery.artifact import LoadPolicy
    from servery.repository import faults

    found = faults(path, LoadPolicy.from_settings(settings))
    for failure in found:
        click.echo(f"{failure.label}: {failure.error}", err=True)
    if found:
        context.exit(1)
    count = len(model_folders(path))
    click.echo(f"{count} model{'' if count == 1 else 's'} can be served.")
