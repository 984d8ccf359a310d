"""Whether a model still answers as it was recorded, and what is said of another scikit-learn."""

from servery.artifact.releases import is_same_release, remedy, unfaithful
from servery.artifact.specs import Loaded
from servery.errors import ArtifactRejected
from servery.libraries import library_version
from servery.manifest import Manifest, Training
from servery.runtimes import Runtime
from servery.runtimes.answers import fault_of_recorded


def version_notes(loaded: Loaded, manifest: Manifest, runtime: Runtime) -> list[str]:
    """Hold a model to its recorded answers; return notes if another scikit-learn fitted it.

    Parameters
    ----------
    loaded
        What the artifact says of the version that saved it; by default that of the manifest counts.

    Raises
    ------
    ArtifactRejected
        The model does not give its recorded answers, or has none of the release that fitted it and
        is not known to load faithfully. The text names the version and what to do.
    """
    training = manifest.training
    fitted_with = loaded.fitted_with or training.libraries.get("scikit-learn")
    ours = library_version("scikit-learn") or ""
    file = f"{manifest.name}/{manifest.version}/{manifest.artifacts[0].file}"
    fault = fault_of_recorded(manifest, runtime)
    if fitted_with is None or is_same_release(fitted_with, ours):
        if fault is not None:
            raise ArtifactRejected(f"The model {fault} on this machine. Publish it again.")
        return []
    if fault is not None:
        raise ArtifactRejected(
            f"The model was fitted with scikit-learn {fitted_with}. With {ours} it {fault}. "
            f"{remedy(file, fitted_with)}"
        )
    recorded_with = training.recorded_with
    if recorded_with is not None and not is_same_release(recorded_with, fitted_with):
        if loaded.unfaithful:
            raise ArtifactRejected(unfaithful(file, fitted_with, loaded.unfaithful))
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
    if ours is None or is_same_release(ours, fitted_with):
        return []
    return [
        f"Fitted with scikit-learn {fitted_with}, published with {ours}: its answers were not "
        f"compared with those of {fitted_with}."
    ]
