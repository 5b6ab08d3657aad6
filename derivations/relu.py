# %% [markdown]
# # The slope of ReLU
#
# The rectified linear unit passes what is positive and stops what is not.
# Its slope is 1 or 0, except at one point, where there is none. There we
# have to choose.

# %% [markdown]
# ## What we want
#
# ReLU is a function with two branches. We differentiate each branch by
# itself.

# %%
import numpy as np
import sympy as sp

from derivations import witnesses
from derivations.calculus import (
    Derivation,
    by_branch,
    constant,
    definition,
    straight_line,
)
from derivations.checking import report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import relu, z

# %%
given = Given(
    arguments=(z,),
    definitions={relu(z): sp.Piecewise((z, z > 0), (0, True))},
    awkward=((0,), (30,), (-30,)),
    kinks={z: 0},
)

# %% [markdown]
# ## Differentiate
#
# Inside a branch the other branch is out of sight, so the usual rules hold.
# They say nothing about the border at $z = 0$. Coming from the right the
# slope is 1, coming from the left it is 0.

# %%
slope = (
    Derivation(
        "Slope of ReLU",
        Slope(relu(z), z),
        given,
        agrees_with=witnesses.activation_slope("relu"),
    )
    .by(definition)
    .by(
        by_branch,
        because="at the border there is none: we choose the lower one",
    )
    .by(straight_line)
    .by(constant)
)
slope

# %% [markdown]
# ## The choice at zero
#
# This book takes the slope at 0 to be 0. The formula says so: 0 is not
# greater than 0, so it belongs to the lower branch. The reference code
# makes the same choice. Others choose 1, or one half. It matters only when
# a pre-activation is exactly zero, which is common in one case: all weights
# and biases zero.

# %%
slope.numpy()(np.array([-0.1, 0.0, 0.1]))

# %% [markdown]
# ## What it means
#
# A neuron that is on passes the error back unchanged. A neuron that is off
# passes nothing. Nothing is ever squeezed, and that is why deep networks
# like ReLU. The price is a neuron that is off for every example: it gets no
# slope, so its own weights stay where they are.

# %% [markdown]
# ## Does it hold?
#
# A difference taken across the kink would see both branches, so that one
# point is left to the other witnesses, and the differences have one point
# less.

# %%
if __name__ == "__main__":
    report(slope)
