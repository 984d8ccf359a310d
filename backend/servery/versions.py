"""Libraries other than those of the fit: whether a model still answers as it did then."""

from servery.errors import ArtifactRejected
from servery.libraries import library_version
from servery.manifest import Manifest, Training
from servery.runtimes import Runtime
from servery.runtimes.answers import answers_as_recorded


def version_notes(fitted_with: str | None, manifest: Manifest, runtime: Runtime) -> list[str]:
    """Return what to say of a model that another scikit-learn fitted.

    Parameters
    ----------
    fitted_with
        The version that the artifact names; that of the manifest where it names none.

    Raises
    ------
    ArtifactRejected
        It does not give its recorded answers; says which version would.
    """
    training = manifest.training
    fitted_with = fitted_with or training.libraries.get("scikit-learn")
    ours = library_version("scikit-learn") or ""
    if fitted_with is None or _release(fitted_with) == _release(ours):
        return []
    if not answers_as_recorded(manifest, runtime):
        raise ArtifactRejected(
            f"The model was fitted by scikit-learn {fitted_with} and does not give its recorded "
            f'answers with {ours}: pip install "scikit-learn=={fitted_with}".'
        )
    if training.recorded_with is not None:
        return unverified(training)
    rows = len(manifest.golden)
    return [
        f"Fitted by scikit-learn {fitted_with}, served by {ours}: it gives its "
        f"{rows} recorded {'answer' if rows == 1 else 'answers'} as before, and other rows were "
        "not compared."
    ]


def unverified(training: Training) -> list[str]:
    """Return what to say of answers that only another scikit-learn than that of the fit gave."""
    fitted_with = training.libraries.get("scikit-learn", "")
    ours = training.recorded_with
    if ours is None or _release(ours) == _release(fitted_with):
        return []
    return [
        f"Fitted by scikit-learn {fitted_with}, published by {ours}: nobody compared the answers. "
        f"To be sure, publish it with scikit-learn {fitted_with}, or fit it again."
    ]


def _release(version: str) -> list[str]:
    return version.split(".")[:2]
