# %% [markdown]
# # Weight decay and L2 are not the same
#
# One can pull weights towards zero in two ways: by a term in the loss, or
# by shrinking them a little at each step. For plain gradient descent that
# is one thing. For Adam it is not.

# %%
import numpy as np
import sympy as sp

from chainrule import ACTIVATIONS, Affine, Layer, sgd
from chainrule.optimizers import Adam
from derivations import witnesses
from derivations.calculus import (
    Derivation,
    constant_factor,
    definition,
    meaning,
    power_rule,
    straight_line,
    sum_rule,
)
from derivations.checking import Reference, report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import (
    R,
    eta,
    g,
    lam,
    w,
    w_coupled,
    w_decoupled,
)

# %% [markdown]
# ## The term in the loss
#
# The loss $\loss{L}$ has the slope $\g{g}$ at the present weight, and close
# by it is a straight line. Add $\tfrac12 \lambda \w{w}^2$ to it, which is
# called L2 regularisation. What is its slope?

# %%
regularised = Given(
    arguments=(w, g, lam),
    definitions={R: g * w + lam * w**2 / 2},
    ranges={lam: (0.01, 1)},
)

slope = (
    Derivation(
        "Slope of the loss with the L2 term",
        Slope(R, w),
        regularised,
    )
    .by(definition)
    .by(sum_rule)
    .by(straight_line)
    .by(constant_factor)
    .by(power_rule)
)
slope

# %% [markdown]
# ## Plain descent
#
# A step of gradient descent on that loss:

# %%
sgd_step = Given(
    arguments=(w, g, lam, eta),
    definitions={
        w_coupled: w - eta * (g + lam * w),
        w_decoupled: (1 - eta * lam) * w - eta * g,
    },
    ranges={lam: (0.01, 3), eta: (0.01, 1)},
)


def by_sgd(w: float, g: float, lam: float, eta: float) -> float:
    layer = Layer(Affine(np.array([[w]]), np.zeros(1)), ACTIVATIONS["relu"])
    gradient = Affine(np.array([[g + lam * w]]), np.zeros(1))
    [moved] = sgd([layer], [gradient], eta)
    return moved.affine.W.item()


plain = (
    Derivation(
        "A step of plain descent with the L2 term",
        w_coupled,
        sgd_step,
        agrees_with=Reference(
            "chainrule.sgd", witnesses.one_by_one(by_sgd)
        ),
    )
    .by(meaning)
    .rewritten((1 - eta * lam) * w - eta * g, because="collect the weight")
)
plain

# %% [markdown]
# That is exactly the other way: shrink the weight by the factor
# $1 - \eta\lambda$, then take the step of the loss alone. Hence the name
# *weight decay*, used for both.

# %% [markdown]
# ## Adam
#
# Adam divides the slope by its size. On the first step nothing but the sign
# is left. So the L2 term, inside the slope, loses its size as well:

# %%
adam_step = Given(
    arguments=(w, g, lam, eta),
    definitions={
        w_coupled: w - eta * (g + lam * w) / sp.Abs(g + lam * w),
        w_decoupled: (1 - eta * lam) * w - eta * g / sp.Abs(g),
    },
    ranges={lam: (0.01, 3), eta: (0.01, 1)},
)


def first_step_of_adam(w: float, slope: float, eta: float) -> float:
    rule = Adam(eta, epsilon=0.0)
    at = np.array([w])
    return rule.step(at, np.array([slope]), rule.start(at))[0].item()


coupled = (
    Derivation(
        "The first step of Adam with the L2 term",
        w_coupled,
        adam_step,
        agrees_with=Reference(
            "chainrule.optimizers.Adam",
            witnesses.one_by_one(
                lambda w, g, lam, eta: first_step_of_adam(
                    w, g + lam * w, eta
                )
            ),
        ),
    )
    .by(meaning)
    .rewritten(
        w - eta * sp.sign(g + lam * w),
        because="a number by its size is its sign",
    )
)
coupled

# %% [markdown]
# Unless $\lambda \w{w}$ is large enough to turn the sign, it does nothing
# at all. Shrinking the weight *outside* keeps its meaning:

# %%
decoupled = (
    Derivation(
        "The first step of Adam with decoupled decay",
        w_decoupled,
        adam_step,
        agrees_with=Reference(
            "chainrule.optimizers.Adam",
            witnesses.one_by_one(
                lambda w, g, lam, eta: (
                    first_step_of_adam(w, g, eta) - eta * lam * w
                )
            ),
        ),
    )
    .by(meaning)
    .rewritten(
        (1 - eta * lam) * w - eta * sp.sign(g),
        because="a number by its size is its sign",
    )
)
decoupled

# %% [markdown]
# This version is known as AdamW. Two weights of 1, with slopes of 1 and of
# 0.001, make the difference plain. Both should decay alike. Here they are
# after 100 steps at $\eta = 0.01$ and $\lambda = 0.1$, when the slopes
# point up half of the time and down the other half.

# %%


def after_training(decay_inside: bool) -> list[float]:
    rule, weight_decay = Adam(0.01), 0.1
    weights, size = np.ones(2), np.array([1.0, 0.001])
    state = rule.start(weights)
    for k in range(100):
        slope = size * (-1) ** k
        inside = weight_decay * weights if decay_inside else 0.0
        outside = 0.0 if decay_inside else 0.01 * weight_decay * weights
        moved, state = rule.step(weights, slope + inside, state)
        weights = moved - outside
    return [round(float(weight), 4) for weight in weights]


{"L2": after_training(True), "decoupled": after_training(False)}

# %% [markdown]
# With the L2 term each weight shrinks at a pace of its own. It depends on
# how large its slopes happen to be. With decoupled decay both shrink alike.

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(slope, plain, coupled, decoupled)
