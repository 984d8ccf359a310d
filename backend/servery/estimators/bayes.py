"""Naive Bayes: classes as distributions of features that vary independently."""

import numpy as np

from servery.estimators.plans import PlannedPredictor, Unsupported, Upstream
from servery.estimators.registry import Family, Part, register
from servery.runtimes.plan.steps.arithmetic import Binarize
from servery.runtimes.plan.steps.frequencies import Frequencies
from servery.runtimes.plan.steps.gaussian import Gaussian
from servery.runtimes.plan.steps.linear import Linear
from servery.runtimes.plan.steps.scores import Softmax


def _gaussian(part: Part, upstream: Upstream) -> PlannedPredictor:
    likelihoods = Gaussian(
        upstream.features,
        np.log(part.class_prior_).tolist(),
        part.theta_,
        part.var_,
    )
    return Softmax(likelihoods, by_logs=True), "probabilities"


register(Family("sklearn.naive_bayes: GaussianNB", predictor=_gaussian, centers="theta_"))


def _multinomial(part: Part, upstream: Upstream) -> PlannedPredictor:
    weights = np.ascontiguousarray(part.feature_log_prob_.T)
    sums = Linear(upstream.features, weights, part.class_log_prior_.tolist())
    return Softmax(sums, by_logs=True), "probabilities"


register(Family("sklearn.naive_bayes: MultinomialNB", predictor=_multinomial))


def _complement(part: Part, upstream: Upstream) -> PlannedPredictor:
    if len(part.classes_) == 1:
        raise Unsupported("a ComplementNB of one class")
    weights = np.ascontiguousarray(part.feature_log_prob_.T)
    sums = Linear(upstream.features, weights, [0.0] * len(part.classes_))
    return Softmax(sums, by_logs=True), "probabilities"


register(Family("sklearn.naive_bayes: ComplementNB", predictor=_complement))


def _bernoulli(part: Part, upstream: Upstream) -> PlannedPredictor:
    features = upstream.features
    if part.binarize is not None:
        features = Binarize(features, float(part.binarize))
    absent = np.log(1 - np.exp(part.feature_log_prob_))
    weights = np.ascontiguousarray((part.feature_log_prob_ - absent).T)
    start = part.class_log_prior_ + absent.sum(axis=1)
    return Softmax(Linear(features, weights, start.tolist()), by_logs=True), "probabilities"


register(Family("sklearn.naive_bayes: BernoulliNB", predictor=_bernoulli))


def _categorical(part: Part, upstream: Upstream) -> PlannedPredictor:
    shares = [np.ascontiguousarray(each.T) for each in part.feature_log_prob_]
    likelihoods = Frequencies(upstream.features, part.class_log_prior_.tolist(), shares)
    return Softmax(likelihoods, by_logs=True), "probabilities"


register(Family("sklearn.naive_bayes: CategoricalNB", predictor=_categorical))
