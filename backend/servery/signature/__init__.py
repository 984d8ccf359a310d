"""What comes in and goes out of a model: the single source of truth about its inputs.

The form, the validation, the OpenAPI document and the table given to the estimator are all
derived from a `Signature`. This room never touches a file, an estimator or HTTP.
"""

from servery.signature.inputs import (
    BooleanInput,
    Category,
    CategoryInput,
    DateInput,
    DatetimeInput,
    Expectation,
    Input,
    InputWarning,
    IntegerInput,
    NumberInput,
    NumericInput,
    Scalar,
    TextInput,
    Value,
)
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
from servery.signature.seen import (
    BooleanSeen,
    CategorySeen,
    DateSeen,
    Histogram,
    Lengths,
    NumberSeen,
    TextSeen,
)

__all__ = [
    "Band",
    "BooleanInput",
    "BooleanSeen",
    "Category",
    "CategoryInput",
    "CategorySeen",
    "ClassOutput",
    "ClassificationOutput",
    "ClusteringOutput",
    "DateInput",
    "DateSeen",
    "DatetimeInput",
    "Expectation",
    "Histogram",
    "Input",
    "InputWarning",
    "Instances",
    "IntegerInput",
    "Lengths",
    "MultiOutput",
    "NumberInput",
    "NumberSeen",
    "NumericInput",
    "OutcomeClass",
    "OutlierOutput",
    "Output",
    "RegressionOutput",
    "Row",
    "Scalar",
    "Signature",
    "SingleOutput",
    "TextInput",
    "TextSeen",
    "Threshold",
    "Value",
]
