"""`servery rollback`: changes which version of a model is served."""

from pathlib import Path

import click

from servery.cli.options import models_option
from servery.errors import VersionNotFound
from servery.layout import CARD, model_folder, version_names


@click.command()
@click.argument("model")
@click.option("--newest", is_flag=True, help="Serve the highest version again.")
@models_option
def rollback(model: str, models: Path, *, newest: bool) -> None:
    """Serve an older version of MODEL.

    This is the previous version, or VERSION if you give MODEL@VERSION.

    The card pins the version, and a running server switches to it at once.
    """
    import tomlkit

    from servery.card import card_text, read_card
    from servery.guarded import FileRefused, replace_file

    name, _, version = model.partition("@")
    folder = model_folder(models, name)
    versions = version_names(folder)
    read_card(text := card_text(folder) or "")  # a card that is wrong stays as it is
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
