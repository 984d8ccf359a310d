"""The app with every kind of this folder registered; gunicorn serves it as it serves ours."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask

import tests.kinds
from servery import app


def create_app() -> Flask:
    """Return the app with the kinds of this folder."""
    for module in iter_modules(tests.kinds.__path__):
        import_module(f"{tests.kinds.__name__}.{module.name}")
    return app.create_app()
