# %% [markdown]
# # The slope of the sigmoid
#
# The sigmoid squeezes any number into the range from 0 to 1. Its slope can
# be written with its own output, and that is why a network which has just
# computed $\sigma(z)$ gets the slope for one multiplication.

# %% [markdown]
# ## What we want
#
# The sigmoid is $\sigma(z) = \dfrac{1}{1 + e^{-z}}$. We want
# $\dfrac{d}{dz}\sigma(z)$: how much the output moves for a small move of
# $z$.

# %%
import numpy as np
import sympy as sp

from chainrule.activations import sigmoid
from derivations import witnesses
from derivations.calculus import (
    Derivation,
    constant,
    definition,
    exponential_rule,
    meaning,
    named,
    power_rule,
    straight_line,
    sum_rule,
)
from derivations.checking import Reference, report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import sigma, written_out, z

# %%
given = Given(
    arguments=(z,),
    definitions={sigma(z): written_out(sigma(z))},
    ranges={z: (-6, 6)},
    awkward=((0,), (30,), (-30,)),
)

# %% [markdown]
# ## Differentiate
#
# Read the fraction as a power: $(1 + e^{-z})^{-1}$. The power rule takes
# off the outer layer, the sum rule and the slope of the exponential take
# care of what is inside. Two minus signs meet and cancel.

# %%
differentiated = (
    Derivation(
        "Slope of the sigmoid",
        Slope(sigma(z), z),
        given,
        agrees_with=witnesses.activation_slope("sigmoid"),
    )
    .by(definition)
    .by(power_rule, because="a fraction is a power: the exponent is $-1$")
    .by(sum_rule)
    .by(constant)
    .by(exponential_rule)
    .by(
        straight_line,
        because="the slope of $-z$ is $-1$, and two minus signs cancel",
    )
)

# %% [markdown]
# ## Read it in terms of the output
#
# The answer is correct but hides its best feature. Since
# $e^{-z} = (1 + e^{-z}) - 1$, it splits into two factors, and both are old
# friends.

# %%
slope = differentiated.rewritten(
    1 / (1 + sp.exp(-z)) * (1 - 1 / (1 + sp.exp(-z))),
    because="write the numerator as $(1 + e^{-z}) - 1$ and divide",
).by(named)
slope

# %% [markdown]
# ## What it means
#
# The slope is the output times what is missing to 1. It is largest in the
# middle: at $z = 0$ the output is one half and the slope one quarter. Far
# out on either side one of the two factors is nearly zero, and so is the
# slope. A neuron out there has all but stopped listening. We say that it is
# *saturated*. Here are the slopes at −10, −5, 0, 5 and 10.

# %%
slope.numpy()(np.array([-10, -5, 0, 5, 10]))

# %% [markdown]
# ## Another way to write it
#
# Computers have trouble with $e^{-z}$: at $z = -1000$ it is too large for
# them. The hyperbolic tangent never is, and a sigmoid is a tanh that was
# shrunk and moved up.

# %%
half_up, half_down = sp.exp(z / 2), sp.exp(-z / 2)
as_tanh = (
    Derivation(
        "Sigmoid as a tanh",
        sigma(z),
        given,
        agrees_with=Reference("chainrule.activations.sigmoid", sigmoid),
    )
    .by(meaning)
    .rewritten(
        half_up / (half_up + half_down),
        because="multiply above and below by $e^{z/2}$",
    )
    .rewritten(
        sp.Mul(
            sp.S.Half,
            1 + (half_up - half_down) / (half_up + half_down),
            evaluate=False,
        ),
        because="half the sum and half the difference make one exponential",
    )
    .rewritten(
        sp.Mul(sp.S.Half, 1 + sp.tanh(z / 2), evaluate=False),
        because=r"the fraction is the tanh of $z/2$",
    )
)
as_tanh

# %% [markdown]
# ## Does it hold?
#
# Each result is compared with witnesses that know nothing of these lines.

# %%
if __name__ == "__main__":
    report(slope, as_tanh)
