# %% [markdown]
# # The slopes of the losses
#
# Every loss answers two questions: how wrong, and which way is better. The
# second answer is its slope. Squared error and cross-entropy differ most
# where it hurts, on an example that is badly wrong.

# %%
from typing import Any

import numpy as np
import sympy as sp

from chainrule import LOSSES
from chainrule.activations import sigmoid_slope
from derivations import sigmoid, softplus, witnesses
from derivations.calculus import (
    Derivation,
    chain_rule,
    common_factor,
    constant,
    constant_factor,
    definition,
    known,
    logarithm_rule,
    meaning,
    named,
    power_rule,
    straight_line,
    sum_rule,
)
from derivations.checking import Array, Reference, report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import (
    L,
    dL_dz,
    n,
    others,
    p,
    sigma,
    t,
    written_out,
    y,
    z,
)
from derivations.symbols import softplus as softplus_of

# %% [markdown]
# ## Three squared errors
#
# A network with $n$ outputs has $n$ squares. Some books halve their sum,
# some take it as it is, some take the mean. Watch one output $\act{y}$; all
# the other squares are in $R$, which does not move with it.

# %%


def of_the_first_output(name: str) -> Reference:
    """The slope in the first of n outputs; the others are right."""

    def slope(y: float, t: float, R: float, n: float = 1) -> float:
        output, target = np.zeros((2, 1, int(n)))
        output[0, 0], target[0, 0] = y, t
        found = LOSSES[name].gradient(output, target, reduction="sum")
        return found[0, 0]

    return Reference(
        f"chainrule.losses.{name}_slope", witnesses.one_by_one(slope)
    )


def squares(
    title: str, name: str, loss: Any, *arguments: Any
) -> Derivation:
    given = Given(
        arguments=(y, t, others, *arguments),
        definitions={L: loss},
        ranges={others: (0.1, 3), n: (1, 6)},
        whole=(n,),
    )
    return Derivation(
        title, Slope(L, y), given, agrees_with=of_the_first_output(name)
    )


half_squared_error = (
    squares(
        "Slope of half the sum of squares",
        "half_squared_error",
        ((y - t) ** 2 + others) / 2,
    )
    .by(definition)
    .by(sum_rule)
    .by(constant)
    .by(constant_factor)
    .by(power_rule, because=r"the 2 from the exponent meets the $\tfrac12$")
    .by(straight_line)
)
half_squared_error

# %%
squared_error = (
    squares(
        "Slope of the sum of squares",
        "squared_error",
        (y - t) ** 2 + others,
    )
    .by(definition)
    .by(sum_rule)
    .by(constant)
    .by(power_rule)
    .by(straight_line)
    .by(common_factor)
)
squared_error

# %%
mean_squared_error = (
    squares(
        "Slope of the mean of squares",
        "mean_squared_error",
        ((y - t) ** 2 + others) / n,
        n,
    )
    .by(definition)
    .by(constant_factor)
    .by(sum_rule)
    .by(constant)
    .by(power_rule)
    .by(straight_line)
)
mean_squared_error

# %% [markdown]
# The same slope, up to a factor of 2, or of $2/n$. A step is the learning
# rate times the slope, so the factor is felt as a larger or smaller learning
# rate. Two programs with the same learning rate can therefore behave
# differently, and both are right.

# %% [markdown]
# ## Cross-entropy for yes or no
#
# Now the output is a chance, $\act{p} = \sigma(z)$, and $z$ is called the
# *logit*. The target is 1 or 0. The loss is the surprise at what happened:
# $-\ln p$ if it was a yes, $-\ln(1 - p)$ if it was a no. One formula says
# both.

# %%
yes_or_no = Given(
    arguments=(z, t),
    definitions={
        p: sigma(z),
        L: -t * sp.log(p) - (1 - t) * sp.log(1 - p),
    },
    ranges={z: (-6, 6), t: (0, 1)},
    awkward=((0, 0), (0, 1), (6, 0), (-6, 1)),
)


def logits(loss: str, wanted: str) -> Any:
    """A loss of the reference, or its slope, for columns z and t."""

    def of(z: Array, t: Array) -> Array:
        found = getattr(LOSSES[loss], wanted)(
            np.atleast_2d(z).T, np.atleast_2d(t).T
        )
        return found.ravel()

    return of


cross_entropy = Reference(
    "chainrule.losses.binary_cross_entropy_slope",
    logits("binary_cross_entropy", "df"),
    before=logits("binary_cross_entropy", "f"),
)

