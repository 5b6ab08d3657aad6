# %% [markdown]
# # The slope of softplus
#
# Softplus is ReLU with the corner rounded off. Its slope is the sigmoid.
# That one line ties three of the functions of this book together.

# %% [markdown]
# ## The question
#
# The function is $\operatorname{softplus}(z) = \ln(1 + e^{z})$. Far to the
# right it is nearly $z$, far to the left nearly 0. What is its slope?

# %%
import numpy as np
import sympy as sp

from chainrule import activations
from derivations import witnesses
from derivations.calculus import (
    Derivation,
    constant,
    definition,
    exponential_rule,
    logarithm_rule,
    meaning,
    named,
    sum_rule,
)
from derivations.checking import Reference, report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import sigma, softplus, written_out, z

# %%
given = Given(
    arguments=(z,),
    definitions={
        sigma(z): written_out(sigma(z)),
        softplus(z): written_out(softplus(z)),
    },
    ranges={z: (-6, 6)},
    awkward=((0,), (30,), (-30,)),
)

# %% [markdown]
# ## Differentiate
#
# The logarithm puts its inside under the fraction bar and the slope of its
# inside on top. Dividing both by $e^{z}$ shows what that is.

# %%
slope = (
    Derivation(
        "Slope of softplus",
        Slope(softplus(z), z),
        given,
        agrees_with=witnesses.activation_slope("softplus"),
    )
    .by(definition)
    .by(logarithm_rule)
    .by(sum_rule)
    .by(constant)
    .by(exponential_rule)
    .rewritten(
        1 / (1 + sp.exp(-z)), because="divide above and below by $e^{z}$"
    )
    .by(named)
)
slope

# %% [markdown]
# ## What it means
#
# ReLU has the slope 0 on the left and 1 on the right. The sigmoid goes from
# one to the other without a jump. So a softplus neuron is never quite off,
# and there is no point where a slope has to be chosen. At $z = 0$ the slope
# is one half.

# %%
slope.numpy()(np.array([-10.0, -1.0, 0.0, 1.0, 10.0]))

# %% [markdown]
# ## A form that cannot overflow
#
# At $z = 1000$ the exponential is too large for a computer, though the
# answer is plainly 1000. Take $e^{z}$ out of the bracket. What is left in
# the logarithm is small when $z$ is large.

# %%
taken_out = (
    Derivation(
        "Softplus with the exponential taken out",
        softplus(z),
        given,
        agrees_with=Reference(
            "chainrule.activations.softplus", activations.softplus
        ),
    )
    .by(meaning)
    .rewritten(
        sp.log(sp.exp(z) * (1 + sp.exp(-z))),
        because="$e^{z} e^{-z} = 1$",
    )
    .rewritten(
        z + sp.log(1 + sp.exp(-z)),
        because="the logarithm of a product is a sum",
    )
)
taken_out

# %% [markdown]
# For negative $z$ the first form is the safe one. The reference picks
# whichever keeps its exponential at or below 1.

# %%
activations.softplus(np.array([-1000.0, 0.0, 1000.0]))

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(slope, taken_out)
