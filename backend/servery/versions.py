"""Checks whether a model fitted with another scikit-learn still gives its recorded answers."""

from servery.errors import ArtifactRejected
from servery.libraries import library_version
from servery.manifest import Manifest, Training
from servery.runtimes import Runtime
from servery.runtimes.answers import answers_as_recorded


def version_notes(fitted_with: str | None, manifest: Manifest, runtime: Runtime) -> list[str]:
    """Return notes on a model that was fitted with another scikit-learn.

    Parameters
    ----------
    fitted_with
        The version named by the artifact; by default that of the manifest.

    Raises
    ------
    ArtifactRejected
        The model does not give its recorded answers; the text names the version to install.
    """
    training = manifest.training
    fitted_with = fitted_with or training.libraries.get("scikit-learn")
    ours = library_version("scikit-learn") or ""
    if fitted_with is None or _release(fitted_with) == _release(ours):
        return []
    if not answers_as_recorded(manifest, runtime):
        raise ArtifactRejected(
            f"The model was fitted with scikit-learn {fitted_with} and does not give its recorded "
            f'answers with {ours}: pip install "scikit-learn=={fitted_with}".'
        )
    if training.recorded_with is not None:
        return unverified(training)
    rows = len(manifest.golden)
    return [
        f"Fitted with scikit-learn {fitted_with}, served with {ours}: it gives its "
        f"{rows} recorded {'answer' if rows == 1 else 'answers'}. Other rows were not compared."
    ]


def unverified(training: Training) -> list[str]:
    """Return notes on answers that were recorded with another scikit-learn than the fit's."""
    fitted_with = training.libraries.get("scikit-learn", "")
    ours = training.recorded_with
    if ours is None or _release(ours) == _release(fitted_with):
        return []
    return [
        f"Fitted with scikit-learn {fitted_with}, published with {ours}: the answers were not "
        f"compared. To be sure, publish it with scikit-learn {fitted_with}, or refit it."
    ]


def _release(version: str) -> list[str]:
    return version.split(".")[:2]
