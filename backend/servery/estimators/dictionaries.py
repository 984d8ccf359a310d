"""Transformers of dictionaries, which no row of a table is."""

from typing import NoReturn

from servery.errors import PublishingRefused
from servery.estimators.registry import Family, Part, register


def _refuse(part: Part) -> NoReturn:
    raise PublishingRefused(
        f"{type(part).__name__} takes dictionaries, and Servery asks with the rows of a table. Fit "
        "on a table with make_column_transformer((OneHotEncoder(handle_unknown='ignore'), "
        "COLUMNS), remainder='passthrough') instead."
    )


register(Family("sklearn.feature_extraction: DictVectorizer FeatureHasher", takes_texts=_refuse))
