"""All errors, as one tree; nothing here depends on HTTP.

::

    ServeryError
    ├── InvalidInputs          inputs do not fit the model; every fault is named
    │   └── InvalidJobOptions  options of a batch job that are not valid
    ├── UnreadableBody         a body that is not JSON
    ├── UnsupportedMedia       a body that is not marked as JSON
    ├── NotFound
    │   ├── ModelNotFound
    │   ├── VersionNotFound
    │   ├── PictureNotFound
    │   ├── JobNotFound        no batch job of that id, or a deleted one
    │   └── NotSupported       a capability that this version of a model lacks
    ├── ModelUnusable          a model folder that cannot be served
    │   ├── CardUnreadable
    │   ├── ManifestUnreadable
    │   ├── VersionUntrusted
    │   ├── ArtifactRejected
    │   └── ModelSetAside      its processes died or hung too often
    ├── ModelFailed            a model that could not answer what it was asked
    ├── ModelDied              a model process that died over a request; it is started again
    ├── ModelTimedOut          a model process that took too long over a request
    ├── UnsupportedTable       an upload of a kind that is no table
    ├── UploadTooLarge         an upload larger than is taken
    ├── IncompleteUpload       an upload that ends early or is not valid
    ├── IdempotencyKeyReused   one Idempotency-Key for two different uploads
    ├── IdempotencyKeyInUse    an upload with the same Idempotency-Key is still coming in
    ├── NoRoom                 a full disk
    ├── DatabaseUnavailable    a database that does not answer
    ├── WrongJobState          a job in the wrong state for the request
    ├── TooBusy                more uploads or streams at once than are allowed
    ├── MalformedRequest       a request that breaks the rules of HTTP
    ├── MisdirectedRequest     a request to a host that is not this server
    ├── CrossSiteRequest       a change requested by a page of another site
    ├── NotReady               no model can be asked yet, or at all
    ├── RepositoryEmpty        nothing to serve
    ├── TableUnreadable        a data file that is no table
    │   ├── TableEmpty         nothing is in it, or a header and no rows
    │   ├── TableMisread       as it was read it makes no sense; another delimiter or encoding may
    │   │   └── TableRagged    a row is of another width than the header
    │   ├── TableTooLarge      it unpacks to more, or a row is longer, than is taken
    │   ├── TableDoubtful      it can be read in more ways than one; names them
    │   └── ColumnsUnmatched   it cannot be told which column holds which input
    ├── PublishingRefused      an estimator that would not survive being published
    └── BadSettings            environment variables that cannot be used
"""

import errno
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from heapq import nlargest
from itertools import islice, pairwise

#: A full disk, a quota that is used up, a file larger than its disk or the process may have.
FULL = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
#: Faults that are described in one answer; nobody fixes more at once.
MOST_FAULTS = 100
#: Characters of a name or value that a message repeats.
LONGEST_QUOTED = 80
#: Versions of a model that a message names.
MOST_VERSIONS = 20
#: Names among which the nearest to a misspelt one is searched, and those compared letter by letter.
MOST_COMPARED, CLOSELY_COMPARED = 1_000, 10


class ServeryError(Exception):
    """The root: its text says what was expected, what was found and what to do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what was sent.

    Attributes
    ----------
    input
        Name of the input at fault; None when the fault lies with the body as a whole.
    pointer
        Where it stands in the body: a JSON Pointer as a URI fragment (RFC 6901, section 6).
    code
        A stable word for programs.
    detail
        A sentence for people.
    """

    input: str | None
    pointer: str
    code: str
    detail: str


class Faults:
    """The faults of one request: all are counted, and the first of them described.

    What a caller sends decides how many there are. Their number must decide neither how long the
    answer takes nor how long it is.
    """

    def __init__(self) -> None:
        self._described: list[Fault] = []
        self._count = 0

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return self._count > 0

    def add(self, describe: Callable[[], Fault]) -> None:
        """Count a fault, and describe it unless enough are."""
        self._count += 1
        if len(self._described) < MOST_FAULTS:
            self._described.append(describe())

    def raise_any(self, kind: "type[InvalidInputs] | None" = None) -> None:
        """Raise all of them as one error, if there are any.

        Raises
        ------
        InvalidInputs
            Or another ``kind`` of it.
        """
        if self._count:
            raise (kind or InvalidInputs)(self._described, count=self._count)


