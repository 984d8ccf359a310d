"""Votes of several estimators, weighted or not."""

import numpy as np

from servery.estimators.plans import PlannedPredictor, Unsupported, Upstream
from servery.estimators.registry import Family, Part, register
from servery.runtimes.plan.steps.averages import Average


def _vote(part: Part, upstream: Upstream) -> PlannedPredictor:
    if getattr(part, "voting", "soft") != "soft":
        raise Unsupported("hard voting")
    members = [upstream.predicted(each) for each in part.estimators_]
    if len({gives for _, gives in members}) > 1:
        raise Unsupported("a vote of members that answer in different forms")
    weights = np.ones(len(members)) if part.weights is None else np.array(part._weights_not_none)
    shares = (weights / weights.sum()).tolist()
    return Average([member for member, _ in members], shares), members[0][1]


register(Family("sklearn.ensemble: VotingClassifier VotingRegressor", predictor=_vote))
