"""Neural networks: they keep the optimizer of their fit."""

from servery.estimators.registry import AllowedNames, Family, register, table

register(
    Family(
        "sklearn.neural_network: BaseMultilayerPerceptron",
        names=AllowedNames(
            made=table("sklearn.neural_network._stochastic_optimizers: AdamOptimizer SGDOptimizer")
        ),
    )
)
