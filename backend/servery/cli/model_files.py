"""Publishing model files to a folder that only one command uses."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from servery.errors import ServeryError
from servery.layout import REFUSED, model_name
from servery.publishing.options import PublishOptions, Tables
from servery.settings import Settings


def publish_all(
    files: Sequence[Path],
    root: Path,
    settings: Settings,
    options: PublishOptions,
    tables: Tables,
) -> None:
    """Publish each file as a model of its own, and print what was inferred of it.

    Where there are several, the reason why one is refused is printed and left in its folder.

    Raises
    ------
    ServeryError
        The only file is refused.
    click.ClickException
        All files are refused, or two would be the same model.
    """
    from servery.artifact import LoadPolicy
    from servery.artifact.sandbox import SandboxedLoad
    from servery.publishing.files import publish_file, read_model_file
    from servery.publishing.report import inferred

    _require_distinct_names(files)
    sandbox = SandboxedLoad(LoadPolicy.from_settings(settings))
    if len(files) > 1:
        sandbox.prepare([(file.name, read_model_file(file)) for file in files])
    refused = 0
    for file in files:
        name = model_name(file.stem)
        try:
            published = publish_file(
                file,
                name=name,
                root=root,
                sandbox=sandbox,
                options=msgspec.structs.replace(options, title=file.stem),
                tables=tables,
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
    sandbox.policy.cages.close()  # the server has its own
    if refused == len(files):
        raise click.ClickException("None of these files can be served.")


def _require_distinct_names(files: Sequence[Path]) -> None:
    names = Counter(model_name(file.stem) for file in files)
    for name, count in names.items():
        if count > 1:
            twins = [each.name for each in files if model_name(each.stem) == name]
            raise click.ClickException(
                f"{' and '.join(twins)} would both be the model {name!r}; rename one."
            )
