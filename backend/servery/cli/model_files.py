"""Publishing model files to a folder that only one command uses."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
import msgspec

from servery.cli.progress import progress
from servery.errors import RepositoryEmpty, ServeryError
from servery.layout import (
    REFUSED,
    file_title,
    model_files,
    model_folders,
    model_name,
    plain_files,
)
from servery.publishing.options import PublishOptions, Tables
from servery.publishing.repeating import Repeater
from servery.settings import Settings

if TYPE_CHECKING:
    from servery.artifact.sandbox import SandboxedLoad


def files_to_publish(path: Path) -> list[Path]:
    """Return the model files of a path: itself, or those of a folder without a published model.

    Returns
    -------
    Nothing where the path is a repository.

    Raises
    ------
    RepositoryEmpty
        It is neither.
    """
    if path.is_file():
        return [path]
    if not path.exists():
        raise RepositoryEmpty(
            f"Expected a model file or a folder of models, found none at {str(path)!r}."
        )
    try:
        model_folders(path)
    except RepositoryEmpty:
        files = _bare_files(path) if path.is_dir() else []
        if not files:
            raise
        return files
    return []


def _bare_files(folder: Path) -> list[Path]:
    """Return the files of a folder that hold a model, by their names or their first bytes."""
    named = model_files(folder)
    others = [path for path in plain_files(folder) if path not in named]
    return sorted([*named, *(path for path in others if _begins_as_model(path))])


def _begins_as_model(path: Path) -> bool:
    from servery.artifact.formats import HEAD_BYTES, looks_like_model

    try:
        with path.open("rb") as file:
            return looks_like_model(file.read(HEAD_BYTES))
    except OSError:
        return False


class PublishedFiles(NamedTuple):
    """How many files were refused, and how many inspected; inspecting loads large libraries."""

    refused: int
    inspected: int


def publish_all(
    files: Sequence[Path],
    root: Path,
    settings: Settings,
    options: PublishOptions,
    tables: Tables,
    *,
    may_repeat: bool,
) -> PublishedFiles:
    """Publish each file as a model of its own, and print what was inferred of it.

    If there are several, the reason why one is refused is printed and left in its folder.

    Parameters
    ----------
    may_repeat
        A file that was published before, with the same libraries, need not be inspected again.

    Raises
    ------
    ServeryError
        The only file is refused.
    click.ClickException
        All files are refused, or two would be the same model.
    """
    _require_distinct_names(files)
    is_plain = not tables.paths and not settings.trust
    repeater = Repeater(settings.cache) if may_repeat and is_plain else None
    publisher = _Publisher(root, settings, options, tables, repeater)
    refused = 0
    for file in files:
        try:
            click.echo(publisher.publish(file) + "\n")
        except ServeryError as error:
            if len(files) == 1:
                raise
            click.echo(f"{file.name}: {error}\n", err=True)
            name = model_name(file_title(file))
            (root / name).mkdir()
            (root / name / REFUSED).write_text(str(error), encoding="utf-8")
            refused += 1
    publisher.close()
    if refused == len(files):
        raise click.ClickException("None of these files can be served.")
    return PublishedFiles(refused, publisher.inspected)


class _Publisher:
    """Publishes files to one folder, in caged processes that are started for the first of them."""

    def __init__(
        self,
        root: Path,
        settings: Settings,
        options: PublishOptions,
        tables: Tables,
        repeater: Repeater | None,
    ) -> None:
        self._root, self._settings = root, settings
        self._options, self._tables = options, tables
        self._repeater = repeater
        self.inspected = 0

    def publish(self, file: Path) -> str:
        """Publish a file, and return what was inferred of it."""
        name = model_name(file_title(file))
        options = msgspec.structs.replace(self._options, title=file_title(file))
        if self._repeater is not None:
            report = self._repeater.publish(file, name, self._root, options)
            if report is not None:
                return report
        return self._inspect(file, name, options)

    def close(self) -> None:
        """End the caged processes: the server has its own."""
        if "_sandbox" in vars(self):
            self._sandbox.policy.cages.close()

    @cached_property
    def _sandbox(self) -> "SandboxedLoad":
        from servery.artifact import LoadPolicy
        from servery.artifact.sandbox import SandboxedLoad

        return SandboxedLoad(LoadPolicy.from_settings(self._settings))

    def _inspect(self, file: Path, name: str, options: PublishOptions) -> str:
        from servery.publishing.files import publish_file
        from servery.publishing.report import inferred

        self.inspected += 1
        with progress(file):
            published = publish_file(
                file,
                name=name,
                root=self._root,
                sandbox=self._sandbox,
                options=options,
                tables=self._tables,
            )
        report = inferred(published)
        if self._repeater is not None:
            self._repeater.keep(published, file, self._root, options, report)
        return report


def _require_distinct_names(files: Sequence[Path]) -> None:
    names = Counter(model_name(file_title(file)) for file in files)
    for name, count in names.items():
        if count > 1:
            twins = [each.name for each in files if model_name(file_title(each)) == name]
            raise click.ClickException(
                f"{' and '.join(twins)} would both be the model {name!r}; rename one."
            )
