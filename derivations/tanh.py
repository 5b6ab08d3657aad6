# %% [markdown]
# # The slope of the hyperbolic tangent
#
# The hyperbolic tangent is the sigmoid's taller sister. It squeezes any
# number into the range from −1 to 1, and its slope too can be written with
# its own output.

# %% [markdown]
# ## What we want
#
# The function is a quotient, $\tanh(z) = \dfrac{u}{v}$ with
# $u = e^{z} - e^{-z}$ and $v = e^{z} + e^{-z}$. Numerator and denominator
# are each other's slopes. That one fact does most of the work.

# %%
from typing import Any

import sympy as sp

from derivations import sigmoid, witnesses
from derivations.calculus import (
    Derivation,
    constant_factor,
    definition,
    exponential_rule,
    named,
    quotient_rule,
    straight_line,
    sum_rule,
)
from derivations.checking import report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import u, v, written_out, z

# %%
given = Given(
    arguments=(z,),
    definitions={
        u: sp.exp(z) - sp.exp(-z),
        v: sp.exp(z) + sp.exp(-z),
        sp.tanh(z): u / v,
    },
    ranges={z: (-4, 4)},
    awkward=((0,), (30,), (-30,)),
)

# %% [markdown]
# ## Differentiate
#
# The quotient rule first, then the exponentials. Watch $u$ turn into $v$
# and $v$ into $u$.

# %%
slope = (
    Derivation(
        "Slope of the hyperbolic tangent",
        Slope(sp.tanh(z), z),
        given,
        agrees_with=witnesses.activation_slope("tanh"),
    )
    .by(definition)
    .by(quotient_rule)
    .by(definition, because="open the numerator and the denominator")
    .by(sum_rule)
    .by(constant_factor)
    .by(exponential_rule)
    .by(
        straight_line,
        because="the inner slope of the second exponential is $-1$",
    )
    .by(named, because="each has turned into the other")
    .rewritten(
        1 - sp.Pow(u / v, 2, evaluate=False),
        because="divide each square by the last",
    )
    .by(named)
)
slope

# %% [markdown]
# ## What it means
#
# At $z = 0$ the output is 0 and the slope is 1: four times the best the
# sigmoid can do. Further out the advantage is lost. The square grows, the
# slope falls, and from some $z$ on the sigmoid is the steeper of the two.
# This is where:

# %%
equally_steep: Any = sp.nsolve(
    slope.result - written_out(sigmoid.slope.result), z, 2
)
crossing = float(equally_steep)
crossing

# %% [markdown]
# Beyond it, a saturated tanh neuron listens even less than a saturated
# sigmoid.

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(slope)
