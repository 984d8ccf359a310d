"""Every sentence that states a statistic is listed here, with where its figures come from.

Add a sentence with its source: what was measured, on which rows. It must be true of the answer or
the rows that it is shown beside, not of answers in general.
"""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

#: What a sentence with a statistic speaks of, beside its figure.
STATISTIC = re.compile(
    r"percent|interval|coverage|\brows?\b|error|probabilit|\bshare|chance|average|in 100?\b|half of"
    r"|correlat|\bright\b|precision|recall|unseen|measured|lower\.|known words|of the words|%",
    re.IGNORECASE,
)
FIGURE = re.compile(r"…|\d")

#: Sources: rows that the fit did not see, counted or resampled ...
UNSEEN = "held-out rows, or folds"
BOOTSTRAP = "held-out rows, resampled: `evaluation.figures.intervals`"
WILSON = "Wilson's interval of a counted share: `uncertainty.reliability.stated`, `share-range.js`"
RELIABILITY = "held-out answers of the class and band: `uncertainty.reliability`"
CALIBRATED = "held-out rows that were not used for calibration: `uncertainty.intervals`, `.sets`"
GROUPS = "held-out rows of the group: `evaluation.groups`"
NEAREST = "the held-out rows nearest to the instance: `explaining.nearest`"
#: ... rows of training, or an answer itself.
TRAINING = "training rows: the statistics of the signature"
ANSWER = "the answer: a probability or an interval, not a claim about how often it is right"
COMPARED = "rows on which two runtimes were compared: `compiling.verification`"
CORRELATION = "held-out rows: `evaluation.correlation`"
EXACT = "computed exactly, or with its standard error: `explaining.shapley`"

PAGE: dict[str, dict[str, str]] = {
    "known": {
        "The answer is … lower.": ANSWER,
        "Its … interval holds the true outcome.": ANSWER,
        "Its … interval does not hold the true outcome.": ANSWER,
    },
    "compare": {
        "The probability of “…” is the same.": ANSWER,
        "The probability of “…” is … higher in ….": ANSWER,
        "The probability of “…” is … lower in ….": ANSWER,
        "Their … intervals overlap.": ANSWER,
        "Their … intervals do not overlap.": ANSWER,
    },
    "about": {
        "The 95% intervals come from resampling these rows: other rows would give other "
        "figures.": BOOTSTRAP,
        "Does … come true as often as the probability says? On the dashed line, it does.": UNSEEN,
        "Each dot: 1 row.": UNSEEN,
        "Each dot: … rows.": UNSEEN,
        "Each row adds up to 100%. Coloured cells were predicted correctly.": UNSEEN,
        "A rate stands on fewer than … rows: …. It may be off by several percentage points; the "
        "interval says how many.": GROUPS,
        "How far its … falls when the values of one input are shuffled between the rows, … times "
        "over … rows.": UNSEEN,
        "… of the … rows.": UNSEEN,
        "The band: the … interval at each prediction.": CALIBRATED,
        "Rows with at least this probability are predicted as “…”.": ANSWER,
        "Precision-recall curve. At …: recall …, …. By chance: ….": UNSEEN,
        "…: …, half of them ….": TRAINING,
        "Only 1 row was measured: read each figure with its interval.": UNSEEN,
        "Only … rows were measured: read each figure with its interval.": UNSEEN,
        "Measured on … rows, each predicted by a fit that did not see it.": UNSEEN,
        "95% interval: … to ….": BOOTSTRAP,
        "…: … percentage points more for … than for … (95% interval: … to …).": GROUPS,
        "No measured row was “…”, so its errors were not measured.": UNSEEN,
        "Of … rows that were “…”, … were predicted correctly (…).": UNSEEN,
        "At …: of … rows, … are predicted as “…”": UNSEEN,
        "On average, predicted and actual shares differ by … percentage points; for perfect "
        "probabilities, chance alone would give about ….": UNSEEN,
        "Of the rows of each class, this share had the true class in their set: …. The stated "
        "coverage is ….": CALIBRATED,
        "Of the rows predicted as each class, this share had the true class in their set: …. The "
        "stated coverage is ….": CALIBRATED,
        "For … of the rows, the set has a single class. How often such answers are right is stated "
        "beside each answer.": CALIBRATED,
        "Of … unseen rows, … were within the interval that states ….": CALIBRATED,
        "It is … wide, the same for every row.": CALIBRATED,
        "It is … wide on average; the width follows the prediction.": CALIBRATED,
        "For half of these rows, the prediction was off by less than ….": UNSEEN,
        "For …, these rows show no difference.": "importance, with its error over rows",
        "It was compared with scikit-learn on … rows: the labels were the same, the numbers were "
        "equal to the last digit.": COMPARED,
        "It was compared with scikit-learn on … rows: the labels were the same, the numbers "
        "differed by at most … of their size.": COMPARED,
    },
    "ask": {
        "more than 99 in 100": ANSWER,
        "fewer than 1 in 100": ANSWER,
        "about … in 100": ANSWER,
        "about … in 10": ANSWER,
        "Of 1 such answer on unseen rows, … … right.": RELIABILITY,
        "Of … such answers on unseen rows, … … right.": RELIABILITY,
        "Of … such answers on unseen rows, … were right (95% interval: … to …).": RELIABILITY,
        "Trained on only 1 row.": TRAINING,
        "Trained on only … rows.": TRAINING,
    },
    "parts": {
        "One of … outcomes. This model gives no probabilities.": ANSWER,
        "One of … groups. This model gives no probabilities.": ANSWER,
        "About … in 100 outcomes in training are lower.": TRAINING,
        "This model gives no probabilities. A score below 0 means “…”, one above 0 “…”. A score "
        "near 0 is close to the boundary.": ANSWER,
        "… of … such answers were right": RELIABILITY,
        "… of … such answers … right": RELIABILITY,
    },
    "insight": {
        "Correlated with …. “On average” moves every row over the whole range, to values that "
        "hardly occur together. Accumulated local effects move each row only a "
        "little.": CORRELATION,
        "…: how much each input moves it from the average.": EXACT,
        "…: how much each input moves it from the average, in ….": EXACT,
        "Estimated: the largest standard error is ….": EXACT,
    },
    "nearest": {
        "Only … rows are kept: too few to state errors near an answer.": UNSEEN,
        "Of the … measured rows nearest to these inputs, … were predicted correctly: … (95% "
        "interval: … to …).": NEAREST,
        "On the … measured rows nearest to these inputs, predictions were off by … on average (95% "
        "interval: … to …).": NEAREST,
        "Of all … kept rows, it is ….": UNSEEN,
        "On all … kept rows, it is ….": UNSEEN,
        "Near these inputs they were too high, by … on average.": NEAREST,
        "Near these inputs they were too low, by … on average.": NEAREST,
        "The … interval held the outcome of … of ….": NEAREST,
    },
}
#: Catalogues of what is stated about the rows of a file, or about a form.
UNSTATED = {"batch", "paste"}

