"""Opening a file in a caged process, to see whether it opens."""

import msgspec

from servery.artifact.opening import open_estimator
from servery.artifact.specs import Loaded, LoadSpec
from servery.cage.tasks import Result
from servery.errors import ArtifactRejected


def open_file(spec: bytes, data: bytes) -> Result:
    """Open an estimator, and say whether it opened."""
    asked = msgspec.json.decode(spec, type=LoadSpec)
    try:
        loaded = Loaded(open_estimator(data, asked.file, asked.policy()).fitted_with)
    except ArtifactRejected as error:
        if isinstance(error.__cause__, MemoryError):
            raise error.__cause__ from error
        loaded = Loaded(complaint=str(error)[:4000])
    return Result(msgspec.json.encode(loaded))
