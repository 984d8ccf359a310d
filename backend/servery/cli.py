"""The commands: ``servery serve``, ``servery models`` and ``servery check``."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servery import __version__
from servery.errors import ServeryError
from servery.layout import model_folders
from servery.settings import HERE, Settings

if TYPE_CHECKING:
    from servery.repository import Repository

REPOSITORY = click.argument(
    "path", type=click.Path(path_type=Path), default=Path("models"), required=False
)


class Command(click.Group):
    """Commands that end in one sentence and exit code 1 where a `ServeryError` is raised."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except ServeryError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Command)
@click.version_option(__version__)
def main() -> None:
    """Turn fitted scikit-learn models into a browser app and a JSON API."""


@main.command()
@REPOSITORY
def serve(path: Path) -> None:
    """Serve the model repository at PATH (default: ./models) on http://127.0.0.1:8000."""
    Settings.from_env()
    model_folders(path)
    command = [
        *(sys.executable, "-m", "gunicorn"),
        *("--config", str(HERE / "gunicorn.py")),
        "servery.app:create_app()",
    ]
    # The server takes this process's place, so that signals reach it.
    environ = {**os.environ, "SERVERY_MODELS": str(path.resolve())}
    os.execve(sys.executable, command, environ)  # noqa: S606 - every word stands above


@main.command()
@REPOSITORY
def models(path: Path) -> None:
    """List the models in the repository at PATH: versions, runtime, digest."""
    repository = _opened(path)
    for model in repository:
        versions = ", ".join(repository.versions(model.name))
        digest = model.manifest.artifacts[0].sha256[:12]
        click.echo(
            f"{model.name}  versions {versions}  {model.manifest.runtime.name}  sha256 {digest}…"
        )


@main.command()
@REPOSITORY
def check(path: Path) -> None:
    """Say what would fail in the repository at PATH, before it is served."""
    repository = _opened(path)
    for name, error in repository.broken.items():
        click.echo(f"{name}: {error}", err=True)
    if repository.broken:
        raise click.exceptions.Exit(1)
    click.echo(f"{len(list(repository))} models can be served.")


def _opened(path: Path) -> "Repository":
    # Loading scikit-learn takes a second, which `serve` would spend twice: the server loads it too.
    from servery.repository import Repository

    repository = Repository(path)
    repository.open_all()
    return repository
