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
    ├── ModelFailed            the model failed on inputs that fit it
    ├── ModelDied              a model process died during a request; it is restarted
    ├── ModelTimedOut          a model process took too long for a request
    ├── UnsupportedTable       the content type of an upload is not that of a table
    ├── UploadTooLarge         the upload exceeds the limit
    ├── IncompleteUpload       an upload that ends early or is not valid
    ├── IdempotencyKeyReused   one Idempotency-Key for two different uploads
    ├── IdempotencyKeyInUse    an upload with the same Idempotency-Key is still arriving
    ├── NoRoom                 a full disk
    ├── DatabaseUnavailable    a database that does not answer
    ├── WrongJobState          a job in the wrong state for the request
    ├── TooBusy                more uploads or streams at once than are allowed
    ├── MalformedRequest       a request that is not valid HTTP
    ├── MisdirectedRequest     a request to a host that is not this server
    ├── CrossSiteRequest       a change requested by a page of another site
    ├── NotReady               no model can be served, or the server is stopping
    ├── RepositoryEmpty        a folder without models
    ├── TableUnreadable        a file that is not a table
    │   ├── TableEmpty         an empty table, or a header without rows
    │   ├── TableMisread       a table that makes no sense with this delimiter or encoding
    │   │   └── TableRagged    a row has more or fewer cells than the header
    │   ├── TableTooLarge      the unpacked table or one of its rows exceeds a limit
    │   ├── AmbiguousTable     a table that can be read in more than one way; lists them
    │   └── ColumnsUnmatched   columns that could not be matched to inputs
    ├── PublishingRefused      an estimator that cannot be published
    └── BadSettings            invalid environment variables
"""

import errno
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from heapq import nlargest
from itertools import islice, pairwise

#: A full disk, an exhausted quota, a file that exceeds the limit of its disk or process.
FULL = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
#: Faults that one answer describes; nobody fixes more at once.
MOST_FAULTS = 100
#: Characters of a name or value that a message repeats.
LONGEST_QUOTED = 80
#: How alike a suggestion is: at least LIKE if one name begins with the other, else NEAR.
LIKE, NEAR = 0.6, 0.65
#: Versions of a model that a message lists.
MOST_VERSIONS = 20
#: Names that are searched for the nearest one, and those of them that are compared closely.
MOST_COMPARED, CLOSELY_COMPARED = 1_000, 10


class ServeryError(Exception):
    """The root: its text says what is wrong, what was found and what to do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request.

    Attributes
    ----------
    input
        Name of the input at fault; None if the fault concerns the whole body.
    pointer
        Its place in the body: a JSON Pointer as a URI fragment (RFC 6901, section 6).
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
    """The faults of one request: counts all of them and describes the first ones.

    The caller decides how many faults a request has. That number must affect neither the time nor
    the size of the answer.
    """

    def __init__(self) -> None:
        self._described: list[Fault] = []
        self._count = 0

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return self._count > 0

    def add(self, describe: Callable[[], Fault]) -> None:
        """Count a fault, and describe it unless enough are described."""
        self._count += 1
        if len(self._described) < MOST_FAULTS:
            self._described.append(describe())

    def raise_any(self, kind: "type[InvalidInputs] | None" = None) -> None:
        """Raise all faults as one error, if there are any.

        Raises
        ------
        InvalidInputs
            Or the subclass given as ``kind``.
        """
        if self._count:
            raise (kind or InvalidInputs)(self._described, count=self._count)


class InvalidInputs(ServeryError):
    """Inputs that do not fit the model; ``faults`` holds the first ones and counts the rest.

    Parameters
    ----------
    count
        The number of faults, if ``faults`` does not hold all of them.
    """

    def __init__(self, faults: Sequence[Fault], *, count: int = 0) -> None:
        more = max(count, len(faults)) - MOST_FAULTS
        if more > 0:
            detail = f"{more:,} more faults are not listed."
            faults = [*faults[:MOST_FAULTS], Fault(None, "#", "more-faults", detail)]
        self.faults = tuple(faults)
        names = list(dict.fromkeys(fault.input for fault in faults if fault.input is not None))
        shown = ", ".join(names[:5]) + (" and others" if len(names) > 5 else "")
        super().__init__(f"Fix these inputs: {shown}." if shown else faults[0].detail)


