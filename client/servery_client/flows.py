"""What a flow is: a generator that yields what to do, so that it is written once for both clients.

A flow yields a `Request` and gets a `Reply` or an `httpx.TransportError`, or it yields a `Pause`.
`client` and `asynchronous` drive flows; all else is in the flows and is the same for both.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")
#: Bytes that are read from a file at once.
PIECE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """A request to the server.

    Attributes
    ----------
    path
        Below the address of the server, without a slash in front.
    content
        The body, or the file that holds it.
    into
        The file that the body of a successful answer is written to.
    """

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | Path | None = None
    into: Path | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        """Whether the request was answered."""
        return self.status < HTTPStatus.MULTIPLE_CHOICES


@dataclass(frozen=True, slots=True)
class Pause:
    """A time to wait."""

    seconds: float


Step: TypeAlias = Request | Pause
Flow: TypeAlias = Generator[Step, Any, T]
