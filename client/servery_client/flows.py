"""What a flow is: a generator that yields what to do, so that it is written once for both clients.

A flow yields a `Request` and gets a `Reply` or an `httpx.TransportError`, or it yields a `Pause`
or a `Call`.
`client` and `asynchronous` drive flows; all else is in the flows and is the same for both.
"""

from collections.abc import Callable, Generator, Mapping
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
        The body, or the file that holds it. If the flow is interrupted before the last piece of a
        file is sent, the request breaks off; after that, its answer is still awaited, because the
        server has all that it needs to act.
    into
        The file that the body of a successful answer is written to.
    is_cleanup
        Whether it is sent even if the task is already cancelled.
    """

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | Path | None = None
    into: Path | None = None
    is_cleanup: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; the names of headers are in lower case.

    Attributes
    ----------
    interruption
        What interrupted the flow while the answer was awaited. The flow raises it.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    interruption: BaseException | None = None

    @property
    def is_success(self) -> bool:
        """Whether the request was answered."""
        return self.status < HTTPStatus.MULTIPLE_CHOICES


@dataclass(frozen=True, slots=True)
class Pause:
    """A time to wait."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the caller to call with a value; what it returns may have to be awaited."""

    function: Callable[[Any], object]
    value: Any


Step: TypeAlias = Request | Pause | Call
Flow: TypeAlias = Generator[Step, Any, T]