class InvalidInputs(ServeryError):
    """Inputs that do not fit the model; ``faults`` holds the first of them, and how many follow.

    Parameters
    ----------
    count
        How many there are, where that is more than ``faults``.
    """

    def __init__(self, faults: Sequence[Fault], *, count: int = 0) -> None:
        more = max(count, len(faults)) - MOST_FAULTS
        if more > 0:
            detail = f"And {more:,} more faults, which are not listed."
            faults = [*faults[:MOST_FAULTS], Fault(None, "#", "more-faults", detail)]
        self.faults = tuple(faults)
        names = list(dict.fromkeys(fault.input for fault in faults if fault.input is not None))
        shown = ", ".join(names[:5]) + (" and others" if len(names) > 5 else "")
        super().__init__(f"Fix these inputs: {shown}." if shown else faults[0].detail)


class InvalidJobOptions(InvalidInputs):
    """Options of a batch job that are not valid."""


class UnreadableBody(ServeryError):
    """A body that is not JSON as RFC 8259 defines it."""


class UnsupportedMedia(ServeryError):
    """A body whose content type is not JSON."""


class NotFound(ServeryError):
    """Something that was requested by name and does not exist."""


class ModelNotFound(NotFound):
    """No model of that name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"No model is called {quoted(name)}.{nearest(name, known)}")


class VersionNotFound(NotFound):
    """The model has no such version."""

    def __init__(self, name: str, version: str, known: Sequence[str]) -> None:
        shown = ", ".join(known[-MOST_VERSIONS:])
        older = len(known) - MOST_VERSIONS
        others = f" and {older} older ones" if older > 0 else ""
        super().__init__(
            f"Model {name!r} has no version {quoted(version)}; it has {shown}{others}."
        )


class PictureNotFound(NotFound):
    """The model has no such picture."""


class JobNotFound(NotFound):
    """No batch job has that id, or it was deleted, or it has expired."""


class NotSupported(NotFound):
    """A capability that this version of a model lacks; the text says why, and what to do."""


class ModelUnusable(ServeryError):
    """A model folder that cannot be served."""


class CardUnreadable(ModelUnusable):
    """A card that is not valid, or speaks of an input that the model does not have."""


class ManifestUnreadable(ModelUnusable):
    """A version folder whose model.json is missing or not valid."""


class ArtifactRejected(ModelUnusable):
    """An artifact that is not the one that was published."""


class VersionUntrusted(ModelUnusable):
    """A version that none of the trusted keys has signed, or not as it is now."""


class CompiledUnreadable(ModelUnusable):
    """A compiled form that cannot be served; the text says what to do."""


class ModelSetAside(ModelUnusable):
    """A model whose processes died or hung too often; it is not asked any more."""


class ModelFailed(ServeryError):
    """A model that raised, or whose answer is no finite number, for inputs that fit it."""


class ModelDied(ServeryError):
    """A model process that died while it answered; another one is started."""


class ModelTimedOut(ServeryError):
    """A model process that took longer over a request than it may; it was ended."""


class UnsupportedTable(ServeryError):
    """An upload whose content type is not one of tables."""


class UploadTooLarge(ServeryError):
    """An upload that is larger than allowed, as it is or decompressed."""


class IncompleteUpload(ServeryError):
    """An upload that ends early, cannot be decompressed, or has no file."""


class IdempotencyKeyReused(ServeryError):
    """An Idempotency-Key that was used for another upload."""


class IdempotencyKeyInUse(ServeryError):
    """An Idempotency-Key whose first upload is still in progress."""


class NoRoom(ServeryError):
    """A disk, or a share of one, that cannot take what has to be written."""


class DatabaseUnavailable(ServeryError):
    """A database or folder of jobs that cannot be used, or is busy for too long."""


class WrongJobState(ServeryError):
    """A batch job that is in the wrong state for the request."""


class TooBusy(ServeryError):
    """More uploads, downloads or streams at once than are allowed."""


class MalformedRequest(ServeryError):
    """A request that breaks the rules of HTTP."""


class MisdirectedRequest(ServeryError):
    """A request to a host name that is not one of this server's."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"This server does not answer to the host {quoted(host)}. Use one of its own names, or "
            "have its administrator add this one to SERVERY_HOSTS."
        )


class CrossSiteRequest(ServeryError):
    """A request that changes something, sent by a page of an origin that may not."""

    def __init__(self, origin: str) -> None:
        super().__init__(
            f"Pages of {quoted(origin)} may not do this here. If they should, have the "
            "administrator of this server add their origin to SERVERY_CORS_ORIGINS."
        )


class NotReady(ServeryError):
    """A server that cannot answer for any model."""


class RepositoryEmpty(ServeryError):
    """No model could be found where models were looked for."""


class TableUnreadable(ServeryError):
    """A data file that is no table, or one that cannot be read here."""


class TableEmpty(TableUnreadable):
    """A table in which nothing is, or no row under the header."""


class TableMisread(TableUnreadable):
    """A table that makes no sense as it was read: another delimiter or encoding may be meant."""


