# %% [markdown]
# # Layer normalisation, backward
#
# Normalising moves some numbers to mean 0 and scales them to variance 1.
# Every input then has a part in every output: by itself, through the mean
# and through the spread. Its slope has three terms, one for each.

# %% [markdown]
# ## What is given
#
# Three inputs show the pattern. First they are centred: $c_k = \act{x_k} -
# \overline{x}$. Their variance is $v = (c_1^2 + c_2^2 + c_3^2)/3 +
# \varepsilon$, where the small $\varepsilon$ prevents a division by zero.
# The spread is $s = \sqrt v$, and the outputs are $\act{\hat x_k} = c_k / s$.
#
# From above come the slopes $\g{g_k}$ of the loss in the outputs. As far as
# slopes go, the loss may be replaced by $\sum_k \g{g_k} \act{\hat x_k}$,
# which is $q/s$ with $q = \sum_k \g{g_k} c_k$.

# %%
# long: roots of three numbers are multiplied out to prove a line.
from inspect import getsource

import numpy as np
import sympy as sp

from chainrule import complex_step
from chainrule.activations import Array
from chainrule.blocks import layer_norm
from derivations.calculus import (
    Derivation,
    chain_rule,
    constant,
    constant_factor,
    definition,
    known,
    power_rule,
    straight_line,
    sum_rule,
)
from derivations.checking import Reference, difference, report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import (
    L,
    c_1,
    c_2,
    c_3,
    g_1,
    g_2,
    g_3,
    guard,
    mean_g,
    mean_gx,
    overlap,
    spread,
    variance,
    x1,
    x2,
    x3,
    xhat_1,
    xhat_2,
    xhat_3,
)

# %%
mean = (x1 + x2 + x3) / 3
given = Given(
    arguments=(x1, x2, x3, g_1, g_2, g_3, guard),
    definitions={
        c_1: x1 - mean,
        c_2: x2 - mean,
        c_3: x3 - mean,
        variance: (c_1**2 + c_2**2 + c_3**2) / 3 + guard,
        spread: sp.sqrt(variance),
        xhat_1: c_1 / spread,
        xhat_2: c_2 / spread,
        xhat_3: c_3 / spread,
        mean_g: (g_1 + g_2 + g_3) / 3,
        mean_gx: (g_1 * xhat_1 + g_2 * xhat_2 + g_3 * xhat_3) / 3,
        overlap: g_1 * c_1 + g_2 * c_2 + g_3 * c_3,
        L: overlap / spread,
    },
    ranges={guard: (0.1, 1)},
)

# %% [markdown]
# ## Through the spread
#
# A centred input moves the loss in two ways: through $q$, and through the
# variance of all three.

# %%


def through_the_spread(
    c: sp.Symbol, g: sp.Symbol, xhat: sp.Symbol
) -> Derivation:
    return (
        Derivation(
            f"Slope of the loss in {c}, the mean already taken off",
            Slope(L, c),
            given,
        )
        .by(chain_rule)
        .by(chain_rule, because="the spread is the root of the variance")
        .by(definition)
        .by(straight_line)
        .by(constant_factor)
        .by(sum_rule)
        .by(constant)
        .by(constant_factor)
        .by(power_rule, because="a root is the power one half")
        .rewritten(
            g / spread - overlap * c / (3 * spread**3),
            because="the root is the spread again",
        )
        .rewritten(
            (g - xhat * mean_gx) / spread,
            because=r"$c/s = \hat x$, and $q/s$ is three times a mean",
        )
    )


dL_dc1 = through_the_spread(c_1, g_1, xhat_1)
dL_dc2 = through_the_spread(c_2, g_2, xhat_2)
dL_dc3 = through_the_spread(c_3, g_3, xhat_3)
dL_dc1

# %% [markdown]
# The bar over $\g{g \hat x}$ is the mean of the three products. What is
# taken away is the part of $\g{g}$ that points along the outputs: making
# all of them larger is not possible, the spread is fixed.

# %% [markdown]
# ## Through the mean
#
# Now the inputs themselves. Each moves all three centred ones: its own by
# $1 - \tfrac13$, the others by $-\tfrac13$.

# %%


def of_the_reference(*columns: Array) -> Array:
    x, g = np.stack(columns[:3], axis=-1), np.stack(columns[3:6], axis=-1)
    norm = layer_norm.LayerNorm(np.ones(3), np.zeros(3))
    return np.array(
        [
            layer_norm.backward(
                norm,
                layer_norm.forward(norm, row[np.newaxis], eps=eps),
                slopes[np.newaxis],
            )[1][0, 0]
            for row, slopes, eps in zip(x, g, columns[6], strict=True)
        ]
    )


dL_dx1 = (
    Derivation(
        "Slope of the loss in an input of layer normalisation",
        Slope(L, x1),
        given,
        agrees_with=Reference(
            "chainrule.blocks.layer_norm.backward", of_the_reference
        ),
    )
    .by(chain_rule)
    .by(known(dL_dc1, dL_dc2, dL_dc3))
    .by(definition)
    .by(straight_line)
    .rewritten(
        (g_1 - mean_g - xhat_1 * mean_gx) / spread,
        because=r"the three $\hat x$ sum to 0",
    )
)
dL_dx1

# %% [markdown]
# Three terms. What arrives; less its mean, since moving all inputs together
# changes nothing; less its part along the outputs, since stretching them
# together changes nothing either. All divided by the spread.

# %% [markdown]
# ## Any number of neurons
#
# Nothing but the means depends on the number three. The reference has the
# same line for rows of any length. Here it is against a complex step
# through the forward pass, at several shapes:

# %%


def largest_difference(rows: int, units: int) -> float:
    rng = np.random.default_rng(0)
    x, g = rng.normal(size=(2, rows, units))
    norm = layer_norm.LayerNorm(*rng.normal(size=(2, units)))
    _, found = layer_norm.backward(norm, layer_norm.forward(norm, x), g)
    nudged = complex_step(
        lambda x: (g * layer_norm.forward(norm, x).y).sum(), x
    )
    return difference(found, nudged)


{
    f"{shape}": largest_difference(*shape)
    for shape in [(1, 3), (2, 5), (4, 2), (3, 8)]
}

# %% [markdown]
# ## Two checks for any program
#
# The slopes of a row sum to 0, and without $\varepsilon$ their products
# with the outputs do too. Both follow from the formula, and a program that
# has one of its terms wrong fails one of them.

# %%
rng = np.random.default_rng(1)
x, g = rng.normal(size=(2, 1, 6))
norm = layer_norm.LayerNorm(np.ones(6), np.zeros(6))
record = layer_norm.forward(norm, x, eps=0.0)
_, dL_dx = layer_norm.backward(norm, record, g)
sums = [abs(dL_dx.sum().item()), abs((dL_dx * record.x_hat).sum().item())]
both_are_zero = max(sums) < 1e-14
both_are_zero

# %% [markdown]
# ## The code
#
# The backward pass of the reference, ready to copy. It also has a scale and a
# shift for each neuron, which the next page is about.

# %%
if __name__ == "__main__":
    print(getsource(layer_norm.backward))

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(dL_dc1, dL_dx1)
