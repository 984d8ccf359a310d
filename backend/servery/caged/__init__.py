"""What caged processes do: open, publish, check and serve untrusted files.

Each task takes a spec, which says how, and the bytes of the file, and hands back msgspec data. The
callers are in `artifact`, `publishing` and `repository`.
"""
