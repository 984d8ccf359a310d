"""The commands: serve, worker, score, publish, sign, models, rollback and check."""

import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from servery.errors import ModelNotFound, RepositoryEmpty, ServeryError, VersionNotFound
from servery.layout import (
    CARD,
    ENVELOPE,
    REFUSED,
    model_files,
    model_folders,
    model_name,
    version_names,
)
from servery.settings import HERE, Settings, dotted_names
from servery.version import __version__

if TYPE_CHECKING:
    from servery.batch.reading import Dates, Decimal, Format

# Loading scikit-learn takes a second, which `serve` on a folder would spend twice, as the server
# loads it too: the rooms that need it are imported where they are used.

FILE = click.Path(path_type=Path)


def _models() -> Path:
    """Return the model repository where the command names none."""
    return Settings.from_env().models


REPOSITORY = click.argument("path", type=FILE, default=_models, required=False)
MODELS = click.option(
    "--models", type=FILE, default=_models, help="The model repository; else SERVERY_MODELS."
)

#: Formats of tables.
FORMATS = ["csv", "tsv", "jsonl", "parquet", "xlsx"]
TRUST = click.option(
    "--trust",
    multiple=True,
    metavar="NAME",
    help="A module or name that model files may import, such as mypkg.transformers.",
)


ALLOW_READ = click.option(
    "--allow-read",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="A file or folder that trusted code may read.",
)


