"""What to say of a file that needs names which are not trusted, and what to do about it."""

import importlib.util

from servery.artifact.releases import REFIT, is_of_another, ours, remedy, saved_by


def version_first(file: str, fitted_with: str | None, fault: str, *, converts: bool = False) -> str:
    """Return a fault of a file; of another release, its version comes first and the remedy last.

    Parameters
    ----------
    fault
        Whole sentences, which end with advice that holds for files of this release.
    converts
        Whether a conversion opens the file, which is the remedy otherwise.
    """
    if fitted_with is None or not is_of_another(fitted_with):
        return fault
    first = fault.split(". ")[0].rstrip(".")
    return (
        f"{saved_by(file, fitted_with)} It cannot be opened with {ours()}: {first}. "
        f"{REFIT if converts else remedy(file, fitted_with)}"
    )


def complaint(
    file: str, refused: list[str], fitted_with: str | None, *, converts: bool = False
) -> str:
    """Return the sentence that names what is not trusted, and how to trust it."""
    shown = ", ".join(refused[:10]) + (f" and {len(refused) - 10} others" if refused[10:] else "")
    tops = {name.split(".")[0] for name in refused}
    for library, what in OTHERS.items():
        if library in tops:
            return f"{file} holds {what}, which Servery does not serve ({shown})."
    for library in sorted(tops & OPTIONAL.keys()):
        if importlib.util.find_spec(library) is None:
            package = OPTIONAL[library]
            return f"{file} needs {library}, which is not installed here: pip install {package}."
    if "skrub" in tops:
        return (
            f"{file} needs skrub, which creates a folder when it is imported; no model may do that "
            "here. Use the encoders and imputers of scikit-learn, and fit the model again."
        )
    for library in sorted(tops & LISTED):
        return (
            f"{file} needs {shown}. Servery serves the transformers of {library} that were checked "
            "one by one, and this is not one of them. Use one of those. Or, if you know who wrote "
            f"the file: --trust {library}."
        )
    if "pandas.get_dummies" in refused:
        return (
            f"{file} needs pandas.get_dummies, which makes other columns of other rows: use "
            "sklearn.preprocessing.OneHotEncoder, and fit the model again."
        )
    for name, advice in NO_VALUES.items():
        if name in refused:
            return (
                f"{file} has values of {name} as categories, which neither a form nor JSON can "
                f"hold. {advice}"
            )
    if tops <= {"pandas", "pyarrow"} and fitted_with is None:
        return f"{file} holds a table of pandas, and no estimator that Servery serves ({shown})."
    for library in sorted(tops & PICKLERS):
        if tops & DANGEROUS <= {"builtins", "types"}:
            return (
                f"{file} was saved by {library} with code in it: a function or class of a script "
                "or notebook. Servery runs no code from a file. Move the function or class into a "
                "module, such as my_steps.py, import it from there, fit the model again, save it "
                "with joblib.dump, and name the module: --trust my_steps."
            )
    if "__main__" in tops:
        return (
            f"{file} needs {shown}, which was defined in a script or notebook, where no server "
            "finds it: move it into a module that can be imported, and save the model again."
        )
    if tops & DANGEROUS:
        return f"{file} would run {shown} when it is opened; no model needs that. Do not trust it."
    if tops <= FORMER and fitted_with is not None and is_of_another(fitted_with):
        fault = f"{shown} is not in this release."
        return version_first(file, fitted_with, fault, converts=converts)
    flags = " ".join(f"--trust {name}" for name in refused[:10])
    return (
        f"{file} needs {shown}, which this server does not trust. If you know who wrote it: "
        f"{flags}, or SERVERY_TRUST."
    )


#: What pandas has as categories and JSON has no value for, and what to do.
NO_VALUES = {
    "pandas.Interval": (
        'Fit the model on their texts, X["age"] = X["age"].astype(str), or give labels to '
        "pandas.cut."
    ),
    "pandas.Period": 'Fit the model on their texts: X["month"] = X["month"].astype(str).',
}
#: Models of other libraries, by what their files import.
OTHERS = {"keras": "a Keras model", "tensorflow": "a TensorFlow model", "torch": "a PyTorch model"}
#: Libraries that save functions and classes as code. What they save without is an ordinary pickle.
PICKLERS = frozenset({"cloudpickle", "dill"})
#: Modules whose names in a file of another release are those of that release.
FORMER = frozenset({"sklearn", "numpy", "scipy", "_loss", "_sgd_fast"})
#: Libraries whose estimators are served where they are installed, and what to install.
OPTIONAL = {
    "catboost": "catboost",
    "category_encoders": "category-encoders",
    "feature_engine": "feature-engine",
    "imblearn": "imbalanced-learn",
    "lightgbm": "lightgbm",
    "xgboost": "xgboost-cpu",
}
#: Libraries of transformers, some of which are random, drop rows or start processes.
LISTED = frozenset({"category_encoders", "feature_engine"})
#: Modules of which no name belongs into a model.
DANGEROUS = frozenset(
    {
        *("_io", "_imp", "_posixsubprocess", "asyncio", "bdb", "builtins", "code", "codeop"),
        *("commands", "cProfile", "ctypes", "distutils", "doctest", "gc", "importlib", "inspect"),
        *("io", "linecache", "marshal", "multiprocessing", "nt", "operator", "os", "pathlib"),
        *("pdb", "pickle", "pip", "pkgutil", "platform", "posix", "profile", "pty", "pydoc"),
        *("runpy", "setuptools", "shelve", "shutil", "signal", "site", "socket", "ssl"),
        *("subprocess", "sys", "tempfile", "threading", "timeit", "trace", "types", "urllib"),
        *("venv", "webbrowser", "zipimport"),
    }
)
