"""Counts of a batch as JSON: stored between chunks, and as the answer shows them."""

import math
from collections import Counter
from typing import Any

import msgspec

from servery.batch.summary import BadRow, Reason, Spread, Summary, Tally, row_counts
from servery.signature import ClassOutput, MultiOutput, Output

BINS = 40
#: Beside the counts: how much of the table was read per second of late.
PACE = "pace"
#: What was read longer ago than a few times this hardly counts for the pace.
RECENT_S = 10.0


def recent_pace(before: float | None, done: float, spent_s: float) -> float | None:
    """Return the pace after one more part of a table: the recent past counts most."""
    if spent_s <= 0.0:
        return before
    pace = done / spent_s
    return pace if before is None else pace + (before - pace) * math.exp(-spent_s / RECENT_S)


def stored(summary: Summary) -> dict[str, Any]:
    """Return counts as plain JSON, of which `restored` makes the very same counts."""
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
        "inputs": summary.inputs,
    }


def restored(counts: dict[str, Any] | None) -> Summary:
    """Return the counts of which `stored` made JSON."""
    if counts is None:
        return Summary()
    return Summary(
        rows=counts["rows"],
        bad_rows=counts["bad_rows"],
        warned_rows=counts["warned_rows"],
        neutralised=counts["neutralised"],
        bad=_tallies(counts["bad"]),
        warned=_tallies(counts["warned"]),
        classes={name: Counter(dict(pairs)) for name, pairs in counts["classes"].items()},
        quantities={name: _spread(each) for name, each in counts["quantities"].items()},
        first_bad=msgspec.convert(counts.get("first_bad", []), list[BadRow]),
        inputs=counts.get("inputs", {}),
    )


def shown(counts: dict[str, Any], output: Output) -> dict[str, Any]:
    """Return counts as people and programs read them."""
    summary = restored(counts)
    parts = output.outputs if isinstance(output, MultiOutput) else (output,)
    predictions = {part.name: _predictions(part, summary) for part in parts}
    is_one = not isinstance(output, MultiOutput)
    return {
        **row_counts(summary, has_lines=True),
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
        "mean": spread.mean,
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


def _tallies(stored: list[list[Any]]) -> dict[Reason, Tally]:
    return dict(_tally(each) for each in stored)


def _tally(stored: list[Any]) -> tuple[Reason, Tally]:
    """Read a reason, its rows and lines; an older version kept no lines, nor inputs of warnings."""
    *reason, rows, lines = stored if isinstance(stored[-1], list) else [*stored, []]
    name, code = reason if len(reason) > 1 else (None, *reason)
    return (name, code), Tally(rows, lines)


def _of_spread(spread: Spread) -> dict[str, Any]:
    return {
        "count": spread.count,
        "total": spread.total,
        "ends": [spread.minimum, spread.maximum] if spread.count else None,
        "bins": [[side, at, found] for (side, at), found in spread.bins.items()],
    }


def _spread(stored: dict[str, Any]) -> Spread:
    low, high = stored["ends"] or (math.inf, -math.inf)
    bins = Counter({(side, at): found for side, at, found in stored["bins"]})
    return Spread(stored["count"], stored["total"], low, high, bins)
