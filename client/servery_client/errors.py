"""What can go wrong, as one tree.

::

    ClientError
    ├── Unreachable         no answer: no connection, or it took too long
    ├── JobFailed           a batch job that cannot continue, and the option to set
    └── Problem             the server refused the request
        ├── InvalidInputs   inputs or options that do not fit; `faults` names each
        ├── NotFound        no such model, version or job, or not supported by this version
        └── Unavailable     too busy, starting or stopping, after all retries
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Faults that the text of an error shows; `InvalidInputs.faults` has all of them.
MOST_SHOWN = 10


class ClientError(Exception):
    """The root of all errors of this package."""


class Unreachable(ClientError):
    """The server does not answer."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request.

    Attributes
    ----------
    input
        The name of the input; None if the fault concerns the whole request.
    row
        The index of the instance; None if there was only one, or if all are concerned.
    pointer
        Its place in the body that was sent, as a JSON Pointer.
    code
        A stable word for programs.
    detail
        A sentence for people.
    """

    input: str | None
    row: int | None
    pointer: str
    code: str
    detail: str

    def __str__(self) -> str:
        """Return the fault as one line."""
        where = [] if self.row is None else [f"row {self.row}"]
        where += [] if self.input is None else [self.input]
        return f"{', '.join(where)}: {self.detail}" if where else self.detail


class Problem(ClientError):
    """An answer that is an error (RFC 9457).

    Attributes
    ----------
    status
        The HTTP status.
    code
        The last part of the type, such as ``model-not-found``; empty if the answer is not one of
        Servery, but of a proxy.
    request_id
        What the administrator needs to find the request in the log.
    retry_after_s
        The seconds after which the server asks to be called again, if it says so.
    """

    def __init__(
        self,
        detail: str,
        *,
        status: int,
        code: str = "",
        title: str = "",
        request_id: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.code = code
        self.title = title
        self.request_id = request_id
        self.retry_after_s = retry_after_s


class NotFound(Problem):
    """There is no such model, version or job, or this version does not support the request."""


class Unavailable(Problem):
    """The server is too busy, starting or stopping, also after all retries."""


class InvalidInputs(Problem):
    """Inputs or options that do not fit: ``faults`` names each of them."""

    def __init__(self, detail: str, *, faults: Sequence[Fault], **facts: Any) -> None:  # noqa: ANN401
        shown = [f"  {fault}" for fault in faults[:MOST_SHOWN] if str(fault) != detail]
        more = max(0, len(faults) - MOST_SHOWN)
        super().__init__(
            "\n".join([detail, *shown, *([f"  and {more} more"] * (more > 0))]), **facts
        )
        self.faults = tuple(faults)


class JobFailed(ClientError):
    """A batch job that failed, or that needs a decision before it starts.

    Attributes
    ----------
    code
        Why, as a stable word for programs.
    option
        The option of `score` to set, and in ``values`` its likely values, if that helps.
    """

    def __init__(self, problem: Mapping[str, Any]) -> None:
        self.code: str = problem.get("code", "")
        self.detail: str = problem.get("detail", "The job failed.")
        self.option: str | None = problem.get("option")
        self.values: tuple[str, ...] = tuple(problem.get("values", ()))
        super().__init__(self.detail)
