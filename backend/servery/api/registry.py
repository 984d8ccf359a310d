"""The resources of the API; the app, the document and the choice of lanes read nothing else.

A module of `servery.api.resources` makes one `Resource` and registers it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import msgspec
from flask import Blueprint

from servery.api.operations import DescribedModel, Operation
from servery.lanes import COMMON
from servery.settings import Settings

#: The lane of a resource that the model answers which the path names.
MODEL = "model"


@dataclass(frozen=True, slots=True)
class Resource:
    """What one resource adds to the API.

    Attributes
    ----------
    name
        The last part of its path, such as ``predictions``.
    tag
        The group of its operations in the document.
    blueprint
        Its routes.
    describe
        Returns its operations, for the models that are served now.
    schemas
        Structs of its answers, which become components.
    lane
        Which threads answer what is posted to it, under a server with lanes: a name of
        `servery.lanes`, or `MODEL`.
    """

    name: str
    tag: str
    blueprint: Blueprint
    describe: Callable[[Sequence[DescribedModel], Settings], Iterable[Operation]]
    schemas: Sequence[type[msgspec.Struct]] = ()
    lane: str = COMMON


RESOURCES: dict[str, Resource] = {}


def register(resource: Resource) -> None:
    """Add a resource to the API."""
    if resource.name in RESOURCES:
        raise ValueError(f"two resources are called {resource.name!r}")
    RESOURCES[resource.name] = resource
