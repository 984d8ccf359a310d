"""The only reader of the environment: one table, read once, then passed as a value."""

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from servery.errors import BadSettings, nearest_name

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: A path without a slash at its end, of names that need no escape and are not dots.
BASE_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)+")
PREFIX = "SERVERY_"
#: The shortest secret.
SECRET_LENGTH = 24
HERE = Path(__file__).resolve().parent


def built_frontend(package: Path = HERE) -> Path:
    """Return the built front end: inside an installed wheel, else that of the checkout."""
    installed = package / "frontend"
    return installed if installed.is_dir() else package.parents[1] / "frontend" / "dist"


FRONTEND = built_frontend()


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between deployments; see ``TABLE``."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    compute_threads: int = 1
    models: Path = Path("models")
    frontend: Path = FRONTEND
    trust: tuple[str, ...] = ()
    trusted_keys: tuple[str, ...] = ()
    open_timeout_s: int = 60
    open_memory_bytes: int = 4 * 1024**3
    allow_read: tuple[Path, ...] = ()
    predict_timeout_s: int = 20
    open_models: int = 100
    default_model: str | None = None
    spreadsheets: str = "no"
    cage: str = "auto"
    cache: Path = Path.home() / ".cache" / "servery"
    hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    frame_origins: tuple[str, ...] = ()
    base_path: str | None = None
    proxies: tuple[Network, ...] = ()
    max_body_bytes: int = 16 * 1024 * 1024
    max_instances: int = 10_000
    explain_budget_ms: int = 1_000
    cluster: str | None = None
    graceful_timeout_s: int = 30
    database: str | None = None
    jobs: Path = Path.home() / ".local" / "share" / "servery" / "jobs"
    max_upload_bytes: int = 2 * 1024**3
    job_expiry_s: int = 24 * 3600
    job_chunk_bytes: int = 4 * 1024**2
    job_nice: int = 19
    worker_idle_s: int = 60
    webhook: str | None = None
    webhook_secret: str | None = None

    @property
    def loads_before_fork(self) -> bool:
        """Whether web workers are forked from a process that has the models, and share them.

        Loading a booster may start threads of OpenMP, which no fork carries over: a forked worker
        that calculates with several of them waits for ever.
        """
        return self.compute_threads == 1

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the variables of ``TABLE``.

        Raises
        ------
        BadSettings
            Lists every invalid value and every unknown ``SERVERY_`` variable.
        """
        values: dict[str, object] = {}
        complaints = [_unknown(name) for name in environ if _is_unknown(name)]
        for row in TABLE:
            text = environ.get(row.variable, "")
            if text == "":
                continue
            try:
                values[row.field] = row.parse(text)
            except ValueError as error:
                shown = "not valid" if row.is_secret else repr(text)
                complaints.append(f"{row.variable} is {shown}: {error}")
        if "webhook" in values and not environ.get("SERVERY_WEBHOOK_SECRET"):
            complaints.append("SERVERY_WEBHOOK needs SERVERY_WEBHOOK_SECRET, which signs it.")
        if complaints:
            raise BadSettings("\n".join(complaints))
        return cls(**values)  # type: ignore[arg-type]  # a test checks that TABLE names fields


class Row(NamedTuple):
    """One setting: its field of ``Settings``, its variable, its parser and a sentence."""

    field: str
    variable: str
    parse: Callable[[str], object]
    sentence: str
    is_secret: bool = False


def whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    """Return a parser of whole numbers from ``lowest`` to ``highest``."""

    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not lowest <= int(text) <= highest:
            raise ValueError(f"expected a whole number from {lowest} to {highest}.")
        return int(text)

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    """Return a parser that accepts only these words."""

    def parse(text: str) -> str:
        if text not in words:
            raise ValueError(f"expected {' or '.join(words)}.")
        return text

    return parse


#: A host with an optional port, as in the `Host` header; a full name may end in a dot.
HOST = re.compile(
    r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,126})\.?(?::([0-9]{0,5}))?"
)


def host_and_port(text: str) -> tuple[str, str] | None:
    """Split ``Example.org.:8000`` into ``example.org`` and ``8000``; None if it is not a host."""
    found = HOST.fullmatch(text.lower())
    return found and (found[1], found[2] or "")


def hosts(text: str) -> tuple[str, ...]:
    """Parse names of this server, separated by commas or spaces: ``*.example.org``, ``*``."""
    names = []
    for part in text.replace(",", " ").split():
        found = host_and_port(part.removeprefix("*."))
        if part == "*":
            names.append(part)
        elif found is None or found[1]:
            raise ValueError(f"expected names such as app.example.org, found {part!r}.")
        else:
            names.append("*." + found[0] if part.startswith("*.") else found[0])
    return tuple(names)


def origins(text: str) -> tuple[str, ...]:
    """Parse exact origins (scheme, host, optional port), separated by commas or spaces."""
    found = tuple(part.rstrip("/") for part in text.replace(",", " ").split())
    for origin in found:
        parts = urlsplit(origin)
        exact = f"{parts.scheme}://{parts.netloc}" == origin and parts.netloc.strip("*.") != ""
        if parts.scheme not in {"http", "https"} or not exact or "*" in origin:
            raise ValueError(f"expected origins such as https://app.example.org, found {origin!r}.")
    return found


def base_path(text: str) -> str | None:
    """Parse the path below which everything is served, ``/tools/servery``; None for ``/``."""
    found = "/" + text.strip("/")
    if found == "/":
        return None
    if not BASE_PATH.fullmatch(found):
        raise ValueError("expected a path such as /tools/servery.")
    return found


def networks(text: str) -> tuple[Network, ...]:
    """Parse IP addresses and networks, separated by commas or spaces."""
    try:
        return tuple(ipaddress.ip_network(part) for part in text.replace(",", " ").split())
    except ValueError as error:
        raise ValueError(f"expected addresses such as 10.0.0.7 or 10.0.0.0/24: {error}.") from error


def dotted_names(text: str) -> tuple[str, ...]:
    """Parse names such as ``mypkg.transformers``, separated by commas or spaces."""
    found = tuple(text.replace(",", " ").split())
    for name in found:
        if not all(part.isidentifier() for part in name.split(".")):
            raise ValueError(f"expected names such as mypkg.transformers, found {name!r}.")
    return found


def paths(text: str) -> tuple[Path, ...]:
    """Parse files and folders, separated as in PATH."""
    found = tuple(Path(part) for part in text.split(os.pathsep) if part)
    for path in found:
        if not path.exists():
            raise ValueError(f"expected existing files or folders, found no {str(path)!r}.")
    return found


def folder(text: str) -> Path:
    """Parse a folder that exists."""
    if not Path(text).is_dir():
        raise ValueError("expected an existing folder.")
    return Path(text)


def listed(text: str) -> tuple[str, ...]:
    """Parse texts separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def web_address(text: str) -> str:
    """Parse an address of HTTP."""
    is_plain = text.isascii() and text.isprintable() and " " not in text
    if not is_plain or not _is_web_address(text):
        raise ValueError("expected an address such as https://example.org/hooks/servery.")
    return text


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, or half of an address in brackets
        return False


