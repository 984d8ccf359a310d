"""Calls the models of a Servery server: `connect`, and its asynchronous twin `connect_async`."""

from servery_client.answers import (
    Change,
    Contribution,
    Correlated,
    Counterfactual,
    Explanation,
    Interval,
    ModelSummary,
    Prediction,
    PredictionSet,
    Reliability,
    Warned,
)
from servery_client.asynchronous import AsyncClient, AsyncModel, connect_async
from servery_client.batches import Progress, Scored
from servery_client.client import Client, Model, connect
from servery_client.errors import (
    ClientError,
    Fault,
    InvalidInputs,
    JobFailed,
    NotFound,
    Problem,
    Unavailable,
    Unreachable,
)

__version__ = "0.1.0"
__all__ = [
    "AsyncClient",
    "AsyncModel",
    "Change",
    "Client",
    "ClientError",
    "Contribution",
    "Correlated",
    "Counterfactual",
    "Explanation",
    "Fault",
    "Interval",
    "InvalidInputs",
    "JobFailed",
    "Model",
    "ModelSummary",
    "NotFound",
    "Prediction",
    "PredictionSet",
    "Problem",
    "Progress",
    "Reliability",
    "Scored",
    "Unavailable",
    "Unreachable",
    "Warned",
    "__version__",
    "connect",
    "connect_async",
]
