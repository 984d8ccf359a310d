"""The databases that jobs may be kept in."""

from collections.abc import Iterator

import pytest

from servery.settings import database_url
from tests import databases


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with databases.postgres() as started:
        yield database_url(started.uri)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest) -> str | None:
    """The address of a database; None for the file of SQLite in the folder of the jobs."""
    return str(request.getfixturevalue("postgres")) if request.param == "postgres" else None
