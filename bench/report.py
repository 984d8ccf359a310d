"""RESULTS.md and its plot: ratios to the empty Flask endpoint, then the figures themselves."""

import os
import platform
import statistics
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt

if TYPE_CHECKING:
    from bench.run import Measured

HERE = Path(__file__).parent
FLOOR = "empty Flask endpoint"
NAMES = {
    "bare": "bare WSGI callable",
    "flask": FLOOR,
    "servery": "Servery, five models",
    "granian": "Servery under granian, five models",
    "tutorial": "tutorial, income alone",
    "fastapi": "FastAPI, income alone",
}


def write(measured: "Measured", labels: list[str]) -> None:
    """Write both files."""
    (HERE / "RESULTS.md").write_text(text(measured, labels), encoding="utf-8")
    draw(measured, labels)


def ratios(measured: "Measured", label: str, clients: int) -> list[float]:
    """Return requests per second as a ratio to the floor of the same round."""
    floor = measured.loads[FLOOR, clients]
    return [
        seen.per_second / base.per_second
        for seen, base in zip(measured.loads[label, clients], floor, strict=True)
    ]


def text(measured: "Measured", labels: list[str]) -> str:
    """Return RESULTS.md."""
    lines = [
        "# Results",
        "",
        "Written by `make bench`. What is compared takes turns on one machine, each with two",
        "worker processes, one row per request on connections that stay, rows that differ, answers",
        "checked before. Compare the ratios: the figures belong to the machine.",
        "",
        f"{datetime.now(UTC).date()}, {os.cpu_count()} cores shared with the load generator (wrk), "
        f"Python {platform.python_version()}, {measured.rounds} rounds of {measured.seconds:g} s.",
        "",
        "![Requests per second as a ratio to the empty Flask endpoint](results.svg)",
        "",
        *_loads(measured, labels),
        *_others(measured),
    ]
    return "\n".join(lines) + "\n"


def _loads(measured: "Measured", labels: list[str]) -> list[str]:
    lines = []
    for clients in sorted({clients for _, clients in measured.loads}):
        lines += [
            f"## {clients} client{'s' if clients > 1 else ''}",
            "",
            "| | ratio to the empty Flask endpoint | spread | requests/s | p50 ms | p99 ms "
            "| p99 to its p99 |",
            "| --- | --- | --- | --- | --- | --- | --- |",
        ]
        floor_p99 = _median(measured, FLOOR, clients, "p99_ms")
        for label in labels:
            each = ratios(measured, label, clients)
            p99 = _median(measured, label, clients, "p99_ms")
            lines.append(
                f"| {label} | **{statistics.median(each):.2f}** | {min(each):.2f} to "
                f"{max(each):.2f} | {_median(measured, label, clients, 'per_second'):,.0f} "
                f"| {_median(measured, label, clients, 'p50_ms'):.2f} | {p99:.2f} "
                f"| {p99 / floor_p99:.2f} |"
            )
        lines.append("")
    return lines


def _others(measured: "Measured") -> list[str]:
    lines = [
        "## Start and memory",
        "",
        "Memory is the proportional set size of all processes: after the first answers, and after",
        "all of the load, some of it 10,000 rows at once.",
        "",
        "| | first answer, s | memory, MiB | after the load, MiB |",
        "| --- | --- | --- | --- |",
    ]
    for name, label in NAMES.items():
        first = statistics.median(measured.first_answer_s[name])
        lines.append(
            f"| {label} | {first:.2f} | {measured.memory_mib[name]:.0f} "
            f"| {measured.memory_after_mib[name]:.0f} |"
        )
    lines += ["", "## 10,000 rows of income in one request", "", "| | rows/s |", "| --- | --- |"]
    lines += [f"| {name} | {rate:,.0f} |" for name, rate in measured.many.items()]
    lines += _explaining(measured)
    lines += ["", "## One row in process", "", "| model | µs |", "| --- | --- |"]
    lines += [f"| {name} | {us:.1f} |" for name, us in sorted(measured.alone_us.items())]
    return [*lines, "", *_pages(measured)]


def _explaining(measured: "Measured") -> list[str]:
    """Return what why and what if cost, in single predictions of the same model."""
    lines = [
        "",
        "## Why, and what if",
        "",
        "One client; p50 as a multiple of that of a single prediction of the same model in the "
        "same round.",
        "",
        "| | multiple | p50 ms |",
        "| --- | --- | --- |",
    ]
    for (model, resource), times in measured.explaining.items():
        if resource == "predictions":
            continue
        single = measured.explaining[model, "predictions"]
        multiple = statistics.median(a / b for a, b in zip(times, single, strict=True))
        lines.append(
            f"| {model}, {resource} | **{multiple:.1f}** | {statistics.median(times):.2f} |"
        )
    return lines


def _pages(measured: "Measured") -> list[str]:
    names = list(next(iter(measured.pages.values())))
    lines = [
        "## The page, by Lighthouse",
        "",
        "| page | device | " + " | ".join(name.replace("-", " ") for name in names) + " |",
        "| --- | --- |" + " --- |" * len(names),
    ]
    for (page, device), seen in measured.pages.items():
        figures = " | ".join(str(seen[name]).replace("\xa0", " ") for name in names)
        lines.append(f"| {page} | {device} | {figures} |")
    return lines


def _median(measured: "Measured", label: str, clients: int, what: str) -> float:
    return float(statistics.median(getattr(seen, what) for seen in measured.loads[label, clients]))


def draw(measured: "Measured", labels: list[str]) -> None:
    """Draw the ratios as bars, from the floor's own at 1."""
    mpl.rcParams.update({"font.family": "sans-serif", "svg.fonttype": "none", "svg.hashsalt": "1"})
    figure, axes = plt.subplots(1, 2, figsize=(11, 4.4), sharey=True)
    for ax, clients in zip(axes, sorted({clients for _, clients in measured.loads}), strict=True):
        _bars(ax, measured, labels, clients)
    figure.tight_layout()
    figure.savefig(HERE / "results.svg", metadata={"Date": None}, facecolor="white")
    plt.close(figure)


def _bars(ax: Any, measured: "Measured", labels: list[str], clients: int) -> None:  # noqa: ANN401
    values = [statistics.median(ratios(measured, label, clients)) for label in labels]
    colours = ["#c2410c" if label.startswith("Servery") else "#a8a29e" for label in labels]
    places = range(len(labels))
    ax.barh(places, values, color=colours, height=0.72)
    ax.axvline(1.0, color="#1c1917", linewidth=1)
    for place, value in zip(places, values, strict=True):
        ax.annotate(f"{value:.2f}", (value, place), (4, 0), textcoords="offset points", va="center")
    ax.set_yticks(list(places), labels)
    ax.invert_yaxis()
    ax.set_title(f"{clients} client{'s' if clients > 1 else ''}", loc="left", fontsize=11)
    ax.set_xlabel("requests/s, empty Flask endpoint = 1")
    ax.margins(x=0.12)
    ax.spines[["top", "right"]].set_visible(False)
