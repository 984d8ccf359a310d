"""The environment and the command line of processes that a command starts."""

import os
from pathlib import Path

from servery.settings import Settings


def require_database(settings: Settings) -> None:
    """Refuse a database that cannot hold jobs."""
    if settings.database is not None:
        from servery.jobs.database import require_usable

        require_usable(settings.database)


def environment(models: Path, settings: Settings) -> dict[str, str]:
    """Return the environment of a process that works on a model repository."""
    granted = {"SERVERY_MODELS": str(models)}
    if settings.trust:
        granted["SERVERY_TRUST"] = ",".join(settings.trust)
    if settings.allow_read:
        granted["SERVERY_ALLOW_READ"] = os.pathsep.join(map(str, settings.allow_read))
    return {**os.environ, **granted}


def supervisor_command(
    settings: Settings, models: Path, parent: int | None = None, ended: int | None = None
) -> list[str]:
    """Return the command of the process that starts job workers; see `supervising.command`."""
    from servery.jobs.pending import records_file
    from servery.jobs.supervising import command

    jobs = str(settings.jobs)
    records = records_file(settings.database, jobs)
    return command(jobs, str(models.resolve()), records, parent, ended)
