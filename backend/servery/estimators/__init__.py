"""What Servery knows of estimators: one module per family, which adds its records to the registry.

A record says which columns a family knows and passes on, what it reveals of inputs, how it
compiles to a step of a plan, what its integrity depends on, and which names its files contain.
Other rooms ask the records and never the class of an estimator. A module here imports a library
of estimators only within a function, since a record must be there before its library is loaded.
"""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
    importlib.import_module(_module.name)
