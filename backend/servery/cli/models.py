"""`servery models`: lists the models of a repository."""

from pathlib import Path

import click

from servery.cli.options import repository_argument, with_settings
from servery.settings import Settings


@click.command()
@repository_argument
@with_settings
def models(path: Path, settings: Settings) -> None:
    """List the models of a repository.

    Shows the versions, runtime and digest of each model in the repository at PATH.
    """
    from servery.artifact import LoadPolicy
    from servery.repository import Repository

    repository = Repository(path, LoadPolicy.from_settings(settings))
    for model in repository:
        versions = [
            f"{version} (served)" if version == model.version else version
            for version in repository.versions(model.name)
        ]
        digest = model.manifest.artifacts[0].sha256[:12]
        click.echo(
            f"{model.name}  versions {', '.join(versions)}  {model.runtime.name}  sha256 {digest}…"
        )
    for failure in repository.failures:
        click.echo(f"{failure.label}  cannot be served: {failure.error}", err=True)