class Unanswerable(InvalidInputs):
    """Inputs that fit the model, and to which it gives no answer."""


class InvalidJobOptions(InvalidInputs):
    """Options of a batch job that are not valid."""


class UnreadableBody(ServeryError):
    """A body that is not JSON as RFC 8259 defines it."""


class UnsupportedMedia(ServeryError):
    """A body whose content type is not JSON."""


class NotFound(ServeryError):
    """Something that was requested by name and does not exist."""


class ModelNotFound(NotFound):
    """No model has that name."""

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
    """A card that is not valid, or names an input that the model does not have."""


class ManifestUnreadable(ModelUnusable):
    """A version folder whose model.json is missing or not valid."""


class ArtifactRejected(ModelUnusable):
    """An artifact that is not the one that was published."""


class VersionUntrusted(ModelUnusable):
    """A version without a valid signature by a trusted key."""


class CompiledUnreadable(ModelUnusable):
    """A compiled form that cannot be served; the text says what to do."""


class ModelSetAside(ModelUnusable):
    """A model that is no longer used because its processes died or hung too often."""


class ModelFailed(ServeryError):
    """A model that raised, or answered with a number that is not finite, for valid inputs."""


class ModelDied(ServeryError):
    """A model process that died while it answered; it is restarted."""


class ModelTimedOut(ServeryError):
    """A model process that exceeded the time limit of a request and was killed."""


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
    """A full disk, or an exhausted share of one."""


class DatabaseUnavailable(ServeryError):
    """A database or folder of jobs that cannot be used, or is busy for too long."""


class WrongJobState(ServeryError):
    """A batch job that is in the wrong state for the request."""


class TooBusy(ServeryError):
    """More uploads, downloads or streams at once than are allowed."""


class MalformedRequest(ServeryError):
    """A request that is not valid HTTP."""


class MisdirectedRequest(ServeryError):
    """A request to a host name that is not one of this server's."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{quoted(host)} is not a host name of this server. Use one of its own names, or ask "
            "the administrator to add this one to SERVERY_HOSTS."
        )


class CrossSiteRequest(ServeryError):
    """A request that changes something, sent by a page of an origin that is not allowed."""

    def __init__(self, origin: str) -> None:
        super().__init__(
            f"Pages of {quoted(origin)} may not do this. To allow them, ask the administrator to "
            "add this origin to SERVERY_CORS_ORIGINS."
        )


class NotReady(ServeryError):
    """A server that cannot serve any model."""


class RepositoryEmpty(ServeryError):
    """A folder without models."""


class TableUnreadable(ServeryError):
    """A file that is not a table, or that cannot be read here."""


class TableEmpty(TableUnreadable):
    """A table that is empty, or has no rows below the header."""


class TableMisread(TableUnreadable):
    """A table that makes no sense with this delimiter or encoding."""


class TableRagged(TableMisread):
    """A table whose rows have different numbers of cells."""


class TableTooLarge(TableUnreadable):
    """A table that exceeds a limit, unpacked or with one of its rows."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; joined together, the pieces are the sentence.

    Attributes
    ----------
    text
        The text of the piece.
    input
        The input that this piece names, in quotes; a page can replace it by the input's label.
    """

    text: str
    input: str | None = None


def named(name: str) -> Part:
    """Return a piece that names an input."""
    return Part(repr(name), name)


def worded(*pieces: str | Part) -> tuple[Part, ...]:
    """Return a sentence as its parts."""
    return tuple(Part(piece) if isinstance(piece, str) else piece for piece in pieces if piece)


def sentence_of(parts: Iterable[Part]) -> str:
    """Join the parts of a sentence."""
    return "".join(part.text for part in parts)


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice that an ambiguous table needs: an ``option``, and its ``values`` in order."""

    option: str
    values: tuple[str, ...]