class TableRagged(TableMisread):
    """A table whose rows are not all of one width."""


class TableTooLarge(TableUnreadable):
    """A table that unpacks to more than is taken, or that has a row longer than that."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; all of them, put together, are the sentence.

    Attributes
    ----------
    text
        As it stands there.
    input
        The input that this piece names, in quotes: who has another word for it says that instead.
    """

    text: str
    input: str | None = None


def named(name: str) -> Part:
    """Return the piece of a sentence that names an input."""
    return Part(repr(name), name)


def worded(*pieces: str | Part) -> tuple[Part, ...]:
    """Return a sentence in its parts."""
    return tuple(Part(piece) if isinstance(piece, str) else piece for piece in pieces if piece)


def sentence_of(parts: Iterable[Part]) -> str:
    """Return a sentence of which these are the parts."""
    return "".join(part.text for part in parts)


@dataclass(frozen=True, slots=True)
class Choice:
    """How a doubtful table may be read: an ``option`` and the ``values`` that come into question.

    The values run from the likeliest down.
    """

    option: str
    values: tuple[str, ...]


class TableDoubtful(TableUnreadable):
    """A table that can be read in more ways than one; ``choice`` says what has to be told.

    ``detail``, also in ``parts``, says why, without the options of the command line.
    """

    def __init__(self, detail: str | tuple[Part, ...], choice: Choice) -> None:
        self.choice = choice
        self.parts = worded(detail) if isinstance(detail, str) else detail
        self.detail = detail = sentence_of(self.parts)
        values = [each.replace("\t", "tab") for each in choice.values]
        ways = " or ".join(f"--{choice.option} {value!r}" for value in values)
        super().__init__(f"{detail} Please say which: {ways}.")

    def __reduce__(self) -> "tuple[object, ...]":
        """Rebuild it from its sentence: it may come from another process."""
        return TableDoubtful, (self.parts, self.choice)


class ColumnsUnmatched(TableUnreadable):
    """A table of which it cannot be told which column holds which input.

    ``detail``, also in ``parts``, says the same without the options of the command line.
    """

    def __init__(self, sentence: str, parts: tuple[Part, ...] = ()) -> None:
        self.parts = parts or worded(sentence)
        self.detail = sentence_of(self.parts)
        super().__init__(sentence)


class PublishingRefused(ServeryError):
    """An estimator that would not answer the same after being published."""


class BadSettings(ServeryError):
    """Environment variables that cannot be used; the text lists all of them."""


@contextmanager
def room_for(sentence: str) -> Iterator[None]:
    """Say with a sentence of one's own that a disk is full, where writing fails for that.

    Raises
    ------
    NoRoom
        With that sentence.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise NoRoom(sentence) from error


@contextmanager
def folder_of_jobs() -> Iterator[None]:
    """Say that the folder of jobs cannot be used, where writing there fails for another reason.

    Raises
    ------
    DatabaseUnavailable
        Whoever runs the server has to mend that.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise
        raise DatabaseUnavailable(
            "This server cannot write to its folder of batch jobs. Ask the administrator to fix "
            "that, then try again."
        ) from error


def shortened(text: str) -> str:
    """Return a text that came from outside as a message may repeat it: cut where it is long."""
    return text if len(text) <= LONGEST_QUOTED else f"{text[: LONGEST_QUOTED - 1]}…"


def quoted(text: str) -> str:
    """Return a text that came from outside in quotes, cut where it is long."""
    return repr(shortened(text))


def twice_named(names: Iterable[str]) -> str | None:
    """Return the first name that stands twice among several, if any does."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def nearest(name: str, known: Iterable[str]) -> str:
    """Return " Did you mean …?" for the nearest known name, or the empty text.

    A name that is too long to repeat has no nearest one, and of very many only the first are
    compared. Those few that share most pairs of letters with it are compared closely, which takes a
    hundred times as long.
    """
    if len(name) > LONGEST_QUOTED:
        return ""
    name = name.lower()
    by_lower = {candidate.lower(): candidate for candidate in islice(known, MOST_COMPARED)}
    pairs = _pairs(name)

    def likeness(candidate: str) -> float:
        others = _pairs(candidate)
        return len(pairs & others) / (len(pairs) + len(others) + 1)

    likely = nlargest(CLOSELY_COMPARED, by_lower, key=likeness)
    close = get_close_matches(name, likely, n=1, cutoff=0.6)
    return f" Did you mean {by_lower[close[0]]!r}?" if close else ""


def _pairs(text: str) -> set[tuple[str, str]]:
    text = f" {text[:LONGEST_QUOTED]} "
    return set(pairwise(text))