# %% [markdown]
# The first link leads to the chance $\act{p}$. The logarithms turn into
# fractions, and on one common denominator stands $\act{p}(1 - \act{p})$.
# That is the slope of the sigmoid, and the second link multiplies by
# exactly that.

# %%
in_the_logit = (
    Derivation(
        "Slope of cross-entropy in the logit",
        Slope(L, z),
        yes_or_no,
        agrees_with=cross_entropy,
    )
    .by(chain_rule)
    .by(definition)
    .by(sum_rule)
    .by(constant_factor)
    .by(logarithm_rule)
    .by(straight_line)
    .rewritten(
        (p - t) / (p * (1 - p)) * Slope(sigma(z), z),
        because="one common denominator",
    )
    .by(known(sigmoid.slope))
    .by(named, because="the slope of the sigmoid cancels")
)
in_the_logit

# %% [markdown]
# ## Why the slope of the sigmoid disappears
#
# Squared error after a sigmoid keeps the factor $\act{p}(1 - \act{p})$.
# Cross-entropy loses it. The difference is large where a neuron is wrong and
# sure of it. Here are both slopes for a target of 1 at $z = -8$.

# %%
chance = sigmoid.given.function(sigma(z))(np.array(-8.0))
{
    "squared error": float(
        (chance - 1) * sigmoid_slope(np.array(-8.0), chance)
    ),
    "cross-entropy": float(in_the_logit.numpy()(-8.0, 1.0)),
}

# %% [markdown]
# Squared error says almost nothing. Cross-entropy says: move, and nearly as
# hard as it ever can.

# %% [markdown]
# ## From the logit, without the chance
#
# On a computer a chance close to 1 is rounded to 1. What is left of $1 - p$
# is 0, and the logarithm of 0 is minus infinity. So programs compute the
# loss from the logit. Both logarithms are softplus in disguise:
# $-\ln\sigma(z) = \operatorname{softplus}(z) - z$ and
# $-\ln(1 - \sigma(z)) = \operatorname{softplus}(z)$.

# %%
from_the_logit = Given(
    arguments=(z, t),
    definitions={
        sigma(z): written_out(sigma(z)),
        softplus_of(z): written_out(softplus_of(z)),
        p: sigma(z),
        L: -t * sp.log(p) - (1 - t) * sp.log(1 - p),
        dL_dz: sigma(z) - t,
    },
    ranges={z: (-6, 6), t: (0, 1)},
)

stable = (
    Derivation(
        "Cross-entropy from the logit",
        L,
        from_the_logit,
        agrees_with=Reference(
            "chainrule.losses.binary_cross_entropy",
            logits("binary_cross_entropy", "f"),
        ),
    )
    .by(meaning)
    .by(meaning)
    .rewritten(
        t * (softplus_of(z) - z) + (1 - t) * softplus_of(z),
        because="both logarithms as softplus",
    )
    .rewritten(softplus_of(z) - t * z, because="collect the softplus")
)
stable

# %% [markdown]
# Its slope is the same as before, in two steps. That is a second derivation
# of the same result.

# %%
logit_form = Given(
    arguments=(z, t),
    definitions={
        softplus_of(z): written_out(softplus_of(z)),
        L: softplus_of(z) - t * z,
    },
    ranges={z: (-6, 6), t: (0, 1)},
    awkward=((30, 0), (-30, 1)),
)
second_way = (
    Derivation(
        "Slope of cross-entropy, from its form with the logit",
        Slope(L, z),
        logit_form,
        agrees_with=cross_entropy,
    )
    .by(definition)
    .by(sum_rule)
    .by(straight_line)
    .by(known(softplus.slope))
)
second_way

# %% [markdown]
# ## No second valley
#
# The slope of the slope is positive everywhere. So for a single neuron this
# loss curves upwards everywhere: it has no second valley to get stuck in. A
# lowest point it may lack. For a target of 1 it falls for ever as $z$ grows.

# %%
curvature = (
    Derivation(
        "Curvature of cross-entropy in the logit",
        Slope(dL_dz, z),
        from_the_logit,
        agrees_with=Reference(
            "chainrule.activations.sigmoid_slope",
            lambda z, t: sigmoid_slope(z, (1 + np.tanh(z / 2)) / 2),
        ),
    )
    .by(definition)
    .by(sum_rule)
    .by(constant)
    .by(known(sigmoid.slope))
)
curvature

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(
        half_squared_error,
        squared_error,
        mean_squared_error,
        in_the_logit,
        stable,
        second_way,
        curvature,
    )
