"""`servery publish`: a saved estimator becomes the next version of a model."""

from pathlib import Path

import click

from servery.cli.options import FILE, models_option, with_settings, with_tables
from servery.layout import model_name
from servery.settings import Settings


@click.command()
@click.argument("file", type=FILE)
@click.option("--name", help="Of the model; made from the file's name where none is given.")
@click.option("--title", help="What people call it.")
@models_option
@with_tables
@click.option(
    "--sign", type=FILE, metavar="KEY", help="Sign it by the Ed25519 private key in this file."
)
@with_settings
def publish(
    file: Path,
    name: str | None,
    title: str | None,
    models: Path,
    data: Path | None,
    target: tuple[str, ...],
    test: Path | None,
    cv: int | None,
    coverage: float | None,
    sign: Path | None,
    settings: Settings,
) -> None:
    """Publish FILE, a saved estimator, as the next version of a model."""
    from servery.artifact import LoadPolicy
    from servery.artifact.sandbox import SandboxedLoad
    from servery.publishing.files import Sources, publish_file
    from servery.publishing.report import report

    published = publish_file(
        file,
        name=name or model_name(file.stem),
        title=title,
        root=models,
        sandbox=SandboxedLoad(LoadPolicy.from_settings(settings)),
        sources=Sources(data=data, target=target, test=test, cv=cv, coverage=coverage),
        sign=sign,
    )
    click.echo(report(published))
