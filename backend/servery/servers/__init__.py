"""The processes that serve: how gunicorn and granian run the app, and what runs beside them.

Each module is a process of its own, named by ``python -m`` or by a server's configuration. This
file imports nothing, so that each loads what it needs.
"""