def sources(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name the tables beside a model file."""
    for option in (
        click.option(
            "--coverage",
            type=float,
            help="Share that intervals and prediction sets should hold; 0.9 by default.",
        ),
        click.option(
            "--cv", type=int, help="Folds of the data to measure on, each fitted without it."
        ),
        click.option("--test", type=FILE, help="Rows that the fit did not see, with their target."),
        click.option("--target", multiple=True, help="Column that the model predicts."),
        click.option("--data", type=FILE, help="The rows of the fit: CSV, TSV or Parquet."),
    ):
        command = option(command)
    return command


class Command(click.Group):
    """Commands that end in one sentence and exit code 1 where a `ServeryError` is raised."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except ServeryError as error:
            raise click.ClickException(str(error)) from error


SIGN = click.option(
    "--sign", type=FILE, metavar="KEY", help="Sign it by the Ed25519 private key in this file."
)


@click.group(cls=Command)
@click.version_option(__version__)
def main() -> None:
    """Turn fitted scikit-learn models into a browser app and a JSON API."""


@main.command()
@REPOSITORY
@sources
@TRUST
@ALLOW_READ
@click.option(
    "--server",
    type=click.Choice(["gunicorn", "granian"]),
    default="gunicorn",
    show_default=True,
    help="granian is faster and shares no memory: pip install 'servery[granian]'.",
)
def serve(
    path: Path,
    data: Path | None,
    target: tuple[str, ...],
    test: Path | None,
    cv: int | None,
    coverage: float | None,
    trust: tuple[str, ...],
    allow_read: tuple[Path, ...],
    server: str,
) -> None:
    """Serve PATH on http://127.0.0.1:8000: one model file, or a folder of models.

    A folder of model files is served too, each file as a model of its own.
    """
    settings = _settings(trust, allow_read)
    command = _server(server)
    files = [path] if path.is_file() else _bare_files(path)
    if not files:
        if data or test or cv:
            raise click.UsageError("--data, --test and --cv belong to one model file.")
        model_folders(path)
        _require_database(settings)
        # The server takes this process's place, so that signals reach it.
        environ = _environ(path.resolve(), settings)
        _start_supervisor(settings, path, environ)
        os.execve(sys.executable, command, environ)  # noqa: S606 - every word stands below
    if len(files) > 1 and (data or test or cv):
        raise click.UsageError("--data, --test and --cv belong to one model file; name it.")
    with tempfile.TemporaryDirectory(prefix="servery-") as folder:
        _publish_all(
            files,
            Path(folder),
            settings,
            data=data,
            target=target,
            test=test,
            cv=cv,
            coverage=coverage,
        )
        # Jobs are of models that go with this process, and so do they.
        with tempfile.TemporaryDirectory(prefix="servery-jobs-") as jobs:
            environ = {**_environ(Path(folder), settings), "SERVERY_JOBS": jobs, "DATABASE_URL": ""}
            own = replace(settings, jobs=Path(jobs), database=None)
            supervisor = _start_supervisor(own, Path(folder), environ)
            code = _run_server(command, environ)
            supervisor.terminate()
            supervisor.wait()  # nobody writes to the folders any more
            sys.exit(code)


@main.command()
@REPOSITORY
@TRUST
@ALLOW_READ
def worker(path: Path, trust: tuple[str, ...], allow_read: tuple[Path, ...]) -> None:
    """Score the batch jobs that were sent to a server of the model repository at PATH.

    `servery serve` has one beside it; more may run, here or on machines that share the database
    and the folder of the jobs.
    """
    from servery.jobs.files import Files

    settings = _settings(trust, allow_read)
    model_folders(path)
    _require_database(settings)
    Files(settings.jobs).require_writable()
    environ = _environ(path.resolve(), settings)
    words = _supervisor(settings, path)
    # The supervisor takes this process's place, so that signals reach it.
    os.execve(words[0], words, environ)  # noqa: S606 - every word stands there


def _settings(trust: tuple[str, ...], allow_read: tuple[Path, ...]) -> Settings:
    """Read the settings; what the command line trusts comes on top."""
    settings = Settings.from_env()
    if settings.cage == "require":
        from servery.cage.probing import require_complete

        require_complete()
    trusted = (*settings.trust, *(name for text in trust for name in dotted_names(text)))
    if trusted:
        sys.path.append(str(Path.cwd()))  # where one's own modules lie, as for `python`
    return replace(settings, trust=trusted, allow_read=(*settings.allow_read, *allow_read))


def _require_database(settings: Settings) -> None:
    """Refuse at once a database that jobs could not be kept in."""
    if settings.database is not None:
        from servery.jobs.database import require_usable

        require_usable(settings.database)


def _environ(models: Path, settings: Settings) -> dict[str, str]:
    granted = {"SERVERY_MODELS": str(models)}
    if settings.trust:
        granted["SERVERY_TRUST"] = ",".join(settings.trust)
    if settings.allow_read:
        granted["SERVERY_ALLOW_READ"] = os.pathsep.join(map(str, settings.allow_read))
    return {**os.environ, **granted}


SERVERS = {
    "gunicorn": [
        *(sys.executable, "-m", "gunicorn"),
        *("--config", str(HERE / "gunicorn.py")),
        "servery.app:create_app()",
    ],
    "granian": [sys.executable, "-m", "servery.granian"],
}


def _server(name: str) -> list[str]:
    """Return the command of a server."""
    if importlib.util.find_spec(name) is None:
        raise click.ClickException(f"{name} is not installed here: pip install {name}.")
    return SERVERS[name]


def _bare_files(path: Path) -> list[Path]:
    """Return the model files of a folder that holds no published model."""
    try:
        model_folders(path)
    except RepositoryEmpty:
        files = model_files(path) if path.is_dir() else []
        if not files:
            raise
        return files
    return []


def _publish_all(
    files: list[Path],
    root: Path,
    settings: Settings,
    **tables: Any,  # noqa: ANN401
) -> None:
    from servery.artifact import Opening
    from servery.artifact.rehearsal import Rehearsal
    from servery.publishing.files import Sources, publish_file, read_model_file
    from servery.publishing.report import inferred

    names = Counter(model_name(file.stem) for file in files)
    for file in files:
        name = model_name(file.stem)
        if names[name] > 1:
            twins = [each.name for each in files if model_name(each.stem) == name]
            raise click.ClickException(
                f"{' and '.join(twins)} would both be the model {name!r}; rename one."
            )
    rehearsal = Rehearsal(Opening.from_settings(settings))
    if len(files) > 1:
        rehearsal.prepare([(file.name, read_model_file(file)) for file in files])
    refused = 0
    for file in files:
        name = model_name(file.stem)
        try:
            published = publish_file(
                file,
                name=name,
                title=file.stem,
                root=root,
                rehearsal=rehearsal,
                sources=Sources(**tables),
            )
        except ServeryError as error:
            if len(files) == 1:
                raise
            click.echo(f"{file.name}: {error}\n", err=True)
            (root / name).mkdir()
            (root / name / REFUSED).write_text(str(error), encoding="utf-8")
            refused += 1
        else:
            click.echo(inferred(published) + "\n")
    rehearsal.opening.cages.close()  # the server has its own
    if refused == len(files):
        raise click.ClickException("None of these files can be served.")


def _start_supervisor(
    settings: Settings, models: Path, environ: dict[str, str]
) -> "subprocess.Popen[bytes]":
    """Start what starts job workers; it ends with this process, or with what takes its place."""
    words = _supervisor(settings, models, parent=os.getpid())
    return subprocess.Popen(words, env=environ)  # noqa: S603 - every word stands there


def _supervisor(settings: Settings, models: Path, parent: int | None = None) -> list[str]:
    """Return the command of a supervisor of job workers."""
    from servery.jobs.pending import records_file
    from servery.jobs.supervising import command

    jobs = str(settings.jobs)
    return command(jobs, str(models.resolve()), records_file(settings.database, jobs), parent)


def _run_server(command: list[str], environ: dict[str, str]) -> int:
    """Run the server on a folder of our own, which goes when it ends; pass signals on to it."""
    process = subprocess.Popen(command, env=environ)  # noqa: S603 - every word stands above
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: process.send_signal(received))
    return process.wait()


