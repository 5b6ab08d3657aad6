# %% [markdown]
# # Attention, backward
#
# Attention looks new, but there is nothing in it that this book has not
# differentiated. It is a matrix product, a softmax, and a matrix product.
# Walking back through the three takes five short formulas.

# %% [markdown]
# ## What is given
#
# Each query, a row of $\act{Q}$, is compared with each key, a row of
# $\act{K}$. The scores are $S = \act{Q}\,\act{K}^{\mathsf{T}}/\sqrt d$,
# where $d$ is the length of a key. Softmax makes each row of scores into
# chances $\act{P}$. The output $\act{Y} = \act{P}\,\act{V}$ is, for each
# query, an average of the values.

# %%
# long: five slopes, each line proved entry by entry at two sizes.
from inspect import getsource
from typing import Any

import numpy as np
import sympy as sp

from chainrule import complex_step
from chainrule.activations import Array
from chainrule.blocks import attention
from derivations import softmax, witnesses
from derivations.calculus import Derivation
from derivations.checking import Reference, difference, report
from derivations.matrices import (
    GivenMatrices,
    cyclic,
    opened,
    trace_slope,
    transpose_of_product,
    transposed,
)
from derivations.nodes import MatrixSlope
from derivations.symbols import (
    K,
    L,
    P,
    Q,
    V,
    Y,
    dL_dscores,
    dL_dY,
    inner,
    n_inside,
    n_keys,
    n_queries,
    n_value,
    scores,
    sigma,
)

# %% [markdown]
# ## The last product
#
# From above comes the slope in the output. To first order the loss is its
# inner product with the output.

# %%
sizes = (
    {n_queries: 3, n_keys: 2, n_inside: 4, n_value: 5},
    {n_queries: 2, n_keys: 4, n_inside: 3, n_value: 1},
)
averages = GivenMatrices(
    arguments=(dL_dY, P, V),
    definitions={Y: P * V, L: inner(dL_dY, Y)},
    sizes=sizes,
)


def by_the_reference(dL_dY: Array, P: Array, V: Array) -> Array:
    """The slope in the values. It depends on nothing but these three."""
    nothing = np.zeros((len(P), 1)), np.zeros((len(V), 1))
    inputs = attention.Inputs(*nothing, V)
    return attention.backward(inputs, attention.Record(P, P @ V), dL_dY).V


dL_dV = (
    Derivation(
        "Slope of the loss in the values",
        MatrixSlope(L, V),
        averages,
        agrees_with=Reference(
            "chainrule.blocks.attention.backward", by_the_reference
        ),
    )
    .by(opened, because="the rest of the network, seen from here")
    .by(opened)
    .by(trace_slope)
    .by(transpose_of_product)
)
dL_dV

# %% [markdown]
# A value gets the errors of the queries that looked at it, as much of each
# as it was looked at.

# %%
dL_dP = (
    Derivation(
        "Slope of the loss in the chances",
        MatrixSlope(L, P),
        averages,
        agrees_with=Reference(
            witnesses.BACKWARD,
            lambda dL_dY, P, V: witnesses.batch_below().function(
                dL_dY, P, V.T
            ),
        ),
    )
    .by(opened)
    .by(opened)
    .by(cyclic)
    .by(trace_slope)
    .by(transpose_of_product)
)
dL_dP

# %% [markdown]
# The witness here is the plain network: seen from the chances, the values
# are the weights of a layer.

# %% [markdown]
# ## Softmax
#
# Row by row, the slope through softmax is the one derived before. Each
# slope is compared with the average of its row:

# %%
softmax.dL_dz1

# %% [markdown]
# For the whole table: $\g{\partial L/\partial S} = \act{P} \odot
# (\g{\partial L/\partial P} - \g{r}\,\mathbf{1}^{\mathsf{T}})$, where
# $\g{r}$ holds for each row the sum of $\act{P} \odot \g{\partial
# L/\partial P}$. The factor $1/\sqrt d$ is a constant factor and stays one.

# %% [markdown]
# ## The first product
#
# Queries and keys stand in $\act{Q}\,\act{K}^{\mathsf{T}}$. Here $S$ is
# that product, still without the factor.

# %%
comparisons = GivenMatrices(
    arguments=(dL_dscores, Q, K),
    definitions={scores: Q * K.T, L: inner(dL_dscores, scores)},
    sizes=sizes,
)