def long_secret(text: str) -> str:
    """Parse a secret that cannot be guessed."""
    if len(text) < SECRET_LENGTH:
        raise ValueError(f"expected {SECRET_LENGTH} or more characters.")
    return text


def database_url(text: str) -> str:
    """Parse a database URL and return it in SQLAlchemy's form."""
    scheme, _, rest = text.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and rest:
        return f"postgresql+psycopg://{rest}"
    # An in-memory database would be separate in each process.
    if scheme == "sqlite" and rest.startswith("/") and rest not in ("/", "/:memory:"):
        return text
    raise ValueError("expected postgresql://user:password@host/name or sqlite:////path.")


TABLE: tuple[Row, ...] = (
    Row("host", "SERVERY_HOST", str, "Address to listen on; 0.0.0.0 accepts other machines."),
    Row("port", "PORT", whole_number(0, 65535), "Port to listen on; 0 picks a free one."),
    Row("workers", "WEB_CONCURRENCY", whole_number(1, 256), "Number of web workers (processes)."),
    Row("threads", "SERVERY_THREADS", whole_number(1, 256), "Threads per web worker."),
    Row(
        "compute_threads",
        "OMP_NUM_THREADS",
        whole_number(1, 256),
        "Threads per calculation; above 1, each web worker loads its own copy of the models.",
    ),
    Row("models", "SERVERY_MODELS", Path, "The model repository: a folder of model folders."),
    Row("frontend", "SERVERY_FRONTEND", folder, "Folder of the built front end, served at /."),
    Row(
        "trust",
        "SERVERY_TRUST",
        dotted_names,
        "Modules or names that model files may import beyond the allowlist, separated by commas "
        "or spaces.",
    ),
    Row(
        "trusted_keys",
        "SERVERY_TRUSTED_KEYS",
        listed,
        "Ed25519 public keys (files or base64), separated by commas; only versions signed by one "
        "of them are served.",
    ),
    Row(
        "open_timeout_s",
        "SERVERY_OPEN_TIMEOUT_S",
        whole_number(1, 3600),
        "Time limit for opening a model file for the first time, in seconds.",
    ),
    Row(
        "open_memory_bytes",
        "SERVERY_OPEN_MEMORY_BYTES",
        whole_number(1 << 30, 1 << 50),
        "Memory limit for opening a model file, and the most that it may unpack to, in bytes.",
    ),
    Row(
        "allow_read",
        "SERVERY_ALLOW_READ",
        paths,
        "Files and folders that trusted code may read, separated as in `PATH`.",
    ),
    Row(
        "predict_timeout_s",
        "SERVERY_PREDICT_TIMEOUT_S",
        whole_number(1, 3600),
        "Time limit for one request to a model without a plan, in seconds.",
    ),
    Row(
        "open_models",
        "SERVERY_OPEN_MODELS",
        whole_number(1, 1_000_000),
        "Most models that are open at a time; others are opened when a request needs them.",
    ),
    Row(
        "default_model",
        "SERVERY_DEFAULT_MODEL",
        str,
        "Model that answers at `/invocations`, as on SageMaker; by default the only one.",
    ),
    Row(
        "spreadsheets",
        "SERVERY_SPREADSHEETS",
        one_of("yes", "no"),
        "`yes` answers `GET /csv/{model}?age=39` for WEBSERVICE and IMPORTDATA; inputs are then "
        "part of addresses, which proxies log.",
    ),
    Row(
        "cage",
        "SERVERY_CAGE",
        one_of("auto", "require"),
        "`require` refuses to start if the machine lacks a part of the cage; `auto` uses what is "
        "available.",
    ),
    Row(
        "cache",
        "SERVERY_CACHE",
        Path,
        "Folder that records which model files opened safely before and what was inferred from "
        "them, and caches the decoded dictionary of text models.",
    ),
    Row(
        "hosts",
        "SERVERY_HOSTS",
        hosts,
        "Host names that this server answers to besides its own, separated by commas; * for any.",
    ),
    Row(
        "cors_origins",
        "SERVERY_CORS_ORIGINS",
        origins,
        "Exact origins whose pages may call the API, separated by commas.",
    ),
    Row(
        "frame_origins",
        "SERVERY_FRAME_ORIGINS",
        origins,
        "Exact origins whose pages may show a model in a frame, separated by commas.",
    ),
    Row(
        "base_path",
        "SERVERY_BASE_PATH",
        base_path,
        "Path below which everything is served behind a proxy, such as /tools/servery.",
    ),
    Row(
        "proxies",
        "SERVERY_PROXIES",
        networks,
        "Addresses of proxies that may set this path by X-Forwarded-Prefix, separated by commas.",
    ),
    Row(
        "max_body_bytes",
        "SERVERY_MAX_BODY_BYTES",
        whole_number(1_000, 1_000_000_000),
        "Largest request body, in bytes.",
    ),
    Row(
        "max_instances",
        "SERVERY_MAX_INSTANCES",
        whole_number(1, 1_000_000),
        "Most instances per request.",
    ),
    Row(
        "explain_budget_ms",
        "SERVERY_EXPLAIN_BUDGET_MS",
        whole_number(1, 600_000),
        "Time limit for explanations and counterfactual searches, in milliseconds.",
    ),
    Row(
        "cluster",
        "SERVERY_CLUSTER",
        str,
        "Address of a Dask scheduler that runs `servery score`, such as tcp://scheduler:8786.",
    ),
    Row(
        "graceful_timeout_s",
        "SERVERY_GRACEFUL_TIMEOUT_S",
        whole_number(1, 3600),
        "Time that running requests get to finish when the server stops, in seconds.",
    ),
    Row(
        "database",
        "DATABASE_URL",
        database_url,
        "Database of batch jobs, PostgreSQL or SQLite; by default SQLite in `SERVERY_JOBS`.",
        is_secret=True,
    ),
    Row(
        "jobs",
        "SERVERY_JOBS",
        Path,
        "Folder for the uploads and results of batch jobs.",
    ),
    Row(
        "max_upload_bytes",
        "SERVERY_MAX_UPLOAD_BYTES",
        whole_number(1_000, 1 << 50),
        "Largest uploaded table, in bytes, both as sent and unpacked.",
    ),
    Row(
        "job_expiry_s",
        "SERVERY_JOB_EXPIRY_S",
        whole_number(1, 10 * 366 * 24 * 3600),
        "Time after which a finished batch job and its files are deleted, in seconds.",
    ),
    Row(
        "job_chunk_bytes",
        "SERVERY_JOB_CHUNK_BYTES",
        whole_number(1_000, 1 << 30),
        "Size of the chunks in which a batch job is scored, in bytes; jobs take turns by chunk.",
    ),
    Row(
        "job_nice",
        "SERVERY_JOB_NICE",
        whole_number(0, 19),
        "Niceness of the job worker: with 19, predictions go first; 0 suits a dedicated machine.",
    ),
    Row(
        "worker_idle_s",
        "SERVERY_WORKER_IDLE_S",
        whole_number(1, 24 * 3600),
        "Idle time after which the job worker stops, in seconds; the next job starts it again.",
    ),
    Row(
        "webhook",
        "SERVERY_WEBHOOK",
        web_address,
        "Address that is sent a signed message when a batch job ends; nothing is sent by default.",
    ),
    Row(
        "webhook_secret",
        "SERVERY_WEBHOOK_SECRET",
        long_secret,
        "Secret that signs the messages to SERVERY_WEBHOOK, of 24 or more characters.",
        is_secret=True,
    ),
)

VARIABLES = tuple(row.variable for row in TABLE)


def _is_unknown(name: str) -> bool:
    return name.startswith(PREFIX) and name not in VARIABLES


def _unknown(name: str) -> str:
    # Without the prefix, which every name would share.
    rest = {each.removeprefix(PREFIX): each for each in VARIABLES}
    near = nearest_name(name.removeprefix(PREFIX), rest)
    hint = "" if near is None else f" Did you mean {rest[near]!r}?"
    return f"Unknown setting: {name}.{hint}"
