"""`servery convert`: converts a saved estimator to a format without code."""

from pathlib import Path

import click

from servery.cli.options import FILE, compose_option, with_settings
from servery.cli.progress import progress
from servery.settings import Settings


@click.command()
@click.argument("file", type=FILE)
@click.option("-o", "--output", type=FILE, help="Output file; by default next to FILE.")
@click.option(
    "--to",
    type=click.Choice(["plan", "skops"]),
    help="Output format; by default a plan, or skops if the model has no plan.",
)
@click.option(
    "--python",
    type=FILE,
    help="Python of an environment with the scikit-learn that saved FILE; by default uv or pip "
    "makes one if it is needed.",
)
@compose_option
@with_settings
def convert(
    file: Path,
    output: Path | None,
    to: str | None,
    python: Path | None,
    compose: bool,
    settings: Settings,
) -> None:
    """Convert FILE to a format without code.

    FILE is a saved estimator; the result is a plan, or a skops file.

    Nothing is written unless it gives the same answers as the estimator on thousands of rows. If
    an older scikit-learn saved FILE, that release gives these answers, in an environment of its
    own and in a cage.
    """
    from servery.artifact import LoadPolicy
    from servery.publishing.converting import convert_file

    policy = LoadPolicy.from_settings(settings)
    with progress(file):
        written, rows = convert_file(
            file, policy, output=output, to=to, compose=compose, python=python, say=click.echo
        )
    click.echo(f"Wrote {written}. It gave the same answers as {file.name} on {rows:,} rows.")
