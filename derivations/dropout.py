# %% [markdown]
# # Dropout
#
# While training, dropout switches neurons off at random. Those that stay on
# are made larger, so that the mean does not change. Going backward there is
# nothing to learn but this: use the same mask again.

# %%
from inspect import getsource

import numpy as np
import sympy as sp

from chainrule.activations import Array
from chainrule.blocks import dropout
from derivations.calculus import (
    Derivation,
    chain_rule,
    definition,
    meaning,
    straight_line,
)
from derivations.checking import Reference, report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import (
    L,
    a_in,
    g,
    mask,
    mean_out,
    off,
    on,
    p_off,
    passed_on,
    var_out,
)

# %% [markdown]
# ## What is given
#
# Each neuron is off with the chance $p$. Its mask $m$ is then 0, otherwise 1.
# What is passed on is $\act{\tilde a} = m\,\act{a} / (1 - p)$.

# %%
one_unit = Given(
    arguments=(a_in, mask, p_off, g),
    definitions={
        passed_on: mask * a_in / (1 - p_off),
        L: g * passed_on,
    },
    ranges={mask: (0, 1), p_off: (0.05, 0.9)},
    whole=(mask,),
)

# %% [markdown]
# ## Backward
#
# A mask is a constant, as far as the slope is concerned. It was drawn
# before.

# %%
dL_da = (
    Derivation(
        "Slope of the loss through dropout",
        Slope(L, a_in),
        one_unit,
        agrees_with=Reference(
            "chainrule.blocks.dropout.backward",
            lambda a, mask, p, g: dropout.backward(mask / (1 - p), g),
        ),
    )
    .by(chain_rule)
    .by(definition)
    .by(straight_line)
)
dL_da

# %% [markdown]
# A neuron that was off gets no slope. Drawing a *new* mask on the way back is
# a common mistake. The slope is then right on average and wrong every time,
# so a training that seems to work may hide it.

# %% [markdown]
# ## The mean stays
#
# Two things can happen: off, with the chance $p$, and on, with the chance
# $1 - p$.


# %%
def over_both_masks(
    a: Array, p: Array, power: int, about: Array | float = 0.0
) -> Array:
    """The mean of a power of what the reference passes on."""
    off = dropout.forward(a, np.zeros_like(a)) - about
    on = dropout.forward(a, 1 / (1 - p)) - about
    return p * off**power + (1 - p) * on**power


moments = Given(
    arguments=(a_in, p_off),
    definitions={
        off: sp.Integer(0),
        on: a_in / (1 - p_off),
        mean_out: p_off * off + (1 - p_off) * on,
        var_out: p_off * (off - a_in) ** 2 + (1 - p_off) * (on - a_in) ** 2,
    },
    ranges={p_off: (0.05, 0.9)},
)

mean_stays = (
    Derivation(
        "Mean of what dropout passes on",
        mean_out,
        moments,
        agrees_with=Reference(
            "chainrule.blocks.dropout.forward, both masks",
            lambda a, p: over_both_masks(a, p, 1),
        ),
    )
    .by(meaning)
    .by(meaning, because="$1 - p$ cancels")
)
mean_stays

# %% [markdown]
# That is why nothing has to be done when the training is over. The older
# version without the division must shrink all weights then.

# %% [markdown]
# ## The noise
#
# What dropout adds is noise. Its variance is the mean square of what is
# passed on, less $\act{a}$.

# %%
noise = (
    Derivation(
        "Variance of what dropout passes on",
        var_out,
        moments,
        agrees_with=Reference(
            "chainrule.blocks.dropout.forward, both masks",
            lambda a, p: over_both_masks(a, p, 2, about=a),
        ),
    )
    .by(meaning)
    .by(meaning)
    .rewritten(
        p_off * a_in**2 + p_off**2 * a_in**2 / (1 - p_off),
        because=r"$\frac{a}{1-p} - a = \frac{p\,a}{1-p}$",
    )
    .rewritten(
        p_off * a_in**2 / (1 - p_off), because="one common denominator"
    )
)
noise

# %% [markdown]
# At $p = \tfrac12$ the noise is as large as the activation itself. It grows
# without limit as $p$ goes to 1, which is why rates above one half are rare.

# %% [markdown]
# ## The code
#
# All of it, ready to copy:

# %%
if __name__ == "__main__":
    print(getsource(dropout))

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(dL_da, mean_stays, noise)
