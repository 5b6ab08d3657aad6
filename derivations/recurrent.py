# %% [markdown]
# # A recurrent layer, backward through time
#
# A recurrent layer uses the same weights at every step of a sequence. Write
# the steps out one after the other, and it is a deep network whose layers
# share their weights. The slope in a shared weight is a sum, with one term
# for each use.

# %%
from inspect import getsource
from typing import Any

import numpy as np
import sympy as sp

from chainrule import complex_step
from chainrule.activations import Array
from chainrule.blocks import recurrent
from chainrule.initializers import orthogonal
from derivations import tanh, witnesses
from derivations.calculus import (
    Derivation,
    chain_rule,
    definition,
    known,
    named,
    straight_line,
)
from derivations.checking import Reference, difference, report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import (
    b,
    copy_1,
    copy_2,
    copy_3,
    h_0,
    h_1,
    h_2,
    h_3,
    s_1,
    s_2,
    s_3,
    w,
    w_in,
    x1,
    x2,
    x3,
)

# %% [markdown]
# ## What is given
#
# One neuron, three steps. The state after step $k$ is $\act{h_k} =
# \tanh(z_k)$ with $z_k = \w{w_{\text{in}}} \act{x_k} + \w{w} \act{h_{k-1}}
# + \w{b}$. The weight $\w{w}$ carries the state on, and it is the same at
# each step. To keep its three uses apart, give each a copy: $\w{w^{(1)}}
# = \w{w^{(2)}} = \w{w^{(3)}} = \w{w}$.

# %%
given = Given(
    arguments=(w, w_in, b, h_0, x1, x2, x3),
    definitions={
        copy_1: w,
        copy_2: w,
        copy_3: w,
        s_1: w_in * x1 + copy_1 * h_0 + b,
        h_1: sp.tanh(s_1),
        s_2: w_in * x2 + copy_2 * h_1 + b,
        h_2: sp.tanh(s_2),
        s_3: w_in * x3 + copy_3 * h_2 + b,
        h_3: sp.tanh(s_3),
    },
)

# %% [markdown]
# ## Along the state
#
# From one state to the next there are two links: the slope of the tanh, and
# the weight.


# %%
def wanted(of: sp.Symbol, by: sp.Symbol) -> Derivation:
    return Derivation(f"Slope of {of} in {by}", Slope(of, by), given)


def through_the_tanh(h: sp.Symbol, z: sp.Symbol) -> Derivation:
    return wanted(h, z).by(definition).by(known(tanh.slope)).by(named)


def through_the_sum(z: sp.Symbol, by: sp.Symbol) -> Derivation:
    return wanted(z, by).by(definition).by(straight_line)


dh1_dz1 = through_the_tanh(h_1, s_1)
dh2_dz2 = through_the_tanh(h_2, s_2)
dh3_dz3 = through_the_tanh(h_3, s_3)
dz2_dh1 = through_the_sum(s_2, h_1)
dz3_dh2 = through_the_sum(s_3, h_2)
dh3_dh2 = wanted(h_3, h_2).by(chain_rule).by(known(dh3_dz3, dz3_dh2))
dh3_dh2

# %% [markdown]
# Three steps back it is a product of three such pairs, $T$ steps back of
# $T$. This is the same product as in a deep network, with one difference:
# all the weights in it are equal. So it does not average out. It shrinks or
# it grows.

# %% [markdown]
# ## In each copy of the weight
#
# A copy meets the state before its step. The last one is next to the last
# state.

# %%
dz1_dcopy = through_the_sum(s_1, copy_1)
dz2_dcopy = through_the_sum(s_2, copy_2)
dz3_dcopy = through_the_sum(s_3, copy_3)

by_last = wanted(h_3, copy_3).by(chain_rule).by(known(dh3_dz3, dz3_dcopy))
by_last

# %% [markdown]
# The one before takes the way through the state $\act{h_2}$, and the first
# goes the whole way.

# %%
by_second = (
    wanted(h_3, copy_2)
    .by(chain_rule)
    .by(chain_rule)
    .by(known(dh3_dh2, dh2_dz2, dz2_dcopy))
)
by_second

# %%
by_first = (
    wanted(h_3, copy_1)
    .by(chain_rule)
    .by(chain_rule)
    .by(chain_rule)
    .by(chain_rule)
    .by(known(dh3_dh2, dh2_dz2, dz2_dh1, dh1_dz1, dz1_dcopy))
)
by_first

# %% [markdown]
# ## All three together
#
# The chain rule adds what comes in through each copy.


