"""What to say of a file that needs names which are not trusted, and what to do about it."""

import importlib.util


def install_line(fitted_with: str | None) -> str:
    """Return what to install where another scikit-learn saved a file; empty where none did."""
    from sklearn import __version__ as ours

    if fitted_with is None or fitted_with.split(".")[:2] == ours.split(".")[:2]:
        return ""
    return (
        f" It was saved by scikit-learn {fitted_with} and this is {ours}: "
        f'pip install "scikit-learn=={fitted_with}".'
    )


def complaint(file: str, refused: list[str], fitted_with: str | None) -> str:
    """Return the sentence that names what is not trusted, and how to trust it."""
    shown = ", ".join(refused[:10]) + (f" and {len(refused) - 10} others" if refused[10:] else "")
    tops = {name.split(".")[0] for name in refused}
    for library, what in OTHERS.items():
        if library in tops:
            return f"{file} holds {what}, which Servery does not serve ({shown})."
    for library in sorted(tops & OPTIONAL):
        if importlib.util.find_spec(library) is None:
            return f"{file} needs {library}, which is not installed here: pip install {library}."
    if "pandas.get_dummies" in refused:
        return (
            f"{file} needs pandas.get_dummies, which makes other columns of other rows: use "
            "sklearn.preprocessing.OneHotEncoder, and fit the model again."
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
    if tops <= FORMER:
        return f"{file} needs {shown}, which scikit-learn no longer has.{install_line(fitted_with)}"
    flags = " ".join(f"--trust {name}" for name in refused[:10])
    return (
        f"{file} needs {shown}, which this server does not trust. If you know who wrote it: "
        f"{flags}, or SERVERY_TRUST."
    )


#: Models of other libraries, by what their files import.
OTHERS = {"keras": "a Keras model", "tensorflow": "a TensorFlow model", "torch": "a PyTorch model"}
#: Libraries that save functions and classes as code. What they save without is an ordinary pickle.
PICKLERS = frozenset({"cloudpickle", "dill"})
#: Modules of scikit-learn before 1.6 that gave no package of theirs.
FORMER = frozenset({"_loss", "_sgd_fast"})
#: Libraries whose estimators are served where they are installed.
OPTIONAL = frozenset({"catboost", "lightgbm", "xgboost"})
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
