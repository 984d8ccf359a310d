"""`servery sign`: signs a published version."""

from pathlib import Path

import click

from servery.cli.options import FILE, models_option
from servery.errors import VersionNotFound
from servery.layout import ENVELOPE, model_folder, version_names


@click.command()
@click.argument("model")
@click.option("--key", type=FILE, required=True, help="A file with an Ed25519 private key.")
@models_option
def sign(model: str, key: Path, models: Path) -> None:
    """Sign a published version.

    This is MODEL@VERSION, or the highest version of MODEL.
    """
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
    folder = model_folder(models, name)
    versions = version_names(folder)
    if (version and version not in versions) or not versions:
        raise VersionNotFound(name, version, versions)
    return folder, version or versions[-1]
