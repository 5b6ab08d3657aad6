# %% [markdown]
# # A whole batch at once
#
# One example gives one gradient. A batch of them gives a sum, and a product
# of matrices adds it up by itself. The formulas for a batch are those for
# one example, laid on their side.

# %% [markdown]
# ## What is given
#
# The examples are rows. $\act{A}$ holds the activations that come in, $Z$
# the pre-activations, $\g{\Delta}$ the errors, each with one row for each
# example:
#
# $$Z = \act{A}\,\w{W}^{\mathsf{T}} + \mathbf{1}\,\w{b}^{\mathsf{T}}.$$
#
# The column $\mathbf{1}$ hands the same bias to every row. The loss is that
# of the whole batch, summed or averaged. If it is averaged over $B$
# examples, the factor $1/B$ is already in $\g{\Delta}$.

# %%
import sympy as sp

from derivations import witnesses
from derivations.calculus import Derivation
from derivations.checking import report
from derivations.matrices import (
    GivenMatrices,
    columns_times_rows,
    constant_trace,
    cyclic,
    opened,
    rows_to_columns,
    spelled_out,
    sum_of_traces,
    trace_slope,
    transpose_of_product,
    transposed,
)
from derivations.nodes import MatrixSlope
from derivations.symbols import (
    A,
    Delta,
    L,
    W,
    Z,
    a_1,
    a_2,
    a_3,
    b_units,
    batch_size,
    delta_1,
    delta_2,
    delta_3,
    inner,
    n_in,
    n_out,
    ones,
)

# %%
batch = GivenMatrices(
    arguments=(Delta, A, W),
    definitions={Z: A * W.T + ones * b_units.T, L: inner(Delta, Z)},
    sizes=(
        {batch_size: 4, n_in: 2, n_out: 3},
        {batch_size: 2, n_in: 3, n_out: 4},
    ),
)

# %% [markdown]
# ## The weights
#
# To first order the loss moves by the sum of error times change, over all
# rows and neurons. That sum is a trace. The weights stand in it transposed
# and in the middle; two moves bring them to the end.

# %%
dL_dW = (
    Derivation(
        "Slope of the batch loss in the weights",
        MatrixSlope(L, W),
        batch,
        agrees_with=witnesses.batch_weights(),
    )
    .by(opened, because="the rest of the network, seen from here")
    .by(opened)
    .by(sum_of_traces)
    .by(constant_trace, because="the bias does not move")
    .by(transposed)
    .by(cyclic)
    .by(trace_slope)
    .by(transpose_of_product)
)
dL_dW

# %% [markdown]
# ## The biases
#
# The same moves give the errors times a column of ones: the sum of each
# column of $\g{\Delta}$.

# %%
dL_db = (
    Derivation(
        "Slope of the batch loss in the biases",
        MatrixSlope(L, b_units),
        batch,
        agrees_with=witnesses.batch_biases(),
    )
    .by(opened)
    .by(opened)
    .by(sum_of_traces)
    .by(constant_trace)
    .by(transposed)
    .by(cyclic)
    .by(trace_slope)
    .by(transpose_of_product)
)
dL_db

# %% [markdown]
# ## What goes down
#
# Each row of errors is carried through the weights by itself. There is no
# sum over examples here, because the activations of one example matter to
# its own loss and to no other.

# %%
dL_dA = (
    Derivation(
        "Slope of the batch loss in the activations below",
        MatrixSlope(L, A),
        batch,
        agrees_with=witnesses.batch_below(),
    )
    .by(opened)
    .by(opened)
    .by(sum_of_traces)
    .by(constant_trace)
    .by(cyclic)
    .by(trace_slope)
    .by(transpose_of_product)
)
dL_dA

# %% [markdown]
# ## A sum of single gradients
#
# Where is the sum over examples? In the product. Write a batch of three as
# rows: columns times rows is a sum of outer products, and each is the
# gradient of one example.

# %%
three_examples = GivenMatrices(
    arguments=(delta_1, delta_2, delta_3, a_1, a_2, a_3),
    definitions={
        Delta: sp.BlockMatrix([[delta_1.T], [delta_2.T], [delta_3.T]]),
        A: sp.BlockMatrix([[a_1.T], [a_2.T], [a_3.T]]),
    },
    sizes=(
        {batch_size: 3, n_in: 2, n_out: 4},
        {batch_size: 3, n_in: 4, n_out: 2},
    ),
)

sum_of_examples = (
    Derivation(
        "The gradient of a batch as a sum over its examples",
        Delta.T * A,
        three_examples,
        agrees_with=witnesses.three_examples(),
        name="sum_of_examples",
    )
    .by(spelled_out)
    .by(rows_to_columns)
    .by(columns_times_rows)
)
sum_of_examples

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(dL_dW, dL_db, dL_dA, sum_of_examples)