dL_dQ = (
    Derivation(
        "Slope of the loss in the queries",
        MatrixSlope(L, Q),
        comparisons,
        agrees_with=witnesses.batch_below(),
    )
    .by(opened)
    .by(opened)
    .by(cyclic)
    .by(trace_slope)
    .by(transpose_of_product)
)
dL_dQ

# %%
dL_dK = (
    Derivation(
        "Slope of the loss in the keys",
        MatrixSlope(L, K),
        comparisons,
        agrees_with=witnesses.batch_weights(),
    )
    .by(opened)
    .by(opened)
    .by(transposed)
    .by(cyclic)
    .by(trace_slope)
    .by(transpose_of_product)
)
dL_dK

# %% [markdown]
# ## All of it, symbol by symbol
#
# Put together, the formulas must be the slopes of attention as a whole.
# SymPy can show it for two queries, two keys and two values, each of length
# two: twelve slopes of one long formula. As fractions of exponentials they
# take it several seconds. But of two chances in a row the second is 1 less
# the first, and the first is a sigmoid of the difference of the scores.
# With that, both sides are polynomials, and it is done at once.


# %%
def two_by_two(name: str) -> Any:
    return sp.Matrix(2, 2, lambda i, j: sp.Symbol(f"{name}{i + 1}{j + 1}"))


def chances_of(scores: Any) -> Any:
    first: list[Any] = [
        sigma(scores[i, 0] - scores[i, 1]) for i in range(2)
    ]
    return sp.Matrix([[p, 1 - p] for p in first])


q, key, v, g = map(two_by_two, "qkvg")
scale = 1 / sp.sqrt(2)
chances = chances_of(scale * q * key.T)
loss = sp.Add(*g.multiply_elementwise(chances * v))

from_values = g * v.T
table = chances.multiply_elementwise(from_values)
averages_of_rows = table * sp.ones(2, 2)
from_scores = scale * chances.multiply_elementwise(
    from_values - averages_of_rows
)
by_formula = [from_scores * key, from_scores.T * q, chances.T * g]
by_sympy = [part.applyfunc(loss.diff) for part in (q, key, v)]

twelve_slopes_agree = all(
    (a - b).applyfunc(sp.expand).is_zero_matrix
    for a, b in zip(by_formula, by_sympy, strict=True)
)
twelve_slopes_agree

# %% [markdown]
# ## Any size
#
# The reference is those formulas, with the factor put in. Against a complex
# step, for queries, keys, length of a key and length of a value, no two of
# them equal in the last rows:


# %%
def largest_difference(n: int, m: int, d: int, d_v: int) -> float:
    rng = np.random.default_rng(0)
    Q, K = rng.normal(size=(n, d)), rng.normal(size=(m, d))
    V, G = rng.normal(size=(m, d_v)), rng.normal(size=(n, d_v))
    inputs = attention.Inputs(Q, K, V)
    found = attention.backward(inputs, attention.forward(inputs), G)

    def loss(Q: Array, K: Array, V: Array) -> Any:
        return (G * attention.forward(attention.Inputs(Q, K, V)).Y).sum()

    return max(
        difference(found.Q, complex_step(lambda v: loss(v, K, V), Q)),
        difference(found.K, complex_step(lambda v: loss(Q, v, V), K)),
        difference(found.V, complex_step(lambda v: loss(Q, K, v), V)),
    )


{
    f"{shape}": largest_difference(*shape)
    for shape in [(1, 1, 1, 1), (3, 2, 2, 2), (2, 3, 4, 5), (5, 4, 1, 2)]
}

# %% [markdown]
# ## Why the factor
#
# A score is a sum of $d$ products. If their entries have variance 1, the
# sum has variance $d$. Without the factor the scores of long keys are
# large, one chance is nearly 1, and the slope through softmax is nearly 0:
# the whole layer is saturated. Here is the mean size of that slope for a
# key of length 256, without the factor and with it.

# %%
rng = np.random.default_rng(0)
queries, keys = rng.normal(size=(2, 8, 256))


def mean_slope(factor: float) -> float:
    P = softmax.reference(queries @ keys.T * factor)
    return float(np.mean(P * (1 - P)))


{
    "without": f"{mean_slope(1.0):.1e}",
    "with": f"{mean_slope(1 / np.sqrt(256)):.1e}",
}

# %% [markdown]
# ## The code
#
# The backward pass of the reference, ready to copy:

# %%
if __name__ == "__main__":
    print(getsource(attention.backward))

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(dL_dV, dL_dP, dL_dQ, dL_dK)