SERVER: dict[str, dict[str, str]] = {
    "evaluation/measuring.py": {
        "…; the served model was fitted on all … rows.": TRAINING,
        "… of the predicted rows have the same inputs as a row of their fit.": TRAINING,
        "… rows were not predicted: no fit was without them.": UNSEEN,
    },
    "evaluation/metrics.py": {
        "The squared errors are … smaller than those of always predicting the mean of these "
        "rows.": UNSEEN,
        "The squared errors are … larger than those of always predicting the mean of these "
        "rows.": UNSEEN,
        "In … of all pairs of a row that is … and one that is not, the first has the higher "
        "probability; chance would give 50%.": UNSEEN,
        "Average precision for …": UNSEEN,
        "Share predicted as …": UNSEEN,
        "Mean precision over all thresholds; chance would give …, and 1 is perfect.": UNSEEN,
        "Mean squared difference between probability and outcome; always predicting … would "
        "score …, and 0 is perfect.": UNSEEN,
        "Mean negative logarithm of the probability of what came true; always predicting … would "
        "score …, and 0 is perfect.": UNSEEN,
        "… of the rows were classified correctly; always predicting the more frequent class gives "
        "….": UNSEEN,
        "… of the rows predicted as … were ….": UNSEEN,
        "… of the rows that were … were predicted as ….": UNSEEN,
        "… of the rows were predicted as …; … were.": UNSEEN,
        "… of the rows were classified correctly; always predicting the most frequent class gives "
        "….": UNSEEN,
        "Mean share of correctly classified rows per class: ….": UNSEEN,
        "Harmonic mean of precision and recall, averaged over the classes; 1 is perfect.": UNSEEN,
        "Mean negative logarithm of the probability of what came true; always predicting the share "
        "of each class would score …, and 0 is perfect.": UNSEEN,
        "Root of the mean squared error, in which large errors weigh more; always predicting the "
        "mean would give … …": UNSEEN,
        "On average the prediction was off by … …": UNSEEN,
    },
    "evaluation/recalibration.py": {
        "Recalibrated probabilities would have a lower log loss on these rows: … instead of …. "
        "Publish with --recalibrate.": UNSEEN,
    },
    "evaluation/splitting.py": {
        "Rows without a … have no place in the order of time.": "a refusal",
        "… has too few different times to order rows by.": "a refusal",
        "In the order of …: the rows were cut into … blocks of time, and each block but the first "
        "was predicted by a fit on the blocks before it": UNSEEN,
        "In … folds, each row was predicted by a fit without any row of the same …": UNSEEN,
        "In … folds, each row was predicted by a fit on the other folds": UNSEEN,
        "In the order of the rows, taken as that of time: each of … blocks was predicted by a fit "
        "on rows before it": UNSEEN,
        "In … folds, each row was predicted by a fit without any row of its group": UNSEEN,
        "Each row was predicted by a fit on the other …": UNSEEN,
    },
    "predict.py": {
        "An unusual combination of values: … the training rows are as unusual.": TRAINING,
        "The model knows … of the words of this text, so it cannot judge it.": "its vocabulary",
    },
    "publishing/recalibrating.py": {
        "The probabilities are recalibrated (…): the log loss on rows that the calibration did not "
        "see fell from … to ….": UNSEEN,
    },
    "publishing/report.py": {
        "Served compiled (…): the same answers on … rows (largest relative difference "
        "…).": COMPARED,
        "Measured on … …:": UNSEEN,
        "(95% interval … to …)": BOOTSTRAP,
        "--test test.csv --target NAME measures the model on held-out rows and calibrates its "
        "uncertainty; --cv 5 does so on folds of the data and refits the model for each.": "advice",
        "Note: … contains … rows of your data, as the background of explanations.": TRAINING,
        "Note: … contains … measured rows with their outcomes. Anyone who may ask the model sees "
        "those nearest to an instance.": UNSEEN,
        "… intervals contained … of the outcomes.": CALIBRATED,
    },
}

