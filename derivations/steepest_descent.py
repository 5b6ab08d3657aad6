# %% [markdown]
# # Why go against the gradient
#
# Of all small steps of one length, which lowers the loss most? The one
# straight against the gradient. But the answer depends on how length is
# measured.

# %% [markdown]
# ## What is given
#
# Two weights are enough. A small step $(d_1, d_2)$ changes the loss by
# $\g{g_1} d_1 + \g{g_2} d_2$, to first order. The step must have the length
# $\varepsilon$. Lagrange's method puts the condition into the function,
# with a factor $\mu$:
#
# $$\Lambda = \g{g_1} d_1 + \g{g_2} d_2 + \mu\,(d_1^2 + d_2^2 -
# \varepsilon^2).$$
#
# At the best step the slopes of $\Lambda$ are zero.

# %%
import numpy as np
import sympy as sp

from chainrule import ACTIVATIONS, Affine, Layer, sgd
from derivations import witnesses
from derivations.calculus import (
    Derivation,
    added,
    constant,
    constant_factor,
    definition,
    divided,
    meaning,
    power_rule,
    straight_line,
    sum_rule,
)
from derivations.checking import Reference, report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import (
    change,
    d_x,
    d_y,
    g_x,
    g_y,
    lagrangian,
    length,
    mu,
    norm_g,
)

# %% [markdown]
# ## Where the slope is zero

# %%
slope = (
    Derivation(
        "Slope of Lagrange's function in the step",
        Slope(lagrangian, d_x),
        Given(
            arguments=(d_x, d_y, mu, g_x, g_y, length),
            definitions={
                lagrangian: g_x * d_x
                + g_y * d_y
                + mu * (d_x**2 + d_y**2 - length**2)
            },
            ranges={mu: (0.2, 2), length: (0.1, 1)},
        ),
    )
    .by(definition)
    .by(sum_rule)
    .by(straight_line)
    .by(constant)
    .by(constant_factor)
    .by(sum_rule)
    .by(constant)
    .by(power_rule)
)
slope

# %%
best_entry = (
    Derivation(
        "The best step, with the factor still unknown",
        sp.Eq(g_x + 2 * mu * d_x, 0),
        Given(
            arguments=(d_x, g_x, mu),
            ranges={mu: (0.2, 2)},
            awkward=((-0.5, 1, 1), (0.75, -3, 2), (0, 0, 1)),
        ),
        agrees_with=Reference(
            "numpy",
            lambda d, g, mu: np.isclose(
                d, -g / (2 * mu), rtol=0, atol=1e-12
            ),
        ),
        name="is_best_entry",
    )
    .by(added(-g_x))
    .by(divided(2 * mu))
)
best_entry

# %% [markdown]
# The same holds for $d_2$. So both entries of the step are those of the
# gradient times one negative number, and the step points exactly against
# the gradient. The condition on the length gives the number: $\mu
#  = \lVert g \rVert / 2\varepsilon$.

# %%
at_the_best = Given(
    arguments=(g_x, g_y, length),
    definitions={
        norm_g: sp.sqrt(g_x**2 + g_y**2),
        mu: norm_g / (2 * length),
        d_x: -g_x / (2 * mu),
        d_y: -g_y / (2 * mu),
        change: g_x * d_x + g_y * d_y,
    },
    ranges={length: (0.1, 1)},
)


def step_of_sgd(g_x: float, g_y: float, length: float) -> np.ndarray:
    """A step of gradient descent from zero, scaled to the length."""
    start = Layer(
        Affine(np.zeros((1, 2)), np.zeros(1)), ACTIVATIONS["tanh"]
    )
    gradient = Affine(np.array([[g_x, g_y]]), np.zeros(1))
    [end] = sgd([start], [gradient], length / np.hypot(g_x, g_y))
    return end.affine.W[0]


step = (
    Derivation(
        "The step that lowers the loss most",
        d_x,
        at_the_best,
        agrees_with=Reference(
            "chainrule.sgd",
            witnesses.one_by_one(lambda *at: step_of_sgd(*at)[0]),
        ),
    )
    .by(meaning)
    .by(meaning)
)
step

# %% [markdown]
# ## How much the loss falls
#
# Put the step into the change of the loss.

# %%


def lowest_of_all(g_x: float, g_y: float, length: float) -> float:
    """The lowest change over directions so fine that it is flat between."""
    around = np.arctan2(g_y, g_x) + np.pi + np.linspace(-1e-6, 1e-6, 201)
    everywhere = np.linspace(0, 2 * np.pi, 721)
    angle = np.concatenate([around, everywhere])
    return length * np.min(g_x * np.cos(angle) + g_y * np.sin(angle))


fall = (
    Derivation(
        "How much the loss changes",
        change,
        at_the_best,
        agrees_with=Reference(
            "the lowest of 922 directions",
            witnesses.one_by_one(lowest_of_all),
        ),
    )
    .by(meaning)
    .by(meaning)
    .by(meaning)
    .rewritten(
        -length * (g_x**2 + g_y**2) / norm_g,
        because="take out what is common",
    )
    .rewritten(
        -length * norm_g,
        because=r"the sum of squares is $\lVert g \rVert^2$",
    )
)
fall

# %% [markdown]
# ## The other solution
#
# The slopes of $\Lambda$ are zero for a second step too. SymPy solves all
# three equations at once, for the gradient $(3, 4)$ and the length 1, and
# finds both.

# %%
d_1, d_2, factor = sp.symbols("d_1 d_2 mu")
solutions = sp.solve(
    [3 + 2 * factor * d_1, 4 + 2 * factor * d_2, d_1**2 + d_2**2 - 1],
    [d_1, d_2, factor],
)
[tuple(map(str, solution)) for solution in solutions]

# %% [markdown]
# The one with $\mu > 0$ goes straight down, the other straight up. A zero
# slope alone does not tell which.

# %% [markdown]
# ## Another length, another best step
#
# Suppose that no *single* weight may move by more than $\varepsilon$. Then
# each should move by the full $\varepsilon$, against the sign of its own
# slope. The steepest step takes only the signs from the gradient, and sizes
# no longer matter. This is what Adam does on its first step. So steepest
# descent is not one method: it depends on the ruler.
#
# Here are the four steps in which both weights move fully. For the gradient
# $(3, -0.04)$ the loss falls most with this one.

# %%
gradient = np.array([3.0, -0.04])
corners = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
corners[np.argmin(corners @ gradient)]

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(slope, best_entry, step, fall)