@main.command()
@click.argument("model")
@click.argument("tables", nargs=-1, required=True, metavar="TABLE...")
@click.option("-o", "--output", default="-", help="A file, or a folder for several tables.")
@MODELS
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="INPUT=COLUMN",
    help="The column of an input, where names do not tell; INPUT= where there is none.",
)
@click.option("--from", "read_as", type=click.Choice(FORMATS), help="The format of the tables.")
@click.option("--to", "write_as", type=click.Choice(FORMATS), help="The format of the result.")
@click.option("--delimiter", help="Between two cells of a CSV file; 'tab' for a tab.")
@click.option("--encoding", help="Of a text file, such as latin-1; found out for UTF-8, 16 and 32.")
@click.option("--decimal", type=click.Choice([".", ","]), help="The decimal mark of a text file.")
@click.option(
    "--dates",
    type=click.Choice(["year-first", "day-first", "month-first"]),
    help="What 3/4/2024 begins with.",
)
@click.option("--missing", multiple=True, metavar="TEXT", help="Means no value, as an empty cell.")
@click.option("--sheet", help="Of an Excel workbook.")
@click.option("--errors", type=FILE, help="Write the rows that do not fit here, with reasons.")
@click.option("--strict", is_flag=True, help="Exit with code 3 if any row does not fit.")
@click.option(
    "--processes",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Processors of this machine that score side by side.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Dask scheduler whose workers do it, as tcp://scheduler:8786; OUTPUT is a folder then.",
)
@click.option("--quiet", is_flag=True, help="No progress bar and no summary.")
@TRUST
@ALLOW_READ
@click.pass_context
def score(
    context: click.Context,
    model: str,
    tables: tuple[str, ...],
    output: str,
    models: Path,
    columns: tuple[str, ...],
    read_as: "Format | None",
    write_as: "Format | None",
    delimiter: str | None,
    encoding: str | None,
    decimal: "Decimal | None",
    dates: "Dates | None",
    missing: tuple[str, ...],
    sheet: str | None,
    errors: Path | None,
    trust: tuple[str, ...],
    allow_read: tuple[Path, ...],
    processes: int,
    cluster: str | None,
    *,
    strict: bool,
    quiet: bool,
) -> None:
    """Score every row of each TABLE by MODEL: CSV, TSV, JSON lines, Parquet or Excel.

    MODEL is a model in the repository (name or name@version), a model file, or the address of a
    model on a server. A TABLE may be a folder or a pattern of names, and - is standard input.
    The result has all columns of the table, then the prediction and what the model tells with it.
    """
    from servery.batch import Reading
    from servery.batch.command import (
        ScoringOptions,
        leaving_nothing,
        score_by_cluster,
        score_tables,
    )

    reading = Reading(
        format=read_as,
        delimiter="\t" if delimiter in ("tab", "\\t") else delimiter,
        encoding=encoding,
        decimal=decimal,
        dates=dates,
        missing=missing,
        sheet=sheet,
    )
    options = ScoringOptions(model, tables, output, models, reading, columns, write_as, errors)
    settings = _settings(trust, allow_read)
    if cluster is not None:
        settings = replace(settings, cluster=cluster)
    with leaving_nothing():
        if settings.cluster:
            if processes > 1:
                raise click.UsageError(
                    "--processes are of this machine, and a cluster has its own; --cluster '' "
                    "scores here."
                )
            summary = score_by_cluster(options, settings, is_quiet=quiet)
        else:
            summary = score_tables(options, settings, processes=processes, is_quiet=quiet)
    if strict and summary.bad_rows:
        context.exit(3)


