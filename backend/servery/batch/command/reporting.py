"""What a batch came to, in the words of the command."""

from collections import Counter
from typing import Any

from servery.batch.drift import DriftReport, drift_text, input_labels
from servery.batch.summary import FEWEST_FOR_QUANTILES, Spread, Summary, Tally, commonest, figure
from servery.signature import Signature

#: Reasons that are reported per table; the file of `--errors` and the result have all.
MOST_REASONS = 10
MOST_CLASSES = 10
MOST_DRIFTS = 5


def report(summary: Summary, *, has_lines: bool = True) -> str:
    """Say what a batch came to, in a few lines; ``has_lines`` where it was of one file."""
    lines = [_rows_reported(summary)]
    for what, tallies in (("not fitting", summary.bad), ("with a warning", summary.warned)):
        for (name, code), tally in commonest(tallies)[:MOST_REASONS]:
            where = f" ({_lines_reported(tally)})" if has_lines else ""
            lines.append(f"  {tally.rows:,} {what}: {name or 'the row'}, {code}{where}")
    for name, counts in summary.classes.items():
        lines.append(f"  {name}: {_classes_reported(counts)}")
    lines += [
        f"  {name}: {_spread_reported(spread)}"
        for name, spread in summary.quantities.items()
        if spread.count
    ]
    if summary.neutralised:
        lines.append(
            f"  Added an apostrophe to {plural(summary.neutralised, 'cell')} that a spreadsheet "
            "would run as a formula"
        )
    return "\n".join(lines)


def drift_report(drift: DriftReport, signature: Signature) -> str:
    """Say which inputs are not distributed as in training, the furthest first."""
    labels = input_labels(signature)
    named = [each for each in drift.drifted if each.size != "small"][:MOST_DRIFTS]
    lines = [f"  {drift_text(each, labels)}" for each in named]
    others = len(drift.drifted) - len(named)
    if others:
        more = "more " if named else ""
        lines.append(f"  {plural(others, f'{more}input has', f'{more}inputs have')} a small drift.")
    return "\n".join(lines)


def _rows_reported(summary: Summary) -> str:
    rows, bad = plural(summary.rows, "row"), summary.bad_rows
    if not bad:
        return f"{rows} scored"
    good = summary.rows - bad
    return f"{good:,} of {rows} scored, {bad:,} {'does' if bad == 1 else 'do'} not fit"


def _classes_reported(counts: Counter[Any]) -> str:
    most = counts.most_common(MOST_CLASSES)
    shown = [f"{value} {count:,}" for value, count in most]
    others = len(counts) - len(shown)
    if others:
        rows = counts.total() - sum(count for _, count in most)
        shown.append(f"{plural(others, 'other class', 'other classes')} {rows:,}")
    return ", ".join(shown)


def _spread_reported(spread: Spread) -> str:
    """Say how predictions are spread; of few rows, only what they are."""
    if spread.count == 1:
        return figure(spread.minimum)
    if spread.count < FEWEST_FOR_QUANTILES:
        low, high = figure(spread.minimum), figure(spread.maximum)
        return f"from {low} to {high}, {figure(spread.mean)} on average"
    low, middle, high = (figure(spread.quantile(share)) for share in (0.05, 0.5, 0.95))
    return f"median {middle}, 90% of the rows from {low} to {high}"


def plural(number: int, what: str, several: str | None = None) -> str:
    """Return a number of things in words."""
    return f"{number:,} {what if number == 1 else several or f'{what}s'}"


def _lines_reported(tally: Tally) -> str:
    named = ", ".join(f"{line:,}" for line in tally.lines)
    more = " and more" if tally.rows > len(tally.lines) else ""
    return f"line{'s' if tally.rows > 1 else ''} {named}{more}"
