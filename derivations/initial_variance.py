# %% [markdown]
# # How large the first weights should be
#
# Every layer multiplies the size of what passes through it. If the factor
# is not 1, a deep network starts with signals that vanish or explode. The
# factor can be computed before training, and weights chosen so that it
# is 1.

# %%
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import sympy as sp

from chainrule import ACTIVATIONS, Affine, Layer, forward, initializers
from chainrule.network import Record
from derivations import witnesses
from derivations.calculus import (
    Derivation,
    Rule,
    common_factor,
    divided,
)
from derivations.checking import Reference, report
from derivations.given import Given
from derivations.symbols import (
    fan_in,
    fan_out,
    k,
    n,
    var_a,
    var_w,
    var_x,
    var_z,
    wx_k,
)

# %% [markdown]
# ## One sum of many terms
#
# A neuron forms $z = \sum_k \w{w_k} \act{x_k}$. The weights are drawn at
# random, each with mean 0, independently of each other and of the inputs.
# How large is $z$, on average of its square?
#
# In the square of the sum stand the squares of the terms and the products
# of two different ones. A product of two different terms contains a single
# $\w{w_k}$, whose mean is 0, so it averages out. Only the squares are left.

# %%


def instead(old: Any, new: Any) -> Callable[[Any, Given], Any]:
    return lambda line, given: new if line == old else None


mixed_terms = Rule(
    "independent, with mean 0",
    r"\operatorname{E}\left[\left(\sum_k u_k\right)^2\right]"
    r" = \sum_k \operatorname{E}[u_k^2]",
    instead(var_z, sp.Sum(wx_k, (k, 1, n))),
)
independent_product = Rule(
    "independent factors",
    r"\operatorname{E}[u^2 v^2] = \operatorname{E}[u^2]\,"
    r"\operatorname{E}[v^2]",
    instead(wx_k, var_w * var_x),
)
equal_terms = Rule(
    "equal terms",
    r"\sum_{k=1}^{n} c = n\,c",
    lambda line, given: line.doit() if isinstance(line, sp.Sum) else None,
)

# %% [markdown]
# The witness takes the average exactly. Weights of $\pm s$ have the
# variance $s^2$, and with up to six inputs every choice of signs can be
# tried on the reference.

# %%


def over_all_signs(
    after: Callable[[Record], float],
) -> Callable[..., float]:
    """The mean of a function of z, over all signs of the weights."""

    def mean(var_w: float, var_x: float, n: float) -> float:
        x = np.full((1, int(n)), np.sqrt(var_x))
        found: list[float] = []
        for signs in product((-1, 1), repeat=int(n)):
            W = np.sqrt(var_w) * np.array([signs], dtype=float)
            layer = Layer(Affine(W, np.zeros(1)), ACTIVATIONS["relu"])
            found.append(after(forward([layer], x)[-1]))
        return float(np.mean(found))

    return mean


one_layer = Given(
    arguments=(var_w, var_x, n),
    ranges={var_w: (0.1, 2), var_x: (0.1, 2), n: (1, 6)},
    whole=(n,),
)

size_of_z = (
    Derivation(
        "Mean square of a pre-activation",
        var_z,
        one_layer,
        agrees_with=Reference(
            "chainrule.network.forward, over all signs",
            witnesses.one_by_one(
                over_all_signs(lambda record: record.z.item() ** 2)
            ),
        ),
    )
    .by(mixed_terms)
    .by(independent_product)
    .by(equal_terms)
)
size_of_z

# %% [markdown]
# The number of inputs is the factor nobody sees. With weights of variance 1
# and 512 inputs, each layer multiplies the mean square by 512.

# %% [markdown]
# ## ReLU passes half
#
# What goes to the next layer is not $z$ but the activation. The
# distribution of $z$ is symmetric: $z$ and $-z$ are equally likely. ReLU
# keeps the positive side and sets the other to 0. So it keeps half of the
# mean square, whatever the shape of the distribution.

# %%
both_sides = Rule(
    "symmetry",
    r"\operatorname{E}[z^2] = \operatorname{E}[\operatorname{ReLU}(z)^2]"
    r" + \operatorname{E}[\operatorname{ReLU}(-z)^2]"
    r" = 2 \operatorname{E}[\operatorname{ReLU}(z)^2]",
    instead(var_a, var_z / 2),
)
mean_square_found = Rule(
    "mean square of a pre-activation",
    size_of_z.latex(),
    instead(var_z, size_of_z.result),
)

