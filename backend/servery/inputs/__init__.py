"""The types of inputs, one module each: all that there is to know of a type stands in its module.

This room imports neither pandas nor scikit-learn, and nothing above `errors` and `patterns`. A
further type is one more module, imported below.
"""

from servery.inputs.base import (
    LARGEST_EXACT,
    NUMERIC,
    REGISTRY,
    FromText,
    Input,
    InputWarning,
    Json,
    JsonType,
    Notation,
    OpenNotation,
    Refusal,
    Scalar,
    Schema,
    Storage,
    TrainingColumn,
    TrainingStats,
    Value,
    found,
    is_unlike_training,
    register,
)
from servery.inputs.boolean import BooleanInput, BooleanStats
from servery.inputs.category import Category, CategoryInput, CategoryStats
from servery.inputs.moment import DateInput, DatetimeInput, MomentStats
from servery.inputs.number import (
    LARGEST_DOUBLE,
    Histogram,
    IntegerInput,
    NumberInput,
    NumberStats,
    number_stats,
)
from servery.inputs.text import Expectation, Lengths, TextInput, TextStats
from servery.inputs.training_bins import TrainingBins

__all__ = [
    "LARGEST_DOUBLE",
    "LARGEST_EXACT",
    "NUMERIC",
    "REGISTRY",
    "BooleanInput",
    "BooleanStats",
    "Category",
    "CategoryInput",
    "CategoryStats",
    "DateInput",
    "DatetimeInput",
    "Expectation",
    "FromText",
    "Histogram",
    "Input",
    "InputWarning",
    "IntegerInput",
    "Json",
    "JsonType",
    "Lengths",
    "MomentStats",
    "Notation",
    "NumberInput",
    "NumberStats",
    "OpenNotation",
    "Refusal",
    "Scalar",
    "Schema",
    "Storage",
    "TextInput",
    "TextStats",
    "TrainingBins",
    "TrainingColumn",
    "TrainingStats",
    "Value",
    "found",
    "is_unlike_training",
    "number_stats",
    "register",
]
