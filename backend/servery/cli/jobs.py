"""`servery jobs`: lists the batch jobs of a model repository."""

import time
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from servery.cli.options import repository_argument, with_settings
from servery.errors import RepositoryEmpty, quoted
from servery.settings import Settings


@click.command()
@repository_argument
@click.option("--json", "is_json", is_flag=True, help="Write the jobs as JSON.")
@with_settings
def jobs(path: Path, settings: Settings, *, is_json: bool) -> None:
    """List the batch jobs of a repository, the newest first.

    The jobs are those of the model repository at PATH. Anyone who has the id of a job can see and
    delete it.
    """
    from servery.cli.processes import require_database
    from servery.jobs.store import JobStore

    require_database(settings)
    store = JobStore(settings.database, settings.jobs, settings.job_expiry_s)
    found = store.list_all(str(path.resolve()), time.time())
    store.close()
    rows = [
        {
            "id": job.id,
            "status": job.status,
            "model": job.model,
            "version": job.version,
            "file": job.name,
            "rows_done": job.rows_done,
            "created": datetime.fromtimestamp(job.created, UTC).isoformat(timespec="seconds"),
        }
        for job in found
    ]
    if is_json:
        click.echo(msgspec.json.format(msgspec.json.encode(rows)))
        return
    for row in rows:
        click.echo(
            f"{row['created']}  {row['status']:<9}  {row['model']}@{row['version']}  "
            f"{row['rows_done']:,} rows  {quoted(str(row['file']))}  {row['id']}"
        )
    if not rows:
        if not path.exists():
            raise RepositoryEmpty(f"Expected a folder of models, found none at {str(path)!r}.")
        click.echo("No batch jobs.", err=True)
