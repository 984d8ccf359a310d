"""Gaussian processes: their kernels are objects of classes of their own."""

from servery.estimators.registry import AllowedNames, Family, register

register(
    Family(
        "sklearn.gaussian_process: GaussianProcessClassifier GaussianProcessRegressor",
        names=AllowedNames(
            derived=(
                (
                    "sklearn.gaussian_process.kernels",
                    ("sklearn.gaussian_process.kernels.Kernel",),
                ),
            )
        ),
    )
)
