# %% [markdown]
# # Batch normalisation, backward
#
# Layer normalisation works along the neurons of one example. Turn it by a
# quarter, along the examples of one neuron, and it is batch normalisation.
# The formula stays. What changes is who depends on whom.

# %%
# long: roots of three numbers are multiplied out to prove a line.
from inspect import getsource

import numpy as np
import sympy as sp

from chainrule import complex_step
from chainrule.activations import Array
from chainrule.blocks import batch_norm
from derivations import layer_norm, witnesses
from derivations.calculus import (
    Derivation,
    chain_rule,
    definition,
    meaning,
    straight_line,
)
from derivations.checking import Reference, difference, report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import (
    L,
    alpha,
    c_1,
    c_2,
    c_3,
    g_1,
    g_2,
    g_3,
    gamma,
    shift_beta,
    spread,
    x1,
    x2,
    x3,
    xhat_1,
    xhat_2,
    xhat_3,
    y1,
    y2,
    y3,
)

# %% [markdown]
# ## The same slope
#
# Take one neuron and three examples. The numbers $\act{x_1}$, $\act{x_2}$,
# $\act{x_3}$ are now what this neuron gives for the three examples. Centre
# and scale them, and the slope is the one already derived for layer
# normalisation.

# %%
layer_norm.dL_dx1

# %% [markdown]
# But read it again. The slope in the first example contains the errors of
# the other two. In a network without this block, what one example does to
# its own activations is no other example's business. Here it is.
#
# The reference normalises columns instead of rows. Against a complex step,
# at several shapes:


# %%
def largest_difference(examples: int, units: int) -> float:
    rng = np.random.default_rng(0)
    x, g = rng.normal(size=(2, examples, units))
    norm = batch_norm.BatchNorm(*rng.normal(size=(2, units)))
    _, found = batch_norm.backward(norm, batch_norm.forward(norm, x), g)
    nudged = complex_step(
        lambda x: (g * batch_norm.forward(norm, x).y).sum(), x
    )
    return difference(found, nudged)


{
    f"{shape}": largest_difference(*shape)
    for shape in [(3, 1), (5, 2), (2, 4), (8, 3)]
}

# %% [markdown]
# ## The scale and the shift
#
# After normalising, the neuron may choose its own mean and size again: $y_k =
# \w{\gamma} \act{\hat x_k} + \w{\beta}$. Both are learned. With the slopes
# $\g{g_k}$ in the outputs:

# %%
outputs = Given(
    arguments=(xhat_1, xhat_2, xhat_3, gamma, shift_beta, g_1, g_2, g_3),
    definitions={
        y1: gamma * xhat_1 + shift_beta,
        y2: gamma * xhat_2 + shift_beta,
        y3: gamma * xhat_3 + shift_beta,
        L: g_1 * y1 + g_2 * y2 + g_3 * y3,
    },
)


def of_the_reference(name: str) -> Reference:
    """The slope in the scale or the shift: one neuron, three examples."""

    def slope(*row: float) -> float:
        x_hat, (gamma, beta), g = np.split(np.array(row), [3, 5])
        norm = batch_norm.BatchNorm(np.array([gamma]), np.array([beta]))
        column = x_hat[:, np.newaxis]
        record = batch_norm.Record(column, np.ones(1), column)
        found, _ = batch_norm.backward(norm, record, g[:, np.newaxis])
        return getattr(found, name).item()

    return Reference(
        "chainrule.blocks.batch_norm.backward",
        witnesses.one_by_one(slope),
    )


dL_dgamma = (
    Derivation(
        "Slope of the loss in the scale",
        Slope(L, gamma),
        outputs,
        agrees_with=of_the_reference("gamma"),
    )
    .by(chain_rule, because="one path through each example")
    .by(definition)
    .by(straight_line)
)
dL_dgamma

# %%
dL_dbeta = (
    Derivation(
        "Slope of the loss in the shift",
        Slope(L, shift_beta),
        outputs,
        agrees_with=of_the_reference("beta"),
    )
    .by(chain_rule)
    .by(definition)
    .by(straight_line)
)
dL_dbeta

# %% [markdown]
# They look like the slopes of a weight and a bias, and they are.

# %% [markdown]
# ## The size of the weights no longer matters
#
# Multiply all weights of the neuron by $\alpha$. Then all its inputs here are
# multiplied by $\alpha$ as well. Leave out the small $\varepsilon$, and see
# what becomes of the output.

# %%
mean = alpha * (x1 + x2 + x3) / 3
scaled = Given(
    arguments=(alpha, x1, x2, x3),
    definitions={
        c_1: alpha * x1 - mean,
        c_2: alpha * x2 - mean,
        c_3: alpha * x3 - mean,
        spread: sp.sqrt((c_1**2 + c_2**2 + c_3**2) / 3),
        xhat_1: c_1 / spread,
    },
    ranges={alpha: (0.1, 10)},
)


def without_the_factor(*columns: Array) -> Array:
    """What the reference makes of the three numbers without alpha."""
    norm = batch_norm.BatchNorm(np.ones(1), np.zeros(1))
    rows = np.stack(columns[1:], axis=-1)
    return np.array(
        [
            batch_norm.forward(norm, row[:, np.newaxis], eps=0.0).x_hat[
                0, 0
            ]
            for row in rows
        ]
    )


u_1 = x1 - (x1 + x2 + x3) / 3
u_2 = x2 - (x1 + x2 + x3) / 3
u_3 = x3 - (x1 + x2 + x3) / 3
scale_free = (
    Derivation(
        "A normalised neuron, its weights multiplied by a factor",
        xhat_1,
        scaled,
        agrees_with=Reference(
            "chainrule.blocks.batch_norm.forward", without_the_factor
        ),
    )
    .by(meaning)
    .by(meaning)
    .rewritten(
        alpha * u_1 / sp.sqrt(alpha**2 * (u_1**2 + u_2**2 + u_3**2) / 3),
        because=r"every centred number contains $\alpha$",
    )
    .rewritten(
        u_1 / sp.sqrt((u_1**2 + u_2**2 + u_3**2) / 3),
        because=r"the root of $\alpha^2$ is $\alpha$",
    )
)
scale_free

# %% [markdown]
# The factor is gone. Two things follow. Along the direction of the weights
# the loss does not change, so the gradient has no part in that direction:
# $\w{w} \cdot \g{\partial L / \partial w} = 0$. And weights ten times as
# large have a gradient a tenth as large. Here both are measured, on a neuron
# with four inputs and six examples.

# %%
rng = np.random.default_rng(2)
A, w, g = (
    rng.normal(size=(6, 4)),
    rng.normal(size=4),
    rng.normal(size=(6, 1)),
)


def gradient_at(w: Array) -> Array:
    norm = batch_norm.BatchNorm(np.ones(1), np.zeros(1))
    record = batch_norm.forward(norm, (A @ w)[:, np.newaxis], eps=0.0)
    _, dL_dz = batch_norm.backward(norm, record, g)
    return A.T @ dL_dz[:, 0]


ratio = np.linalg.norm(gradient_at(10 * w)) / np.linalg.norm(gradient_at(w))
{
    "nothing along the weights": bool(abs(w @ gradient_at(w)) < 1e-14),
    "gradient at ten times the size": round(float(ratio), 12),
}

# %% [markdown]
# The output has mean 0 and variance 1. It does not become a bell curve: the
# shape of the distribution stays what it was, moved and scaled.

# %% [markdown]
# ## The code
#
# The backward pass of the reference, ready to copy:

# %%
if __name__ == "__main__":
    print(getsource(batch_norm.backward))

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(dL_dgamma, dL_dbeta, scale_free)
