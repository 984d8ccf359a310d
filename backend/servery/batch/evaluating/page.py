"""An evaluation as one HTML file: it needs no server and no other file."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape

from servery.batch.drift import Distribution, DriftReport, drift_name, drift_text
from servery.batch.evaluating.measured import OutputEvaluation, TableEvaluation, TableMetric
from servery.batch.summary import figure
from servery.inputs import Scalar
from servery.manifest.measured import (
    CalibrationBin,
    ClassFigures,
    Confusion,
    Group,
    GroupErrors,
    Residuals,
)

STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-inline-size: 60rem; margin: 2rem auto; padding-inline: 1rem; }
table { border-collapse: collapse; margin-block: 1rem; }
caption { text-align: start; font-weight: 600; }
th, td { padding: 0.25rem 0.75rem; border-block-end: 1px solid #8886; text-align: end; }
th:first-child, td:first-child { text-align: start; }
td p { margin: 0; max-inline-size: 24rem; text-align: start; }
td:has(> .bar) { min-inline-size: 12rem; text-align: start; }
.bar { display: block; block-size: 0.75rem; background: currentColor; }
td + td > .bar { opacity: 0.45; }
svg { max-inline-size: 100%; }
svg text { font-size: 11px; fill: currentColor; }
"""
#: The size of a plot and of the room for its axes, in pixels.
SIZE, MARGIN = 320, 44


def evaluation_page(
    evaluation: TableEvaluation, drift: DriftReport, labels: Mapping[str, str]
) -> str:
    """Return the page; ``labels`` are what inputs are called."""
    version = "" if evaluation.version is None else f", version {evaluation.version}"
    title = f"Evaluation of {evaluation.model}{version}"
    body = "".join(_output(output, evaluation) for output in evaluation.outputs)
    card = (
        ""
        if evaluation.card_detail is None
        else f"<p>The card: {escape(evaluation.card_detail)}</p>"
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{card}{body}{_drift(drift, labels)}</main></body>"
        "</html>\n"
    )


def _output(output: OutputEvaluation, evaluation: TableEvaluation) -> str:
    parts: list[str] = [
        f"<section><h2>{escape(output.label)}</h2>",
        f"<p>{output.rows:,} rows were compared with the column {escape(output.target)}. "
        f"Left out: {output.blank:,} without an outcome, {output.unknown:,} with an outcome that "
        f"the model does not know, {output.unanswered:,} without a prediction.</p>",
        *(f"<p>{escape(remark)}</p>" for remark in output.remarks),
    ]
    if output.metrics:
        parts.append(_metrics(output.metrics, has_card=evaluation.card_rows is not None))
    parts += _coverage(output)
    plots = output.plots
    if plots.confusion is not None:
        parts.append(_confusion(plots.confusion))
    if output.classes:
        parts.append(_classes(output.classes))
    if plots.calibration is not None:
        parts.append(_calibration(plots.calibration.bins))
    if plots.residuals is not None:
        parts.append(_residuals(plots.residuals, output.unit))
    parts += [_group(group) for group in output.groups]
    parts += [_group_errors(group, output.unit) for group in output.group_errors]
    return "".join([*parts, "</section>"])


def _drift(report: DriftReport, labels: Mapping[str, str]) -> str:
    """Return the bars of each input beside those of training; folded for those without drift."""
    if not report.compared:
        return ""
    sentence = (
        "" if report.drifted else "<p>No drift: the values are distributed as in training.</p>"
    )
    plots = "".join(_distribution(drift_text(each, labels), each) for each in report.drifted)
    stable = "".join(_distribution(drift_name(each, labels), each) for each in report.stable)
    folded = f"<details><summary>Without drift</summary>{stable}</details>" if stable else ""
    return f"<section><h2>Compared with training</h2>{sentence}{plots}{folded}</section>"


def _distribution(title: str, found: Distribution) -> str:
    most = max(*found.table, *found.training)
    rows = (
        [escape(label), _bar(here, most), _bar(there, most)]
        for label, here, there in zip(found.labels, found.table, found.training, strict=True)
    )
    return _table(title, ["Values", "This table", "Training"], rows)


def _bar(share: float, most: float) -> str:
    """Return a share as a bar and in digits; the largest share of a plot fills its cell."""
    return f'<span class="bar" style="inline-size: {share / most:.1%}"></span>{share:.1%}'


def _metrics(metrics: Sequence[TableMetric], *, has_card: bool) -> str:
    def row(metric: TableMetric) -> list[str]:
        ends = "" if metric.low is None or metric.high is None else _range(metric.low, metric.high)
        card = [] if not has_card else ["" if metric.card is None else figure(metric.card.value)]
        meaning = f"<p>{escape(metric.meaning)}</p>"
        return [escape(metric.label), figure(metric.value), ends, *card, meaning]

    head = ["Figure", "This table", "95% interval", *(["Card"] if has_card else []), "Meaning"]
    return _table("Figures", head, map(row, metrics))


