"""Media types of bodies: which of them are JSON."""

from functools import lru_cache


@lru_cache(maxsize=100)
def is_json(content_type: str) -> bool:
    """Return whether a Content-Type is JSON, ignoring parameters: JSON is always in UTF-8."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )
