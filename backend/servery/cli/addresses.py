"""Whether the server can listen at its address, asked before anything is published."""

import errno
import os
import shlex
import socket
import sys

import click

from servery.errors import quoted
from servery.settings import Settings

#: Ports that are tried for one that is free.
MOST_TRIED = 100


def require_bindable(settings: Settings) -> None:
    """Refuse a port that is in use and a host that is not this machine.

    Raises
    ------
    click.ClickException
        Says what to choose instead.
    """
    host, port = settings.host, settings.port
    try:
        _bind(host, port)
    except OSError as error:
        raise click.ClickException(_refusal(host, port, error)) from error


def _bind(host: str, port: int) -> None:
    """Bind to an address as the server will, and leave it at once."""
    name = host.removeprefix("[").removesuffix("]")
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((name, port))


def _refusal(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        free = _free_port(host, port)
        command = shlex.join(["servery", *sys.argv[1:]])
        return f"Port {port} is in use." + (
            f" Choose another: PORT={free} {command}" if free else " Choose another with PORT."
        )
    if error.errno == errno.EACCES:
        return f"This user may not listen on port {port}. Choose one from 1024 on with PORT."
    reason = error.strerror or os.strerror(error.errno or errno.EADDRNOTAVAIL)
    return (
        f"Cannot listen on SERVERY_HOST, {quoted(host)}: {reason}. Use 127.0.0.1 for this machine "
        "alone, or 0.0.0.0 to accept other machines."
    )


def _free_port(host: str, taken: int) -> int | None:
    for port in range(taken + 1, min(taken + MOST_TRIED, 65535) + 1):
        try:
            _bind(host, port)
        except OSError:
            continue
        return port
    return None
