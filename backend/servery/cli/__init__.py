"""The command line: one file per command, each with its options, its help and its function."""

import signal

import click

from servery.cli import (
    check,
    convert,
    jobs,
    mcp,
    models,
    publish,
    rollback,
    score,
    serve,
    sign,
    worker,
)
from servery.errors import ServeryError
from servery.version import __version__

# Loading scikit-learn takes a second, which `serve` on a folder would spend twice, as the server
# loads it too: commands import the rooms that need it where they use them.


class Commands(click.Group):
    """A group of commands that turns a `ServeryError` into its message and exit code 1.

    One that is interrupted ends with exit code 130.
    """

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except ServeryError as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt:
            click.echo("Aborted!", err=True)
            ctx.exit(128 + signal.SIGINT)


@click.group(cls=Commands)
@click.version_option(__version__)
def main() -> None:
    """Turn fitted scikit-learn models into a web app and a JSON API."""


for command in (
    serve.serve,
    worker.worker,
    mcp.mcp,
    score.score,
    publish.publish,
    convert.convert,
    sign.sign,
    models.models,
    jobs.jobs,
    rollback.rollback,
    check.check,
):
    main.add_command(command)
