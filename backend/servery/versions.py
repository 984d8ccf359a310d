"""Whether a model still answers as it was recorded, and what is said of another scikit-learn."""

from servery.errors import ArtifactRejected
from servery.libraries import library_version
from servery.manifest import Manifest, Training
from servery.runtimes import Runtime
from servery.runtimes.answers import fault_of_recorded


def version_notes(fitted_with: str | None, manifest: Manifest, runtime: Runtime) -> list[str]:
    """Hold a model to its recorded answers; return notes if another scikit-learn fitted it.

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
    fault = fault_of_recorded(manifest, runtime)
    if fitted_with is None or _is_same_release(fitted_with, ours):
        if fault is not None:
            raise ArtifactRejected(f"The model {fault} on this machine. Publish it again.")
        return []
    if fault is not None:
        raise ArtifactRejected(
            f"The model was fitted with scikit-learn {fitted_with}. With {ours} it {fault}. "
            f'pip install "scikit-learn=={fitted_with}".'
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
    if ours is None or _is_same_release(ours, fitted_with):
        return []
    return [
        f"Fitted with scikit-learn {fitted_with}, published with {ours}: the answers were not "
        f"compared. To be sure, publish it with scikit-learn {fitted_with}, or refit it."
    ]


def _is_same_release(one: str, other: str) -> bool:
    return one.split(".")[:2] == other.split(".")[:2]
