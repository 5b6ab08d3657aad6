# %% [markdown]
# # The slope of GELU
#
# GELU multiplies a number by the chance that a random one is smaller. It
# looks like ReLU from afar. Its slope has a surprise: it goes below 0 and
# above 1.

# %% [markdown]
# ## What is given
#
# $\Phi(z)$ is the chance that a standard normal number is below $z$. Its
# slope is the bell curve $\varphi(z) = \varphi(0)\,e^{-z^2/2}$, which is
# $\varphi(0) = 1/\sqrt{2\pi}$ high in the middle. GELU is
# $\operatorname{GELU}(z) = z\,\Phi(z)$: the larger a number is among such
# random ones, the larger the share of it that passes.

# %%
from statistics import NormalDist
from typing import Any

import numpy as np
import sympy as sp

from chainrule.activations import GELU_CUBIC, GELU_SCALE
from derivations import tanh, witnesses
from derivations.calculus import (
    Derivation,
    chain_rule,
    common_factor,
    constant,
    constant_factor,
    definition,
    exponential_rule,
    known,
    power_rule,
    product_rule,
    slope_rule,
    straight_line,
    sum_rule,
)
from derivations.checking import Reference, report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import (
    Phi,
    bell_height,
    gate_cubic,
    gate_scale,
    gelu,
    gelu_slope,
    phi,
    u,
    v,
    written_out,
    z,
)

# %%
bell = {
    Phi(z): written_out(Phi(z)),
    bell_height: 1 / sp.sqrt(2 * sp.pi),
    phi(z): bell_height * sp.exp(-(z**2) / 2),
    gelu(z): z * Phi(z),
    gelu_slope(z): Phi(z) + z * phi(z),
}
given = Given(
    arguments=(z,), definitions=bell, ranges={z: (-5, 5)}, awkward=((0,),)
)


def bell_curve(slope: Slope, given: Given) -> Any:
    return phi(slope.by) if slope.of == Phi(slope.by) else None


curve: Any = phi(z)
slope_of_Phi = slope_rule(
    "slope of the distribution", r"\Phi'(z) = \varphi(z)"
)(bell_curve)

# %% [markdown]
# The standard library knows the normal distribution. It is the witness
# here, since NumPy does not have $\Phi$.

# %%
normal = NormalDist()
library = witnesses.one_by_one


def from_library(z: float) -> float:
    return normal.cdf(z) + z * normal.pdf(z)


# %% [markdown]
# ## Differentiate
#
# A product of two factors, and both move.

# %%
slope = (
    Derivation(
        "Slope of GELU",
        Slope(gelu(z), z),
        given,
        agrees_with=Reference(
            "statistics.NormalDist",
            library(from_library),
            before=library(lambda z: z * normal.cdf(z)),
        ),
    )
    .by(definition)
    .by(product_rule)
    .by(straight_line)
    .by(slope_of_Phi)
)
slope

# %% [markdown]
# The first term is a soft switch from 0 to 1, as for softplus. The second
# is the surprise. It is negative on the left and positive on the right.

# %% [markdown]
# ## How far it goes
#
# The extremes are where the slope of the slope is zero. It has three terms,
# and two of them are alike.

# %%
slope_of_the_slope = (
    Derivation(
        "Slope of the slope of GELU",
        Slope(gelu_slope(z), z),
        given,
        agrees_with=Reference(
            "statistics.NormalDist",
            library(lambda z: (2 - z**2) * normal.pdf(z)),
            before=library(from_library),
        ),
    )
    .by(definition)
    .by(sum_rule)
    .by(slope_of_Phi)
    .by(product_rule)
    .by(straight_line)
    .by(definition)
    .by(constant_factor)
    .by(exponential_rule)
    .by(constant_factor)
    .by(power_rule, because="the exponent is $-z^2/2$, its slope $-z$")
    .rewritten(
        2 * curve - z**2 * curve,
        because=r"the bell curve again, twice and times $-z^2$",
    )
    .by(common_factor)
)
slope_of_the_slope

# %% [markdown]
# The bell curve is never zero, so the bracket must be: $z^2 = 2$. At
# $-\sqrt2$ the slope is lowest, at $\sqrt2$ highest. Here are both.

# %%
lowest, highest = slope.numpy()(np.array([-np.sqrt(2), np.sqrt(2)]))
{"lowest": float(lowest), "highest": float(highest)}

# %% [markdown]
# Two things follow. GELU falls before it rises, so a single neuron can tell
# the middle of a range from both ends. With an activation that only rises,
# none can. And the slope is above 1 on a whole stretch, so a GELU neuron can
# amplify the error that passes through it.

# %% [markdown]
# ## The version with tanh
#
# Many libraries use a close copy of $\Phi$ made of a tanh. It has a slope
# of its own. A program must use the slope of the function it computes, not
# the slope of the one it imitates. Call the inside of the tanh
# $u = c\,(\kappa z^3 + z)$ and the switch $v = (1 + \tanh u)/2$. The two
# constants $c$ and $\kappa$ are chosen once, so that $v$ is near $\Phi$.

# %%
with_tanh = Given(
    arguments=(z,),
    definitions={
        gate_scale: sp.Float(GELU_SCALE),
        gate_cubic: sp.Float(GELU_CUBIC),
        u: gate_scale * (z + gate_cubic * z**3),
        v: (1 + sp.tanh(u)) / 2,
        gelu(z): z * v,
    },
    ranges={z: (-5, 5)},
    awkward=((0,), (30,), (-30,)),
)

slope_with_tanh = (
    Derivation(
        "Slope of GELU in its tanh form",
        Slope(gelu(z), z),
        with_tanh,
        agrees_with=witnesses.activation_slope("gelu_tanh"),
    )
    .by(definition)
    .by(product_rule)
    .by(straight_line)
    .by(chain_rule)
    .by(definition)
    .by(constant_factor)
    .by(sum_rule)
    .by(constant)
    .by(constant_factor)
    .by(known(tanh.slope))
    .by(power_rule)
    .by(straight_line)
)
slope_with_tanh

# %% [markdown]
# The two functions are close. Their slopes are close too, but not equal:
# this is the largest difference on a fine grid.

# %%
grid = np.linspace(-6, 6, 2401)
largest_gap = float(
    np.max(np.abs(slope.numpy()(grid) - slope_with_tanh.numpy()(grid)))
)
largest_gap

# %% [markdown]
# That is far more than the error of a gradient check, so a check finds out
# if the two are mixed up.

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(slope, slope_of_the_slope, slope_with_tanh)
