"""Servery: a fitted scikit-learn model becomes a browser app and a JSON API."""

__version__ = "0.1.0"
