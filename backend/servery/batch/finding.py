"""The model that a person names: in a folder, in a file, or on a server."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from servery.artifact import LoadPolicy
from servery.batch.pipeline import Model
from servery.errors import NotFound, PublishingRefused
from servery.layout import MODEL_FILE, file_title, model_name
from servery.repository import Repository
from servery.settings import Settings


@contextlib.contextmanager
def found(
    model: str | Path | Model, models: Path | None = None, settings: Settings | None = None
) -> Iterator[Model]:
    """Open a model: a name (with @version), a model file, an address, or one that is open.

    Parameters
    ----------
    models
        The model repository; that of the settings where none is given.
    settings
        Those of the environment where none are given.

    Raises
    ------
    ModelNotFound, ModelUnusable, PublishingRefused
        Nothing is called that, or it cannot be used.
    """
    if not isinstance(model, (str, Path)):
        yield model
        return
    if str(model).startswith(("http://", "https://")):
        from servery.batch.scoring.remote import connected  # HTTP and TLS, which files do not need

        yield connected(str(model))
        return
    _refuse_path(str(model))
    settings = settings or Settings.from_env()
    policy = LoadPolicy.from_settings(settings)
    if Path(model).is_file():
        with tempfile.TemporaryDirectory(prefix="servery-") as folder:
            yield _of_file(Path(model), Path(folder), policy)
        return
    name = str(model).partition("@")[0]
    yield Repository(models or settings.models, policy, only=name).get(str(model))


def _refuse_path(model: str) -> None:
    """Say of what can only be a path that no model file is there."""
    path = Path(model)
    if path.is_file() or not (MODEL_FILE.fullmatch(path.name) or {"/", "\\"} & set(model)):
        return
    if path.is_dir():
        raise NotFound(
            f"{model} is a folder; expected a model file, an address, or the name of a model in "
            f"the repository: servery score {path.name} --models {path.parent}."
        )
    raise NotFound(f"There is no model file {model}.")


def _of_file(file: Path, root: Path, policy: LoadPolicy) -> Model:
    from servery.artifact.sandbox import SandboxedLoad
    from servery.publishing.files import publish_file
    from servery.publishing.options import PublishOptions

    title = file_title(file)
    name = model_name(title)
    try:
        publish_file(
            file,
            name=name,
            options=PublishOptions(title=title),
            root=root,
            sandbox=SandboxedLoad(policy),
        )
    except PublishingRefused as error:
        if " --" not in str(error):
            raise
        raise PublishingRefused(
            f"{error}\nScoring takes no options of publishing: publish the file with them first "
            f"(servery publish {file.name}), and score with the name of the model."
        ) from error
    return Repository(root, policy).get(name)
