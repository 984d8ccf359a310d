"""What Servery knows of each family of estimators: one record, found by the name of a class.

A record is found without importing the library of its classes, so that no room loads
scikit-learn, XGBoost, LightGBM or CatBoost to ask about them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from servery.estimators.plans import PlannedPredictor, Upstream
    from servery.estimators.tracking import TrackedColumns
    from servery.runtimes.plan.transform import Transform

#: A fitted estimator, or a part of one; each function of a record gets one of its own classes.
Part: TypeAlias = Any
Labels: TypeAlias = Literal["likeliest", "thresholded", "own"]


def table(text: str) -> frozenset[str]:
    """Read a table of names: a module, a colon, and names of it on each line."""
    return frozenset(
        f"{module.strip()}.{name}"
        for line in text.strip().splitlines()
        for module, _, names in [line.partition(":")]
        for name in names.split()
    )


@dataclass(frozen=True, slots=True)
class AllowedNames:
    """Names that the model files of a family contain, and what a file may do with each.

    Attributes
    ----------
    made
        Classes that a file may create and give a state.
    kept
        Functions that may stay in an estimator, which calls them when it predicts.
    placed
        Functions that may stand in the named attributes only.
    derived, called
        Modules whose classes are admitted if they derive from one of the named classes: to be
        created and given a state, or to be called with plain numbers.
    """

    made: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    placed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    derived: tuple[tuple[str, tuple[str, ...]], ...] = ()
    called: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """What is known of estimators that are alike.

    Attributes
    ----------
    classes
        A table of their public names; see `table` and `public_name`. A base class stands for all
        that derive from it.
    track
        Records what a fitted part knows of its columns, and returns the columns that leave it.
    inner
        Returns the estimators within that get the columns as they are.
    answering
        Returns the estimator within that gives the answer, of one that names it by no attribute.
    takes_all
        Whether it uses every column that it is given.
    width
        Returns how many columns it takes, of one without ``n_features_in_``.
    takes_texts
        Returns whether it takes a text instead of a table.
    training_rows, centers
        Attributes that hold rows of the training table, or points among them.
    groups
        Returns the numbers of all groups that a clusterer can answer.
    transform
        Compiles a fitted transformer to a step of a plan.
    predictor
        Compiles a fitted predictor to a step of a plan.
    covers_subclasses
        Whether a subclass computes what its base class does, so that it compiles to the same step.
    check
        Refuses a part that no fit produces.
    labels
        Which class a classifier predicts: the one that it finds most probable, one that a threshold
        on its probability makes of it, or one that it decides on otherwise.
    compares_gaps
        Whether its answer to a row can depend on which cells the other rows of a table lack.
    names
        What the allow-list needs beyond the classes of estimators themselves.
    """

    classes: str
    _: KW_ONLY
    track: "Callable[[Part, TrackedColumns], TrackedColumns] | None" = None
    inner: Callable[[Part], Sequence[Part]] | None = None
    answering: Callable[[Part], Part] | None = None
    takes_all: bool = True
    width: Callable[[Part], int] | None = None
    takes_texts: Callable[[Part], bool] | None = None
    training_rows: str | None = None
    centers: str | None = None
    groups: Callable[[Part], Sequence[int]] | None = None
    transform: "Callable[[Part, Upstream], Transform] | None" = None
    predictor: "Callable[[Part, Upstream], PlannedPredictor] | None" = None
    covers_subclasses: bool = False
    check: Callable[[Part], None] | None = None
    labels: Labels = "likeliest"
    compares_gaps: bool = False
    names: AllowedNames = AllowedNames()


#: The family of each class, by its public name.
FAMILIES: dict[str, Family] = {}


def register(family: Family) -> None:
    """Add a family of estimators.

    Raises
    ------
    ValueError
        One of its classes belongs to a family already.
    """
    for name in sorted(table(family.classes)):
        if name in FAMILIES:
            raise ValueError(f"{name} belongs to a family already")
        FAMILIES[name] = family
    families_of_class.cache_clear()


def public_name(kind: type) -> str:
    """Return the name of a class without private modules: ``sklearn.svm.SVC``."""
    public: list[str] = []
    for part in kind.__module__.split("."):
        if part.startswith("_"):
            break
        public.append(part)
    return ".".join([*public, kind.__name__])


@cache
def families_of_class(kind: type) -> tuple[Family, ...]:
    """Return the families of a class, its own first and then those of its base classes."""
    found = (FAMILIES.get(public_name(each)) for each in kind.__mro__)
    return tuple(dict.fromkeys(family for family in found if family is not None))


def families_of(part: Part) -> tuple[Family, ...]:
    """Return the families of a part, that of its class first and then those of base classes."""
    return families_of_class(type(part))  # type: ignore[arg-type] # a class is hashable


def computes_as(part: Part) -> tuple[Family, ...]:
    """Return the families whose steps of a plan do what a part does: not what it overrides."""
    own = FAMILIES.get(public_name(type(part)))
    return tuple(
        family for family in families_of(part) if family is own or family.covers_subclasses
    )
