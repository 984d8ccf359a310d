"""`servery convert`: a saved estimator in a format that holds no code."""

from pathlib import Path

import click

from servery.cli.options import FILE, with_settings
from servery.settings import Settings


@click.command()
@click.argument("file", type=FILE)
@click.option("-o", "--output", type=FILE, help="Where it goes; beside FILE by default.")
@click.option(
    "--to",
    type=click.Choice(["plan", "skops"]),
    help="The format; by default a plan, and skops for what no plan covers.",
)
@with_settings
def convert(file: Path, output: Path | None, to: str | None, settings: Settings) -> None:
    """Write FILE, a saved estimator, in a format that holds no code: a plan, or skops.

    What is written gives the same answers: it is compared with the estimator on thousands of rows.
    """
    from servery.artifact import LoadPolicy
    from servery.publishing.converting import convert_file

    policy = LoadPolicy.from_settings(settings)
    written, rows = convert_file(file, policy, output=output, to=to)
    click.echo(f"Wrote {written}. It gave the same answers as {file.name} on {rows:,} rows.")
