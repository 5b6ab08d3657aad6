# %% [markdown]
# # One layer, from its error to everything else
#
# A deep network is one layer, again and again. So it is enough to derive
# one step: given the error of the layer above, find the error of this one,
# and the slopes of its weights and biases.

# %% [markdown]
# ## What is given
#
# This is layer $k$, for a single example. It takes $\act{a^{(k-1)}}$, forms
# $z^{(k)} = \w{W^{(k)}} \act{a^{(k-1)}} + \w{b^{(k)}}$ and puts out
# $\act{a^{(k)}} = f(z^{(k)})$. The layer above does the same with what it
# gets. The *error* of a layer is $\g{\delta} = \partial L/\partial z$, one
# number for each of its neurons.
#
# Suppose the error above is known. To first order, a small change of
# $z^{(k+1)}$ then changes the loss by the inner product of
# $\g{\delta^{(k+1)}}$ with that change: each error times its own change,
# added up. For slopes, that is all one needs to know of the rest of the
# network. It may be replaced by this inner product, with
# $\g{\delta^{(k+1)}}$ held fixed.

# %%
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from chainrule import ACTIVATIONS, LOSSES, Affine, Layer, backward, forward
from chainrule.activations import Array
from chainrule.network import Record
from derivations import witnesses
from derivations.calculus import Derivation, known
from derivations.checking import difference, report
from derivations.matrices import (
    GivenMatrices,
    constant_trace,
    cyclic,
    entrywise_chain,
    opened,
    sum_of_traces,
    trace_slope,
    transpose_of_product,
)
from derivations.nodes import Entrywise, MatrixSlope
from derivations.symbols import (
    L,
    W_above,
    W_k,
    a_below,
    a_k,
    b_above,
    b_k,
    delta_above,
    delta_k,
    f,
    inner,
    n_above,
    n_in,
    n_out,
    z_above,
    z_k,
)

# %%
sizes = (
    {n_in: 2, n_out: 3, n_above: 2},
    {n_in: 3, n_out: 4, n_above: 2},
    {n_in: 4, n_out: 2, n_above: 5},
)

from_above = GivenMatrices(
    arguments=(W_above, delta_above, z_k),
    definitions={
        a_k: Entrywise(f, z_k),
        z_above: W_above * a_k + b_above,
        L: inner(delta_above, z_above),
    },
    sizes=sizes,
)

# %% [markdown]
# ## Through the weights above
#
# First the slope in the activations of this layer. The inner product is a
# number, and a number is its own trace. (The *trace* of a square table is
# the sum of the entries on its diagonal.) Only one factor moves, and it
# already stands last.

# %%
dL_da = (
    Derivation(
        "Slope of the loss in the activations of a layer",
        MatrixSlope(L, a_k),
        from_above,
        agrees_with=witnesses.error_below("identity"),
    )
    .by(opened, because="the rest of the network, seen from here")
    .by(opened)
    .by(sum_of_traces)
    .by(constant_trace, because="the bias above does not move")
    .by(trace_slope)
    .by(transpose_of_product)
)
dL_da

# %% [markdown]
# Forward, $\w{W}$ carries activations up. Backward, its transpose carries
# errors down. What arrives at a neuron is a sum over all neurons above it:
# weight times error, one term for each path.

# %% [markdown]
# ## Through the activation
#
# Each neuron has its own $z$ and nobody else's, so the chain rule works entry
# by entry.

# %%
error = (
    Derivation(
        "Error of a layer from the error of the layer above",
        MatrixSlope(L, z_k),
        from_above,
        agrees_with=witnesses.error_below("tanh"),
    )
    .by(entrywise_chain)
    .by(known(dL_da))
)
error

# %% [markdown]
# This is the recursion. Feed it the error of the output layer, and it walks
# down the network, one product for each layer.

# %% [markdown]
# ## The slopes of the parameters
#
# The error of this layer is now known. So the slopes in its weights are again
# the slopes of an inner product. To bring the weights to the end, turn the
# product round inside the trace.

# %%
own_layer = GivenMatrices(
    arguments=(delta_k, a_below),
    definitions={z_k: W_k * a_below + b_k, L: inner(delta_k, z_k)},
    sizes=sizes,
)

dL_dW = (
    Derivation(
        "Slope of the loss in the weights of a layer",
        MatrixSlope(L, W_k),
        own_layer,
        agrees_with=witnesses.layer_weights(),
    )
    .by(opened)
    .by(opened)
    .by(sum_of_traces)
    .by(constant_trace)
    .by(cyclic)
    .by(trace_slope)
    .by(transpose_of_product)
)
dL_dW

# %%
dL_db = (
    Derivation(
        "Slope of the loss in the biases of a layer",
        MatrixSlope(L, b_k),
        own_layer,
        agrees_with=witnesses.layer_biases(),
    )
    .by(opened)
    .by(opened)
    .by(sum_of_traces)
    .by(constant_trace)
    .by(trace_slope)
)
dL_db

# %% [markdown]
# Each weight gets the error of the neuron it leads to, times the activation
# it carries. Each bias gets the error itself. The gradient has the shape of
# the thing it is the gradient of.

# %% [markdown]
# ## Any depth
#
# The three results, in a loop, are backpropagation. Here they run on whole
# networks of several shapes, none of them square, and must give what the
# reference code gives.

# %%


def by_recursion(
    layers: Sequence[Layer], tape: Sequence[Record], delta: Array
) -> list[Affine]:
    """The gradient of every layer of a tanh network, from its last error."""
    found: list[Affine] = []
    for k in reversed(range(len(layers))):
        a = tape[k].a_in.T
        found.append(
            Affine(
                W=dL_dW.numpy()(delta, a), b=dL_db.numpy()(delta, a)[:, 0]
            )
        )
        if k > 0:
            delta = error.numpy()(
                layers[k].affine.W, delta, tape[k - 1].z.T
            )
    return found[::-1]


def largest_difference(*widths: int) -> float:
    """Between recursion and reference, on a random network."""
    rng = np.random.default_rng(0)
    layers = [
        Layer(
            Affine(rng.normal(size=(n, m)), rng.normal(size=n)),
            ACTIVATIONS["tanh"],
        )
        for m, n in pairwise(widths)
    ]
    x, t = rng.normal(size=(1, widths[0])), rng.normal(size=(1, widths[-1]))
    tape = forward(layers, x)
    y = tape[-1].a
    dL_dy = LOSSES["half_squared_error"].gradient(y, t, reduction="sum")
    recursion = by_recursion(
        layers, tape, (dL_dy * ACTIVATIONS["tanh"].df(tape[-1].z, y)).T
    )
    return max(
        max(difference(ours.W, theirs.W), difference(ours.b, theirs.b))
        for ours, theirs in zip(
            recursion, backward(layers, tape, dL_dy), strict=True
        )
    )


shapes = [(2, 3, 2), (3, 4, 2), (4, 3, 5, 2), (2, 5, 3, 4, 6, 1)]
{
    "-".join(map(str, widths)): largest_difference(*widths)
    for widths in shapes
}

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(dL_da, error, dL_dW, dL_db)
