"""What comes in and goes out of a model: the single source of truth about its inputs.

The form, the validation, the OpenAPI document and the table given to the estimator are all
derived from a `Signature`. This room never touches a file, an estimator or HTTP.
"""

from servery.signature.outputs import (
    Band,
    ClassificationOutput,
    ClassOutput,
    ClusteringOutput,
    MultiOutput,
    OutcomeClass,
    OutlierOutput,
    Output,
    RegressionOutput,
    SingleOutput,
    Threshold,
)
from servery.signature.parsing import Instances, Row, Signature

__all__ = [
    "Band",
    "ClassOutput",
    "ClassificationOutput",
    "ClusteringOutput",
    "Instances",
    "MultiOutput",
    "OutcomeClass",
    "OutlierOutput",
    "Output",
    "RegressionOutput",
    "Row",
    "Signature",
    "SingleOutput",
    "Threshold",
]