@main.command()
@click.argument("file", type=FILE)
@click.option("--name", help="Of the model; made from the file's name where none is given.")
@click.option("--title", help="What people call it.")
@MODELS
@sources
@SIGN
@TRUST
@ALLOW_READ
def publish(
    file: Path,
    name: str | None,
    title: str | None,
    models: Path,
    data: Path | None,
    target: tuple[str, ...],
    test: Path | None,
    cv: int | None,
    coverage: float | None,
    sign: Path | None,
    trust: tuple[str, ...],
    allow_read: tuple[Path, ...],
) -> None:
    """Publish FILE, a saved estimator, as the next version of a model."""
    from servery.artifact import Opening
    from servery.artifact.rehearsal import Rehearsal
    from servery.publishing.files import Sources, publish_file
    from servery.publishing.report import report

    published = publish_file(
        file,
        name=name or model_name(file.stem),
        title=title,
        root=models,
        rehearsal=Rehearsal(Opening.from_settings(_settings(trust, allow_read))),
        sources=Sources(data=data, target=target, test=test, cv=cv, coverage=coverage),
        sign=sign,
    )
    click.echo(report(published))


@main.command()
@click.argument("file", type=FILE)
@click.option("-o", "--output", type=FILE, help="Where it goes; beside FILE by default.")
@click.option(
    "--to",
    type=click.Choice(["plan", "skops"]),
    help="The format; by default a plan, and skops for what no plan covers.",
)
@TRUST
@ALLOW_READ
def convert(
    file: Path,
    output: Path | None,
    to: str | None,
    trust: tuple[str, ...],
    allow_read: tuple[Path, ...],
) -> None:
    """Write FILE, a saved estimator, in a format that holds no code: a plan, or skops.

    What is written gives the same answers: it is compared with the estimator on thousands of rows.
    """
    from servery.artifact import Opening
    from servery.publishing.converting import convert_file

    opening = Opening.from_settings(_settings(trust, allow_read))
    written, rows = convert_file(file, opening, output=output, to=to)
    click.echo(f"Wrote {written}. It gave the same answers as {file.name} on {rows:,} rows.")