class AmbiguousTable(TableUnreadable):
    """A table that can be read in more than one way; ``choice`` says what to decide.

    ``detail``, also in ``parts``, says why, without the options of the command line.
    """

    def __init__(self, detail: str | tuple[Part, ...], choice: Choice) -> None:
        self.choice = choice
        self.parts = worded(detail) if isinstance(detail, str) else detail
        self.detail = detail = sentence_of(self.parts)
        values = [each.replace("\t", "tab") for each in choice.values]
        ways = " or ".join(f"--{choice.option} {value!r}" for value in values)
        super().__init__(f"{detail} Choose one: {ways}.")

    def __reduce__(self) -> "tuple[object, ...]":
        """Support pickling, since it may come from another process."""
        return AmbiguousTable, (self.parts, self.choice)


class ColumnsUnmatched(TableUnreadable):
    """A table whose columns could not be matched to inputs.

    ``detail``, also in ``parts``, says the same without the options of the command line.
    """

    def __init__(self, sentence: str, parts: tuple[Part, ...] = ()) -> None:
        self.parts = parts or worded(sentence)
        self.detail = sentence_of(self.parts)
        super().__init__(sentence)


class PublishingRefused(ServeryError):
    """An estimator that would not give the same answers once published."""


class BadSettings(ServeryError):
    """Invalid environment variables; the text lists all of them."""


@contextmanager
def room_for(sentence: str) -> Iterator[None]:
    """Turn a full disk into an error with this sentence.

    Raises
    ------
    NoRoom
        The disk is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise NoRoom(sentence) from error


@contextmanager
def folder_of_jobs() -> Iterator[None]:
    """Turn a failure to write to the folder of jobs into an error; a full disk stays as it is.

    Raises
    ------
    DatabaseUnavailable
        The administrator has to fix it.
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
    """Return an untrusted text as a message may repeat it: cut if it is long."""
    return text if len(text) <= LONGEST_QUOTED else f"{text[: LONGEST_QUOTED - 1]}…"


def quoted(text: str) -> str:
    """Return an untrusted text in quotes, cut if it is long."""
    return repr(shortened(text))


def twice_named(names: Iterable[str]) -> str | None:
    """Return the first name that occurs twice, or None."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def nearest(name: str, known: Iterable[str]) -> str:
    """Return " Did you mean …?" for the nearest known name, or an empty text."""
    found = nearest_name(name, known)
    return "" if found is None else f" Did you mean {found!r}?"


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is a likely misspelling or extension of another, if any.

    A name that is too long to repeat has none, and only the first known names are compared. Those
    that share most pairs of letters are then compared closely, which takes a hundred times as long.
    """
    if len(name) > LONGEST_QUOTED:
        return None
    name = name.lower()
    by_lower = {candidate.lower(): candidate for candidate in islice(known, MOST_COMPARED)}
    pairs = _pairs(name)

    def likeness(candidate: str) -> float:
        others = _pairs(candidate)
        return len(pairs & others) / (len(pairs) + len(others) + 1)

    likely = nlargest(CLOSELY_COMPARED, by_lower, key=likeness)
    close = [
        each
        for each in get_close_matches(name, likely, cutoff=LIKE)
        if each.startswith(name) or name.startswith(each) or _is_near(name, each)
    ]
    return by_lower[close[0]] if close else None


def _is_near(name: str, other: str) -> bool:
    return SequenceMatcher(None, other, name).ratio() >= NEAR


def _pairs(text: str) -> set[tuple[str, str]]:
    text = f" {text[:LONGEST_QUOTED]} "
    return set(pairwise(text))
