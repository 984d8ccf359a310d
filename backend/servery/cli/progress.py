"""A word every few seconds on what takes long, on standard error."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

#: What is done sooner needs no word.
EVERY_S = 3.0


@contextmanager
def progress(file: Path, every_s: float = EVERY_S) -> Iterator[None]:
    """Report every few seconds for how long a file has been worked on."""
    done = threading.Event()
    reporter = threading.Thread(target=_report, args=(file, every_s, done), daemon=True)
    reporter.start()
    try:
        yield
    finally:
        done.set()
        reporter.join()


def _report(file: Path, every_s: float, done: threading.Event) -> None:
    started = time.monotonic()
    size = file.stat().st_size if file.is_file() else 0
    while not done.wait(every_s):
        seconds = time.monotonic() - started
        click.echo(f"{file.name} ({_in_words(size)}): working, {seconds:,.0f} s", err=True)


def _in_words(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size / 1e3:,.1f} kB"
