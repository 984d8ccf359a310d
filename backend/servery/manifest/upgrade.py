"""Older ``model.json`` files under today's names: what was published before still loads."""

from collections.abc import Iterator

#: Where members were renamed after format 1, and how. A list stands for each of its entries.
RENAMED: tuple[tuple[tuple[str, ...], dict[str, str]], ...] = (
    ((), {"usual": "anomaly"}),
    (("signature", "inputs"), {"seen": "training_stats", "rough": "approximate_range"}),
    (("signature", "output"), {"seen": "training_stats"}),
    (("signature", "output", "outputs"), {"seen": "training_stats"}),
    (("runtime",), {"proof": "verification", "declined": "unsupported"}),
)


def upgraded(facts: object) -> object:
    """Return the decoded facts of format 1 as those of today.

    Anything of another shape is left unchanged, so that decoding it names the fault.
    """
    for path, names in RENAMED:
        for member in _at(facts, path):
            for old, new in names.items():
                if old in member:
                    member[new] = member.pop(old)
    if isinstance(facts, dict):
        facts["format"] = 2
    return facts


def _at(facts: object, path: tuple[str, ...]) -> Iterator[dict[str, object]]:
    """Go through the objects at a path."""
    if isinstance(facts, list):
        for each in facts:
            yield from _at(each, path)
    elif isinstance(facts, dict):
        if not path:
            yield facts
        elif path[0] in facts:
            yield from _at(facts[path[0]], path[1:])