# %%
def of_the_reference(
    w: float, w_in: float, b: float, start: float, *inputs: float
) -> float:
    """The slope of the last state in the shared weight."""
    layer = recurrent.Recurrent(
        np.array([[w_in]]), np.array([[w]]), np.array([b])
    )
    x = np.reshape(inputs, (3, 1, 1))
    h = recurrent.forward(layer, x, np.array([[start]]))
    from_above = np.zeros((3, 1, 1))
    from_above[-1] = 1
    return recurrent.backward(layer, x, h, from_above)[0].W.item()


dh3_dw = (
    Derivation(
        "Slope of the last state in the shared weight",
        Slope(h_3, w),
        given,
        agrees_with=Reference(
            "chainrule.blocks.recurrent.backward",
            witnesses.one_by_one(of_the_reference),
        ),
    )
    .by(chain_rule, because="one path through each copy")
    .by(definition)
    .by(straight_line, because="a copy moves as the weight does")
    .by(known(by_last, by_second, by_first))
    .rewritten(
        (1 - h_3**2)
        * (h_2 + w * (1 - h_2**2) * (h_1 + w * (1 - h_1**2) * h_0)),
        because="every copy is $w$; take out what is common",
    )
)
dh3_dw

# %% [markdown]
# Read the brackets from the inside out, and it is a loop: start with the
# first step; at each later one multiply by the weight and the slope of the
# tanh, and add the state. Read from the outside in, it is backpropagation:
# carry the error back, and collect a term at each step. The second is
# cheaper when there are many weights.

# %% [markdown]
# ## A whole layer
#
# With many neurons the weight is a matrix and each step is a layer. The
# recursion for layers has been derived already. What is new is the sum over
# the steps. Here is the reference against a complex step, in all its
# parameters, for several lengths, batches and widths.


# %%
def largest_difference(T: int, B: int, n_in: int, n_out: int) -> float:
    rng = np.random.default_rng(0)
    W_in, W = (
        rng.normal(size=(n_out, n_in)),
        rng.normal(size=(n_out, n_out)),
    )
    b, h_0 = rng.normal(size=n_out), rng.normal(size=(B, n_out))
    x, g = rng.normal(size=(T, B, n_in)), rng.normal(size=(T, B, n_out))
    layer = recurrent.Recurrent(W_in, W, b)
    states = recurrent.forward(layer, x, h_0)
    found, _, _ = recurrent.backward(layer, x, states, g)

    def loss(W_in: Array, W: Array, b: Array) -> Any:
        nudged = recurrent.Recurrent(W_in, W, b)
        return (g * recurrent.forward(nudged, x, h_0)[1:]).sum()

    return max(
        difference(found.W_in, complex_step(lambda v: loss(v, W, b), W_in)),
        difference(found.W, complex_step(lambda v: loss(W_in, v, b), W)),
        difference(found.b, complex_step(lambda v: loss(W_in, W, v), b)),
    )


{
    f"{shape}": largest_difference(*shape)
    for shape in [(1, 2, 3, 2), (4, 1, 2, 3), (3, 4, 1, 2)]
}

# %% [markdown]
# ## Long sequences
#
# How much of the error is left after a hundred steps? Take weights that
# only turn the state and multiply it by a gain. Without tanh the answer
# would be the gain to the power of 100.


# %%
def left_after(steps: int, gain: float, width: int = 16) -> float:
    rng = np.random.default_rng(0)
    W = gain * orthogonal((width, width), rng)
    layer = recurrent.Recurrent(np.zeros((width, 1)), W, np.zeros(width))
    x = np.zeros((steps, 1, 1))
    h = recurrent.forward(layer, x, 0.01 * rng.normal(size=(1, width)))
    from_above = np.zeros((steps, 1, width))
    from_above[-1] = rng.normal(size=width)
    _, _, at_the_start = recurrent.backward(layer, x, h, from_above)
    return float(np.linalg.norm(at_the_start) / np.linalg.norm(from_above))


{gain: f"{left_after(100, gain):.1e}" for gain in (0.5, 0.9, 1.0, 1.1, 1.5)}

# %% [markdown]
# A gain a little below 1, and nothing is left to learn from. A little
# above, and the state soon saturates the tanh, which holds the growth back.
# Networks with gates were invented for this.

# %% [markdown]
# ## The code
#
# The backward pass of the reference, ready to copy:

# %%
if __name__ == "__main__":
    print(getsource(recurrent.backward))

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(dh3_dh2, by_last, by_second, by_first, dh3_dw)
