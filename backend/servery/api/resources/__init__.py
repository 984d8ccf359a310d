"""The endpoints: one module or folder for each resource, which registers itself."""

from importlib import import_module
from pkgutil import iter_modules

from servery.api.registry import RESOURCES

__all__ = ["RESOURCES"]

for _found in iter_modules(__path__):
    import_module(f"{__name__}.{_found.name}")