#: What nobody measured: forms that were on the page once, or could come to it.
OVERCLAIMING = re.compile(
    r"rul(?:es?|ed|ing) out|±[^.]*at most|natural (?:share|mix)|typical error|such outcomes lie"
    r"|looks? like (?:those|the rows) of the fit|more certain|guarantees? that",
    re.IGNORECASE,
)


def sentences_of_a_page(path: Path) -> Iterator[str]:
    code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", " ", path.read_text(encoding="utf-8"), flags=re.S)
    for _ in range(4):  # templates within templates
        code = re.sub(r"\$\{[^{}`]*\}", "…", code)
    for pattern in (r'"([^"\n]*)"', r"`([^`<]*)`", r">([^<>{}`=]+)<"):
        for found in re.findall(pattern, code):
            yield " ".join(found.split())


def sentences_of_a_module(path: Path) -> Iterator[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    skipped = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
        elif isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            skipped.add(id(node.format_spec))
    for node in nodes:
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = [getattr(part, "value", "…") for part in node.values]
            text = "".join(part if isinstance(part, str) else "…" for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        yield " ".join(text.split())


#: What a pattern of strings takes for one between two of them.
CODE = re.compile(r"=>|\|\||&&|\breturn\b|\bimport\b|[{}=]|\b\w+\(")


def statements(sentences: Iterator[str]) -> set[str]:
    return {
        text
        for text in sentences
        if text.count(" ") >= 3
        and STATISTIC.search(text)
        and FIGURE.search(text)
        and not CODE.search(text)
    }


PAGES = sorted((ROOT / "frontend" / "words" / "en").glob("*.js"))


@pytest.mark.parametrize(
    "path", [each for each in PAGES if each.stem not in UNSTATED], ids=lambda path: path.stem
)
def test_each_statistic_of_the_page_is_listed_with_its_source(path: Path) -> None:
    assert statements(sentences_of_a_page(path)) == set(PAGE.get(path.stem, {}))


@pytest.mark.parametrize("module", SERVER)
def test_each_statistic_of_the_server_is_listed_with_its_source(module: str) -> None:
    found = statements(sentences_of_a_module(ROOT / "backend" / "servery" / module))
    assert found == set(SERVER[module])


def texts() -> Iterator[tuple[str, str]]:
    for path in PAGES:
        for text in sentences_of_a_page(path):
            yield path.stem, text
    for path in sorted((ROOT / "backend" / "servery").rglob("*.py")):
        for text in sentences_of_a_module(path):
            yield path.name, text
    for path in [*(ROOT / "models").glob("*/card.toml"), *(ROOT / "docs").glob("*.md")]:
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    yield "README.md", (ROOT / "README.md").read_text(encoding="utf-8")


def test_nothing_is_claimed_that_was_not_measured() -> None:
    found = [(where, OVERCLAIMING.findall(text)) for where, text in texts()]
    assert [each for each in found if each[1]] == []


def measured(name: str) -> dict[str, float]:
    manifest = json.loads((ROOT / "models" / name / "1" / "model.json").read_text(encoding="utf-8"))
    return {each["name"]: each["value"] for each in manifest["metrics"]["values"]}


def test_the_figures_of_cards_are_those_that_were_measured() -> None:
    assert measured("questions")["precision"] == pytest.approx(0.57, abs=0.005)
    assert measured("questions")["recall"] == pytest.approx(0.68, abs=0.005)
    assert measured("petrol")["rmse"] == pytest.approx(69, abs=0.5)
    assert measured("species")["accuracy"] == 0.6
    assert measured("bikes")["mae"] == pytest.approx(680, abs=5)
    limitations = {
        path.parent.name: " ".join(tomllib.loads(path.read_text(encoding="utf-8"))["limitations"])
        for path in (ROOT / "models").glob("*/card.toml")
    }
    assert "43% of those flagged" in limitations["questions"]
    assert "was 69 gallons" in limitations["petrol"]
    assert "only six of the ten" in limitations["species"]
    assert "off by 680 bikes on average" in limitations["bikes"]
