"""What caged processes do: open, publish, check and serve a stranger's files.

Each task takes an order and the bytes of the file, and hands back msgspec data. The other side of
each, which asks for it, stands in the room that needs it: `artifact`, `publishing`, `repository`.
"""
