"""Counts of a batch as JSON: kept between chunks, and as the answer shows them."""

import math
from collections import Counter
from typing import Any

import msgspec

from servery.batch import Spread, Summary
from servery.batch.summary import BadRow, Reason, Tally, counted
from servery.signature import ClassOutput, MultiOutput, Output

BINS = 40


def kept(summary: Summary) -> dict[str, Any]:
    """Return counts as plain JSON, of which `again` makes the very same counts."""
    return {
        "rows": summary.rows,
        "bad_rows": summary.bad_rows,
        "warned_rows": summary.warned_rows,
        "neutralised": summary.neutralised,
        "bad": _of_tallies(summary.bad),
        "warned": _of_tallies(summary.warned),
        "classes": {name: list(counts.items()) for name, counts in summary.classes.items()},
        "quantities": {name: _of_spread(each) for name, each in summary.quantities.items()},
        "first_bad": msgspec.to_builtins(summary.first_bad),
    }


def again(kept: dict[str, Any] | None) -> Summary:
    """Return the counts of which `kept` made JSON."""
    if kept is None:
        return Summary()
    return Summary(
        rows=kept["rows"],
        bad_rows=kept["bad_rows"],
        warned_rows=kept["warned_rows"],
        neutralised=kept["neutralised"],
        bad=_tallies(kept["bad"]),
        warned=_tallies(kept["warned"]),
        classes={name: Counter(dict(pairs)) for name, pairs in kept["classes"].items()},
        quantities={name: _spread(each) for name, each in kept["quantities"].items()},
        first_bad=msgspec.convert(kept.get("first_bad", []), list[BadRow]),
    )


def shown(kept: dict[str, Any], output: Output) -> dict[str, Any]:
    """Return counts as people and programs read them."""
    summary = again(kept)
    parts = output.outputs if isinstance(output, MultiOutput) else (output,)
    predictions = {part.name: _predictions(part, summary) for part in parts}
    is_one = not isinstance(output, MultiOutput)
    return {
        **counted(summary, has_lines=True),
        "predictions": predictions[parts[0].name] if is_one else predictions,
        "first_bad": msgspec.to_builtins(summary.first_bad),
        "neutralised": summary.neutralised,
    }


def _predictions(output: Output, summary: Summary) -> dict[str, Any]:
    if isinstance(output, ClassOutput):
        found = summary.classes.get(output.name, Counter())
        return {
            "classes": [
                {"class": each.value, "label": each.label, "rows": found.get(each.value, 0)}
                for each in output.classes
            ]
        }
    spread = summary.quantities.get(output.name, Spread())
    if not spread.count:
        return {"histogram": {"edges": [], "counts": []}, "mean": None} | dict.fromkeys(
            ("minimum", "maximum")
        )
    edges, counts = _histogram(spread)
    return {
        "histogram": {"edges": edges, "counts": counts},
        "mean": spread.total / spread.count,
        "minimum": spread.minimum,
        "maximum": spread.maximum,
    }


def _histogram(spread: Spread) -> tuple[list[float], list[int]]:
    """Return bins of one width: their edges, and what is between them."""
    low, high = spread.minimum, spread.maximum
    if low == high:
        return [low, high], [spread.count]
    width = (high - low) / BINS
    counts = [0] * BINS
    for middle, found in spread.histogram():
        place = int((min(max(middle, low), high) - low) / width)
        counts[min(place, BINS - 1)] += found
    return [low + width * at for at in range(BINS)] + [high], counts


def _of_tallies(tallies: dict[Reason, Tally]) -> list[list[Any]]:
    return [[name, code, each.rows, each.lines] for (name, code), each in tallies.items()]


def _tallies(kept: list[list[Any]]) -> dict[Reason, Tally]:
    return dict(_tally(each) for each in kept)


def _tally(kept: list[Any]) -> tuple[Reason, Tally]:
    """Read a reason, its rows and lines; an older version kept no lines, nor inputs of warnings."""
    *reason, rows, lines = kept if isinstance(kept[-1], list) else [*kept, []]
    name, code = reason if len(reason) > 1 else (None, *reason)
    return (name, code), Tally(rows, lines)


def _of_spread(spread: Spread) -> dict[str, Any]:
    return {
        "count": spread.count,
        "total": spread.total,
        "ends": [spread.minimum, spread.maximum] if spread.count else None,
        "bins": [[side, at, found] for (side, at), found in spread.bins.items()],
    }


def _spread(kept: dict[str, Any]) -> Spread:
    low, high = kept["ends"] or (math.inf, -math.inf)
    bins = Counter({(side, at): found for side, at, found in kept["bins"]})
    return Spread(kept["count"], kept["total"], low, high, bins)
