"""`servery publish`: publishes a saved estimator as the next version of a model."""

from pathlib import Path

import click
import msgspec

from servery.cli.options import FILE, models_option, with_publish_options, with_settings
from servery.cli.progress import progress
from servery.layout import file_title, model_name
from servery.publishing.options import PublishOptions, Tables
from servery.settings import Settings


@click.command()
@click.argument("file", type=FILE)
@click.option("--name", help="Name of the model; by default made from the file name.")
@click.option("--title", help="Title on the page.")
@models_option
@with_publish_options
@click.option(
    "--sign",
    type=FILE,
    metavar="KEY",
    help="Sign the version with the Ed25519 private key in this file.",
)
@with_settings
def publish(
    file: Path,
    name: str | None,
    title: str | None,
    models: Path,
    tables: Tables,
    options: PublishOptions,
    sign: Path | None,
    settings: Settings,
) -> None:
    """Publish FILE as the next version of a model.

    FILE is a saved estimator.
    """
    from servery.artifact import LoadPolicy
    from servery.artifact.sandbox import SandboxedLoad
    from servery.publishing.files import publish_file
    from servery.publishing.report import report

    with progress(file):
        published = publish_file(
            file,
            name=name or model_name(file_title(file)),
            root=models,
            sandbox=SandboxedLoad(LoadPolicy.from_settings(settings)),
            options=msgspec.structs.replace(options, title=title),
            tables=tables,
            sign=sign,
        )
    click.echo(report(published))