size_of_a = (
    Derivation(
        "Mean square after a ReLU",
        var_a,
        replace(one_layer, definitions={var_z: size_of_z.result}),
        agrees_with=Reference(
            "chainrule.network.forward, over all signs",
            witnesses.one_by_one(
                over_all_signs(lambda record: record.a.item() ** 2)
            ),
        ),
    )
    .by(both_sides)
    .by(mean_square_found)
)
size_of_a

# %% [markdown]
# For the bell curve SymPy finds the same half, by an integral.

# %%
z = sp.Symbol("z", real=True)
sp.integrate(z**2 * sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi), (z, 0, sp.oo))

# %% [markdown]
# ## He: the factor 1 for ReLU
#
# What comes out should be as large as what came in. That is an equation for
# the variance of the weights. It is the choice of He and colleagues.


# %%
def variance_of(
    initializer: initializers.Initializer, n_in: float, n_out: float
) -> float:
    """The variance the reference draws with, from the same seed."""
    shape = (int(n_out), int(n_in))
    plain = initializers.normal(shape, np.random.default_rng(0))
    scaled = initializer(shape, np.random.default_rng(0))
    return float(np.mean(scaled**2) / np.mean(plain**2))


def is_the_variance(
    initializer: initializers.Initializer,
) -> Callable[[float, float, float], bool]:
    return lambda var_w, n_in, n_out: bool(
        np.isclose(
            var_w, variance_of(initializer, n_in, n_out), rtol=0, atol=1e-12
        )
    )


he = (
    Derivation(
        "Weights that keep the mean square through a ReLU",
        sp.Eq(fan_in * var_w * var_x / 2, var_x),
        Given(
            arguments=(var_w, fan_in, var_x),
            ranges={var_w: (0.1, 2), fan_in: (1, 9), var_x: (0.1, 2)},
            whole=(fan_in,),
            awkward=((0.5, 4, 1), (1, 2, 2), (0.25, 8, 1)),
        ),
        agrees_with=Reference(
            "chainrule.initializers.he",
            witnesses.one_by_one(
                lambda var_w, n_in, var_x: is_the_variance(initializers.he)(
                    var_w, n_in, 3
                )
            ),
        ),
        name="is_he",
    )
    .by(divided(var_x))
    .by(divided(fan_in / 2))
)
he

# %% [markdown]
# ## Xavier: both directions
#
# Near zero a tanh is a straight line of slope 1, so nothing is halved: the
# forward factor is $n_{\text{in}} \operatorname{Var} \w{w}$. Errors run
# backward through the same weights, and there each sum has one term for
# each neuron *above*: the factor is $n_{\text{out}} \operatorname{Var}
# \w{w}$. Unless the layer is square, they cannot both be 1. Glorot and
# Bengio asked that their average be 1.

# %%
xavier = (
    Derivation(
        "Weights that keep both directions, on average",
        sp.Eq(fan_in * var_w / 2 + fan_out * var_w / 2, 1),
        Given(
            arguments=(var_w, fan_in, fan_out),
            ranges={var_w: (0.1, 2), fan_in: (1, 9), fan_out: (1, 9)},
            whole=(fan_in, fan_out),
            awkward=((0.5, 2, 2), (0.25, 3, 5), (0.125, 7, 9)),
        ),
        agrees_with=Reference(
            "chainrule.initializers.xavier",
            witnesses.one_by_one(is_the_variance(initializers.xavier)),
        ),
        name="is_xavier",
    )
    .by(common_factor)
    .by(divided((fan_in + fan_out) / 2))
    .rewritten(
        sp.Eq(var_w, 2 / (fan_in + fan_out)), because="the factor cancels"
    )
)
xavier

# %% [markdown]
# ## What it leaves out
#
# A tanh is a straight line only near zero. In truth it shrinks whatever
# goes in, and its mean square has no closed form. SymPy does not find one;
# numerically it is easily had. For a $z$ of variance 1:

# %%
nodes, weights = np.polynomial.hermite_e.hermegauss(80)
mean_square_of_tanh = float(
    np.sum(weights * np.tanh(nodes) ** 2) / np.sum(weights)
)
mean_square_of_tanh

# %% [markdown]
# So with Xavier's weights a tanh network loses more than half of the mean
# square in its first layer, and less in later ones, where the numbers are
# smaller.

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(size_of_z, size_of_a, he, xavier)
