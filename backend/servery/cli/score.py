"""`servery score`: tables in, the same tables with their predictions out."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servery.batch.options import CommandOptions
from servery.cli.batch_options import with_batch_options
from servery.cli.options import FILE, models_option, with_settings
from servery.cli.reading_options import TableFormat, with_reading
from servery.settings import Settings
from servery.tables.reading import Reading

if TYPE_CHECKING:
    from servery.tables.databases.storing import IfExists

RAW = (
    "Warning: with --raw, a spreadsheet runs cells that look like formulas. Open the result only "
    "if you trust the table."
)


@click.command()
@click.argument("model")
@click.argument("tables", nargs=-1, required=True, metavar="TABLE...")
@click.option("-o", "--output", default="-", help="A file, or a folder for several tables.")
@click.option(
    "--into",
    metavar="ADDRESS::TABLE",
    help="Store the result in this table of a database, such as sqlite:///people.db::scored.",
)
@click.option(
    "--if-exists",
    type=click.Choice(["fail", "append", "replace"]),
    default="fail",
    show_default=True,
    help="With --into: what to do if the table exists.",
)
@models_option
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="INPUT=COLUMN",
    help="The column of an input, if names do not match; INPUT= if there is none.",
)
@with_reading
@click.option("--to", "write_as", type=TableFormat(), help="The format of the result.")
@click.option(
    "--errors", type=FILE, help="Also write the rows that do not fit to this file, with reasons."
)
@click.option("--strict", is_flag=True, help="Exit with code 3 if any row does not fit.")
@click.option(
    "--processes",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Number of processes on this machine.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Dask scheduler to use, such as tcp://scheduler:8786; OUTPUT is then a folder.",
)
@with_batch_options
@click.option("--evaluation", type=FILE, help="Write the evaluation to this file, .json or .html.")
@click.option(
    "--json", "is_json", is_flag=True, help="Write the summary to standard output, as JSON."
)
@click.option("--skip-done", is_flag=True, help="Skip tables that already have a newer result.")
@click.option("--quiet", is_flag=True, help="Show no progress bar and no summary.")
@with_settings
@click.pass_context
def score(
    context: click.Context,
    model: str,
    tables: tuple[str, ...],
    output: str,
    into: str | None,
    if_exists: "IfExists",
    models: Path,
    columns: tuple[str, ...],
    reading: Reading,
    write_as: str | None,
    errors: Path | None,
    settings: Settings,
    processes: int,
    cluster: str | None,
    chosen: CommandOptions,
    evaluation: Path | None,
    *,
    is_json: bool,
    skip_done: bool,
    strict: bool,
    quiet: bool,
) -> None:
    """Score the rows of tables with MODEL.

    MODEL is a model in the repository (name or name@version), a model file, or the address of a
    model on a server. A TABLE can be a folder or a pattern of names; - is standard input. The
    result has all columns of the table, then the prediction and its uncertainty.
    """
    from servery.batch.command import (
        ScoringOptions,
        leaving_nothing,
        score_by_cluster,
        score_tables,
    )
    from servery.tables.databases.storing import stored_table_of

    if chosen.raw and not quiet:
        click.echo(RAW, err=True)
    options = ScoringOptions(
        model,
        tables,
        output,
        models,
        reading,
        columns,
        write_as,
        errors,
        chosen,
        evaluation,
        is_json,
        skip_done,
        None if into is None else stored_table_of(into, if_exists),
    )
    if cluster is not None:
        settings = replace(settings, cluster=cluster)
    with leaving_nothing():
        if settings.cluster:
            if processes > 1:
                raise click.UsageError(
                    "--processes cannot be used with a cluster. Use --cluster '' to score on this "
                    "machine."
                )
            summary = score_by_cluster(options, settings, is_quiet=quiet)
        else:
            summary = score_tables(options, settings, processes=processes, is_quiet=quiet)
    if strict and summary.bad_rows:
        context.exit(3)
