"""Fit the questions model: lemmas, letters and logistic regression, calibrated; 20% held out."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from sklearn.model_selection import FixedThresholdClassifier, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline

from servery.text import lemmas, normalize, plain_words
from servery.training import publish_version, read_options

SEED = 0
TEXT = "question_text"
POSITIVE = "insincere"
WORDS = {0: "sincere", 1: "insincere"}


def pipeline() -> Pipeline:
    """Return the unfitted ranking model: a weight for each lemma, pair of lemmas, and few letters.

    Three or four letters of a word say something of words that no training question had. What the
    letters weigh is not scaled by the length of the question, so that each word has a sum of its
    own, which a server remembers. The settings were chosen by cross-validation.
    """
    words = TfidfVectorizer(
        preprocessor=normalize,
        tokenizer=lemmas,
        token_pattern=None,
        ngram_range=(1, 2),
        min_df=3,
        sublinear_tf=True,
    )
    letters = TfidfVectorizer(
        preprocessor=plain_words, analyzer="char_wb", ngram_range=(3, 4), min_df=30, norm=None
    )
    columns = ColumnTransformer(
        [("words", words, TEXT), ("letters", letters, TEXT)],
        transformer_weights={"letters": 1 / 40},
    )
    return make_pipeline(columns, LogisticRegression(C=3, max_iter=2000))


def best_threshold(truth: pd.Series, probability: NDArray[np.float64]) -> float:
    """Return the probability from which on calling a question insincere has the best F1."""
    precision, recall, thresholds = precision_recall_curve(truth == POSITIVE, probability)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return round(float(thresholds[int(np.argmax(f1[:-1]))]), 3)


def main() -> None:
    """Fit on 60% and the extra rows, calibrate on 20%, measure on 20%, publish."""
    options = read_options(__doc__ or "")
    data = options.read("questions.csv.gz", texts=[TEXT])
    extra = options.read("questions_extra.csv.gz", texts=[TEXT])
    data["kind"], extra["kind"] = data["target"].map(WORDS), extra["target"].map(WORDS)
    fitting, test = train_test_split(
        data, test_size=0.2, random_state=SEED, stratify=data["target"]
    )
    train, validation = train_test_split(
        fitting, test_size=0.25, random_state=SEED, stratify=fitting["target"]
    )
    # The extra rows hold 28% insincere questions, so they may teach the words but not the share:
    # the calibration on the sampled rows sets that right.
    both = pd.concat([train, extra])
    ranking = pipeline().fit(both[[TEXT]], both["kind"])
    calibrated = CalibratedClassifierCV(FrozenEstimator(ranking), method="sigmoid")
    calibrated.fit(validation[[TEXT]], validation["kind"])
    threshold = best_threshold(
        validation["kind"], calibrated.predict_proba(validation[[TEXT]])[:, 0]
    )
    model = FixedThresholdClassifier(
        FrozenEstimator(calibrated), threshold=threshold, pos_label=POSITIVE
    ).fit(fitting[[TEXT]], fitting["kind"])
    publish_version(
        options,
        model,
        fitting[[TEXT]],
        fitting["kind"],
        name="questions",
        X_test=test[[TEXT]],
        y_test=test["kind"],
        detail="A stratified 20% of the questions as they were sampled, held out before fitting. "
        "The threshold was chosen on another 20%.",
    )


if __name__ == "__main__":
    main()