def _coverage(output: OutputEvaluation) -> Iterator[str]:
    found = output.coverage
    if found is None:
        return
    what = "intervals" if found.kind == "interval" else "prediction sets"
    size = "mean width" if found.kind == "interval" else "mean number of classes"
    yield (
        f"<p>The {found.stated:.0%} {what} held {found.measured:.1%} of the outcomes "
        f"({found.low:.1%} to {found.high:.1%}) in {found.rows:,} rows; "
        f"{size} {figure(found.mean_size)}.</p>"
    )


def _confusion(confusion: Confusion) -> str:
    names = [escape(_text(each)) for each in confusion.classes]
    rows = (
        [name, *map(_count, counts)] for name, counts in zip(names, confusion.counts, strict=True)
    )
    return _table("Confusion matrix: actual classes down, predicted across", ["", *names], rows)


def _classes(classes: Sequence[ClassFigures]) -> str:
    rows = (
        [escape(_text(each.class_)), _count(each.rows), _share(each.precision), _share(each.recall)]
        for each in classes
    )
    return _table("By class", ["Class", "Rows", "Precision", "Recall"], rows)


def _calibration(bins: Sequence[CalibrationBin]) -> str:
    plot = _plot(
        "Calibration: how often it came true at each probability",
        [(each.predicted, each.observed) for each in bins],
        "predicted probability",
        "share that came true",
        (0.0, 1.0),
    )
    rows = (
        [
            _range(each.low, each.high),
            _share(each.predicted),
            _share(each.observed),
            _count(each.rows),
        ]
        for each in bins
    )
    head = ["Probability", "Mean", "Came true", "Rows"]
    return plot + _table("Calibration", head, rows)


def _residuals(residuals: Residuals, unit: str | None) -> str:
    points = [(each.predicted, each.actual) for each in residuals.points]
    every = [value for point in points for value in point]
    suffix = f" ({unit})" if unit else ""
    return _plot(
        f"Predicted against actual, {len(points):,} of {residuals.rows:,} rows",
        points,
        f"predicted{suffix}",
        f"actual{suffix}",
        (min(every), max(every)),
    )


def _group(group: Group) -> str:
    labels = [rate.label for rate in group.rows[0].rates] if group.rows else []
    rows = (
        [escape(_text(row.value)), _count(row.rows), *(_share(rate.value) for rate in row.rates)]
        for row in group.rows
    )
    return _table(f"By {group.input}", [group.input, "Rows", *labels], rows)


def _group_errors(group: GroupErrors, unit: str | None) -> str:
    suffix = f" ({unit})" if unit else ""
    head = [group.input, "Rows", f"Mean absolute error{suffix}", f"Mean error{suffix}"]
    rows = (
        [escape(_text(row.value)), _count(row.rows), figure(row.mae), figure(row.bias)]
        for row in group.rows
    )
    return _table(f"By {group.input}", head, rows)


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; the cells of rows are HTML already."""
    names = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{names}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _plot(
    title: str,
    points: Sequence[tuple[float, float]],
    across: str,
    up: str,
    ends: tuple[float, float],
) -> str:
    """Return points beside the diagonal on which they would be right."""
    low, high = ends if ends[0] < ends[1] else (ends[0] - 0.5, ends[0] + 0.5)
    place = _scale(low, high)
    dots = "".join(
        f'<circle cx="{place(x):.1f}" cy="{SIZE - place(y):.1f}" r="3" fill-opacity="0.5"/>'
        for x, y in points
    )
    edge = SIZE - MARGIN
    return (
        f'<figure><svg viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}" role="img" '
        f'aria-label="{escape(title)}" fill="currentColor" stroke="none">'
        f'<path d="M{MARGIN} {edge}H{SIZE - 4}M{MARGIN} {edge}V4M{MARGIN} {edge}'
        f'L{edge} {MARGIN}" stroke="currentColor" stroke-opacity="0.4" fill="none"/>{dots}'
        f'<text x="{MARGIN}" y="{SIZE - 26}">{figure(low)}</text>'
        f'<text x="{edge}" y="{SIZE - 26}" text-anchor="end">{figure(high)}</text>'
        f'<text x="{SIZE / 2}" y="{SIZE - 8}" text-anchor="middle">{escape(across)}</text>'
        f'<text x="14" y="{SIZE / 2}" text-anchor="middle" '
        f'transform="rotate(-90 14 {SIZE / 2})">{escape(up)}</text></svg>'
        f"<figcaption>{escape(title)}</figcaption></figure>"
    )


def _scale(low: float, high: float) -> Callable[[float], float]:
    return lambda value: MARGIN + (value - low) / (high - low) * (SIZE - 2 * MARGIN)


def _count(rows: int) -> str:
    return f"{rows:,}"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _range(low: float, high: float) -> str:
    return f"{figure(low)} to {figure(high)}"


def _text(value: Scalar | None) -> str:
    return "unknown" if value is None else str(value)
