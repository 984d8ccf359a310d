"""The options of publishing, declared once.

Notebooks and ``train.py`` pass them as keyword arguments, the command line as options. A caged
process gets them as JSON.
"""

from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec

from servery.errors import PublishingRefused
from servery.tables.reading import Reading

#: As `servery.uncertainty.sets.Within`, which commands would take long to import.
Within: TypeAlias = Literal["classes", "answers"]


class PublishOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a model is published.

    Attributes
    ----------
    title
        The title of the model, by default made from its name. An existing card keeps its title.
    cv
        Folds of the training rows to measure on where no test rows are given: the estimator is
        fitted again for each. ``time:COLUMN`` predicts later rows from earlier ones,
        ``group:COLUMN`` leaves out whole groups, and a number of folds, such as 5, draws them at
        random; with a date among the inputs it means ``time:`` that input, unless written as
        ``shuffle:5``. In Python also a splitter of scikit-learn, such as ``LeaveOneOut()``.
    groups
        The group of each row, for a splitter that needs them, such as ``GroupKFold()``.
    detail
        How the test rows were held out, as a sentence.
    coverage
        The share of true outcomes that intervals and prediction sets should hold, from 0.5 to 0.99.
    sets
        Within what the coverage of prediction sets holds: the rows of each true class
        (``classes``), or of each predicted one (``answers``).
    keep_rows
        How many measured rows the version keeps, so that callers see those nearest to an instance
        and how the model did on them; none by default, since anyone who may ask then sees rows of
        your data.
    recalibrate
        Whether the probabilities of a classifier are fitted once more to what came true, if that
        lowers their log loss on unseen rows.
    compose
        Whether fitted parts in a dictionary or a tuple are put together to one pipeline, as the
        message about them shows it.
    classes
        The names of the classes of a classifier that numbers them, in the order of the numbers.
    fitted_on
        The day of the fit, YYYY-MM-DD; today if none is given.

    Raises
    ------
    PublishingRefused
        The coverage is out of range.
    """

    title: str | None = None
    cv: Any = None
    groups: Any = None
    detail: str | None = None
    coverage: float = 0.9
    sets: Within = "classes"
    keep_rows: int = 0
    recalibrate: bool = False
    compose: bool = False
    classes: tuple[str, ...] = ()
    fitted_on: str | None = None

    def __post_init__(self) -> None:
        if not 0.5 <= self.coverage <= 0.99:
            raise PublishingRefused(f"Expected a coverage from 0.5 to 0.99, found {self.coverage}.")


class Tables(msgspec.Struct, frozen=True, kw_only=True):
    """The paths of the tables of a model file.

    Attributes
    ----------
    data
        The rows of the fit.
    test
        Rows that the fit did not see.
    target
        The columns that the model predicts.
    reading
        How both tables are read.
    """

    data: str | None = None
    test: str | None = None
    target: tuple[str, ...] = ()
    reading: Reading = Reading()

    @property
    def paths(self) -> tuple[Path, ...]:
        """The paths that are set."""
        return tuple(Path(path) for path in (self.data, self.test) if path is not None)

    def resolved(self) -> "Tables":
        """Return the same with absolute paths, as another process needs them."""
        data, test = (path and str(Path(path).resolve()) for path in (self.data, self.test))
        return msgspec.structs.replace(self, data=data, test=test)