@main.command()
@click.argument("model")
@click.option("--key", type=FILE, required=True, help="A file with an Ed25519 private key.")
@MODELS
def sign(model: str, key: Path, models: Path) -> None:
    """Sign a version that is there: MODEL@VERSION, or the highest version of MODEL."""
    from servery.guarded import FileRefused, replace_file
    from servery.manifest import manifest_bytes
    from servery.signing import SigningKey

    signing = SigningKey.read(key)
    folder, version = _version(models, model)
    envelope = signing.envelope(folder.name, version, manifest_bytes(folder / version))
    try:
        replace_file(models, [folder.name, version, ENVELOPE], envelope)
    except FileRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{folder.name}: version {version} is signed by {signing.public}")


def _version(models: Path, model: str) -> tuple[Path, str]:
    """Return the folder of a model and one of its versions: the one named, or the highest."""
    name, _, version = model.partition("@")
    folders = {folder.name: folder for folder in model_folders(models)}
    if name not in folders:
        raise ModelNotFound(name, folders)
    versions = version_names(folders[name])
    if (version and version not in versions) or not versions:
        raise VersionNotFound(name, version, versions)
    return folders[name], version or versions[-1]


@main.command()
@REPOSITORY
@TRUST
@ALLOW_READ
def models(path: Path, trust: tuple[str, ...], allow_read: tuple[Path, ...]) -> None:
    """List the models in the repository at PATH: versions, runtime, digest."""
    from servery.artifact import Opening
    from servery.repository import Repository

    repository = Repository(path, Opening.from_settings(_settings(trust, allow_read)))
    for model in repository:
        versions = [
            f"{version} (served)" if version == model.version else version
            for version in repository.versions(model.name)
        ]
        digest = model.manifest.artifacts[0].sha256[:12]
        click.echo(
            f"{model.name}  versions {', '.join(versions)}  {model.runtime.name}  sha256 {digest}…"
        )
    for trouble in repository.troubles:
        click.echo(f"{trouble.label}  cannot be served: {trouble.error}", err=True)


@main.command()
@click.argument("model")
@click.option("--newest", is_flag=True, help="Serve the highest version again.")
@MODELS
def rollback(model: str, models: Path, *, newest: bool) -> None:
    """Serve an older version of MODEL: the one before, or that of MODEL@VERSION.

    It is pinned by one line of the card; a running server takes it over at once.
    """
    import tomlkit

    from servery.card import card_text, read_card
    from servery.guarded import FileRefused, replace_file

    name, _, version = model.partition("@")
    folders = {folder.name: folder for folder in model_folders(models)}
    if name not in folders:
        raise ModelNotFound(name, folders)
    versions = version_names(folders[name])
    read_card(text := card_text(folders[name]) or "")  # a card that is wrong stays as it is
    card = tomlkit.parse(text)
    if newest:
        card.pop("version", None)
    else:
        served = str(card.get("version", versions[-1]))
        older = versions[: versions.index(served)] if served in versions else versions
        version = version or (older[-1] if older else "")
        if version not in versions:
            raise VersionNotFound(name, version or "before the one served", versions)
        card["version"] = version
    try:
        replace_file(models, [name, CARD], tomlkit.dumps(card).encode())
    except FileRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{name}: version {versions[-1] if newest else version} is served from now on.")


@main.command()
@REPOSITORY
@TRUST
@ALLOW_READ
@click.pass_context
def check(
    context: click.Context, path: Path, trust: tuple[str, ...], allow_read: tuple[Path, ...]
) -> None:
    """Say everything that would fail at PATH, a model file or a repository, before it is served."""
    from servery.cage.probing import probe

    settings = _settings(trust, allow_read)
    click.echo(probe().line)
    if path.is_file():
        with tempfile.TemporaryDirectory(prefix="servery-") as folder:
            _publish_all([path], Path(folder), settings)
        return
    from servery.artifact import Opening
    from servery.repository import Repository, faults

    opening = Opening.from_settings(settings)
    found = faults(path, opening)
    for trouble in found:
        click.echo(f"{trouble.label}: {trouble.error}", err=True)
    if found:
        context.exit(1)
    click.echo(f"{len(list(Repository(path, opening)))} models can be served.")


if __name__ == "__main__":
    main()
