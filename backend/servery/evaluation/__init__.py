"""Evaluates a model: rows with true outcomes in, metrics, plots and importance out.

`HeldOutPredictions` answers each row with a fit that did not see it. Nothing is imported here: what
measures a scored table needs neither scikit-learn nor pandas.
"""
