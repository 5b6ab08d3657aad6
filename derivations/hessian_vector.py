# %% [markdown]
# # Curvature in one direction
#
# The table of all second slopes is called the *Hessian*. It is too large to
# write down: for a million weights it has a million times a million entries.
# But its product with one vector costs only about as much as a gradient. It
# is the slope of the gradient along that vector.

# %% [markdown]
# ## What is given
#
# One sigmoid neuron with half the squared error, a weight and a bias.
# Move both at once, in the direction $(v_w, v_b)$: the weight is $\w{w} +
# r\,v_w$ and the bias $\w{b} + r\,v_b$. The number $r$ says how far. Then
# the Hessian times the direction is the slope of the gradient in $r$. Its
# first entry is the slope of the gradient in the weight.

# %%
import numpy as np

from chainrule import ACTIVATIONS, LOSSES, Affine, Layer, complex_step
from chainrule.activations import Array
from chainrule.training import gradients
from derivations import sigmoid, witnesses
from derivations.calculus import (
    Derivation,
    chain_rule,
    constant,
    constant_factor,
    definition,
    known,
    named,
    product_rule,
    straight_line,
    sum_rule,
)
from derivations.checking import Reference, report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import b, g_w, r, sigma, t, v_b, v_w, w, x, y, z

# %%
given = Given(
    arguments=(w, b, x, t, v_w, v_b, r),
    definitions={
        z: (w + r * v_w) * x + b + r * v_b,
        y: sigma(z),
        g_w: (y - t) * y * (1 - y) * x,
    },
    ranges={r: (-0.5, 0.5)},
)

# %% [markdown]
# The gradient in the weight, $\g{g_w} = (\act{y} - \act{t})\,\act{y}\,(1 -
# \act{y})\,\act{x}$, was derived for [one neuron](neuron.ipynb).


# %%
def gradient(w: Array, b: Array, x: float, t: float) -> Array:
    """Of the reference, in the weight. It takes complex numbers too."""
    neuron = Layer(
        Affine(np.reshape(w, (1, 1)), np.reshape(b, 1)),
        ACTIVATIONS["sigmoid"],
    )
    [found] = gradients(
        [neuron],
        np.array([[x]]),
        np.array([[t]]),
        LOSSES["half_squared_error"],
        reduction="sum",
    )
    return found.W[0, 0]


def along(*at: float) -> float:
    """The slope of the reference's gradient in r, by a complex step."""
    w, b, x, t, v_w, v_b, r = at
    return complex_step(
        lambda r: gradient(w + r[0] * v_w, b + r[0] * v_b, x, t),
        np.array([r]),
    )[0]


# %% [markdown]
# ## Three links
#
# The direction moves $z$, $z$ moves $\act{y}$, and $\act{y}$ moves the
# gradient. The first link is a straight line, the second the sigmoid.

# %%
dz_dr = (
    Derivation("Slope of z along the direction", Slope(z, r), given)
    .by(definition)
    .by(sum_rule)
    .by(constant)
    .by(constant_factor)
    .by(straight_line)
)
dz_dr

# %%
dy_dz = (
    Derivation("Slope of y in z", Slope(y, z), given)
    .by(definition)
    .by(known(sigmoid.slope))
    .by(named)
)

# %% [markdown]
# The third is a product in which three factors move.

# %%
dg_dy = (
    Derivation("Slope of the gradient in the output", Slope(g_w, y), given)
    .by(definition)
    .by(constant_factor)
    .by(product_rule)
    .by(straight_line)
    .by(product_rule, because="the two factors that are left")
    .by(straight_line)
    .rewritten(
        (y * (1 - y) + (y - t) * (1 - 2 * y)) * x,
        because="collect the error $y - t$",
    )
)
dg_dy

# %% [markdown]
# ## Along the direction

# %%
hessian_times_v = (
    Derivation(
        "Slope of the gradient along a direction",
        Slope(g_w, r),
        given,
        agrees_with=Reference(
            "complex step through chainrule.network.backward",
            witnesses.one_by_one(along),
        ),
    )
    .by(chain_rule)
    .by(chain_rule)
    .by(known(dz_dr, dy_dz, dg_dy))
)
hessian_times_v

# %% [markdown]
# One factor for each link, the last link first: how the gradient depends on
# the output, the slope of the sigmoid, and how fast $z$ moves along the
# direction. The first bracket has two terms. The one with the error
# $y - t$ comes from the bend of the sigmoid and may have either sign. The
# other is never negative.

# %% [markdown]
# ## For a whole network
#
# Nothing here needed the table. A program for the gradient is enough: let
# it run at weights moved a tiny bit along the direction, and see how the
# gradient changes. Take a network with two inputs, three hidden neurons and
# two outputs, and a random direction. First its Hessian is built column by
# column and multiplied by the direction. Then the product is found in one
# go, without it.

# %%
shapes = [(3, 2), (3,), (2, 3), (2,)]
starts = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])
rng = np.random.default_rng(0)
at, direction = rng.normal(size=(2, starts[-1]))
x_rows, t_rows = rng.normal(size=(2, 4, 2))


def whole_gradient(parameters: Array) -> Array:
    """The gradient of the 2-3-2 network as one long vector."""
    W1, b1, W2, b2 = (
        parameters[start:end].reshape(shape)
        for start, end, shape in zip(
            starts, starts[1:], shapes, strict=False
        )
    )
    layers = [
        Layer(Affine(W1, b1), ACTIVATIONS["tanh"]),
        Layer(Affine(W2, b2), ACTIVATIONS["identity"]),
    ]
    loss = LOSSES["half_squared_error"]
    found = gradients(layers, x_rows, t_rows, loss, reduction="mean")
    parts = [part for one in found for part in (one.W, one.b)]
    return np.concatenate([part.ravel() for part in parts])


tiny = 1e-200
table = np.array(
    [
        np.imag(whole_gradient(at + 1j * tiny * column)) / tiny
        for column in np.eye(len(at))
    ]
)
in_one_go = np.imag(whole_gradient(at + 1j * tiny * direction)) / tiny
{
    "entries of the table": table.size,
    "gradients for the table": len(at),
    "gradients for one direction": 1,
    "difference": float(np.max(np.abs(table @ direction - in_one_go))),
    "symmetric": bool(np.allclose(table, table.T, rtol=0, atol=1e-15)),
}

# %% [markdown]
# The nudge was a tiny imaginary one, so it costs one gradient in complex
# numbers. A program in real numbers, derived by the same rules, costs about
# two gradients (Pearlmutter 1994). Either way the number of gradients does
# not grow with the number of weights.

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(hessian_times_v)
