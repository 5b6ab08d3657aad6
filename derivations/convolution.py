# %% [markdown]
# # A convolution, backward
#
# A convolution moves one small window of weights along a line. Forward it
# is a weighted sum at every place. Backward it is two more of the same
# kind: one for the weights, and one, with the window turned round, for the
# input.

# %%
from inspect import getsource
from typing import Any

import numpy as np

from chainrule import complex_step
from chainrule.activations import Array
from chainrule.blocks import convolution
from derivations import witnesses
from derivations.calculus import (
    Derivation,
    chain_rule,
    definition,
    straight_line,
)
from derivations.checking import Reference, difference, report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import (
    L,
    g_1,
    g_2,
    g_3,
    w_1,
    w_2,
    w_3,
    x1,
    x2,
    x3,
    x4,
    x5,
    y1,
    y2,
    y3,
)

# %% [markdown]
# ## What is given
#
# Five inputs and a window of three weights. It fits at three places, so
# there are three outputs: $\act{y_1} = \w{w_1}\act{x_1} + \w{w_2}\act{x_2}
# + \w{w_3}\act{x_3}$, and so on. Each weight is used three times. From
# above come the slopes $\g{g_1}$, $\g{g_2}$, $\g{g_3}$ in the outputs.

# %%
given = Given(
    arguments=(x1, x2, x3, x4, x5, w_1, w_2, w_3, g_1, g_2, g_3),
    definitions={
        y1: w_1 * x1 + w_2 * x2 + w_3 * x3,
        y2: w_1 * x2 + w_2 * x3 + w_3 * x4,
        y3: w_1 * x3 + w_2 * x4 + w_3 * x5,
        L: g_1 * y1 + g_2 * y2 + g_3 * y3,
    },
)


def backward(*row: float) -> tuple[Array, Array]:
    """The slopes in the window and in the input, by the reference."""
    x, w, g = np.split(np.array(row), [5, 8])
    layer = convolution.Convolution(w.reshape(1, 1, 3), np.zeros(1))
    found, dL_dx = convolution.backward(
        layer, x.reshape(1, 1, 5), g.reshape(1, 1, 3)
    )
    return found.w[0, 0], dL_dx[0, 0]


def of_the_window(m: int) -> Reference:
    return Reference(
        "chainrule.blocks.convolution.backward",
        witnesses.one_by_one(lambda *row: backward(*row)[0][m]),
    )


def of_the_input(i: int) -> Reference:
    return Reference(
        "chainrule.blocks.convolution.backward",
        witnesses.one_by_one(lambda *row: backward(*row)[1][i]),
    )


# %% [markdown]
# ## The window
#
# A weight reaches the loss through every output. The chain rule adds the
# three paths.

# %%
dL_dw1 = (
    Derivation(
        "Slope of the loss in the first weight of the window",
        Slope(L, w_1),
        given,
        agrees_with=of_the_window(0),
    )
    .by(chain_rule)
    .by(definition)
    .by(straight_line)
)
dL_dw1

# %%
dL_dw2 = (
    Derivation(
        "Slope of the loss in the second weight of the window",
        Slope(L, w_2),
        given,
        agrees_with=of_the_window(1),
    )
    .by(chain_rule)
    .by(definition)
    .by(straight_line)
)
dL_dw2

# %% [markdown]
# The second is the first, moved on by one. So the slopes of the window are
# the slopes $\g{g}$ moved along the *input*: a convolution once more, with
# $\g{g}$ as the window.

# %% [markdown]
# ## The input
#
# The input in the middle is under the window at all three places, each time
# under another weight.

# %%
dL_dx3 = (
    Derivation(
        "Slope of the loss in the middle input",
        Slope(L, x3),
        given,
        agrees_with=of_the_input(2),
    )
    .by(chain_rule)
    .by(definition)
    .by(straight_line)
)
dL_dx3

# %% [markdown]
# Look at the order. With growing $\g{g}$ the weights run backward. The
# window has been turned round. At the edge fewer places count:

# %%
dL_dx1 = (
    Derivation(
        "Slope of the loss in the first input",
        Slope(L, x1),
        given,
        agrees_with=of_the_input(0),
    )
    .by(chain_rule)
    .by(definition)
    .by(straight_line)
)
dL_dx1

# %% [markdown]
# ## The same as a matrix
#
# A convolution is a layer like any other, with a matrix that has the same
# weights in every row, moved on by one. Going backward multiplies by the
# transpose, as always. That is all there is to the turning round. Here is
# the matrix for the window $(1, 2, 3)$:

# %%
window = np.array([1, 2, 3])
rows = np.array([np.pad(window, (i, 2 - i)) for i in range(3)])
rows

# %%
x, g = np.arange(5.0), np.array([1.0, -1.0, 2.0])
{
    "forward": np.array_equal(rows @ x, np.correlate(x, window, "valid")),
    "backward": np.array_equal(rows.T @ g, np.convolve(g, window)),
}

# %% [markdown]
# NumPy has both: `correlate` does not turn the window, `convolve` does.

# %% [markdown]
# ## Many channels
#
# In a real network each place holds several numbers, and there are several
# windows. The reference does one matrix product for each place of the
# window. Here it is against a complex step, for batches, channels in,
# channels out, width of the window and length of the input.


# %%
def largest_difference(
    B: int, c_in: int, c_out: int, k: int, n: int
) -> float:
    rng = np.random.default_rng(0)
    w, b = rng.normal(size=(c_out, c_in, k)), rng.normal(size=c_out)
    x, g = (
        rng.normal(size=(B, c_in, n)),
        rng.normal(size=(B, c_out, n - k + 1)),
    )
    layer = convolution.Convolution(w, b)
    found, dL_dx = convolution.backward(layer, x, g)

    def loss(w: Array, b: Array, x: Array) -> Any:
        nudged = convolution.Convolution(w, b)
        return (g * convolution.forward(nudged, x)).sum()

    return max(
        difference(found.w, complex_step(lambda v: loss(v, b, x), w)),
        difference(found.b, complex_step(lambda v: loss(w, v, x), b)),
        difference(dL_dx, complex_step(lambda v: loss(w, b, v), x)),
    )


{
    f"{shape}": largest_difference(*shape)
    for shape in [(1, 1, 1, 3, 5), (2, 3, 2, 2, 6), (3, 2, 4, 1, 4)]
}

# %% [markdown]
# ## The code
#
# The backward pass of the reference, ready to copy:

# %%
if __name__ == "__main__":
    print(getsource(convolution.backward))

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(dL_dw1, dL_dw2, dL_dx3, dL_dx1)
