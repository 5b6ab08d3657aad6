# %% [markdown]
# # How large a step may be
#
# Gradient descent on a parabola can be solved exactly. The answer is a
# sharp limit on the learning rate. Other losses have it too, wherever their
# curvature is bounded.

# %% [markdown]
# ## What is given
#
# The loss is a parabola in one weight,
# $\loss{L} = \tfrac12 \lambda \w{w}^2$. Its curvature $\lambda$ is positive
# and its minimum is at $\w{w} = 0$. A step goes against the slope:
# $\w{w_{k+1}} = \w{w_k} - \eta\,\partial L/\partial w$.

# %%
from typing import Any

import numpy as np
import sympy as sp

from derivations import witnesses
from derivations.calculus import (
    Derivation,
    Rule,
    absolute_value,
    added,
    common_factor,
    constant_factor,
    definition,
    divided,
    meaning,
    power_rule,
    powers_of_one_base,
    straight_line,
    sum_rule,
    turned_round,
)
from derivations.checking import report
from derivations.given import Given
from derivations.nodes import Between, Slope
from derivations.symbols import (
    L,
    L_next,
    after,
    drop,
    eta,
    eta_best,
    g,
    k,
    kappa,
    lam,
    lam_max,
    lam_min,
    rate,
    w,
    w_0,
    w_next,
)
from derivations.witnesses import descended

# %% [markdown]
# The witness is `chainrule.sgd` on the smallest network there is: one
# weight, no activation, half squared error, target 0. With the input
# $\sqrt{\lambda}$ its loss is our parabola.

# %% [markdown]
# ## One step

# %%
one_step = (
    Derivation(
        "One step of gradient descent on a parabola",
        w_next,
        Given(
            arguments=(w, lam, eta),
            definitions={L: lam * w**2 / 2, w_next: w - eta * Slope(L, w)},
            ranges={lam: (0.1, 3), eta: (0.01, 1)},
        ),
        agrees_with=witnesses.descent(descended),
    )
    .by(meaning)
    .by(definition)
    .by(constant_factor)
    .by(power_rule)
    .by(common_factor)
)
one_step

# %% [markdown]
# A step multiplies the weight by a fixed number, $1 - \eta\lambda$. Nothing
# else happens.

# %% [markdown]
# ## Many steps
#
# So the weights form a geometric sequence.

# %%


def step_before(expr: Any, given: Given) -> Any:
    if not isinstance(expr, after):
        return None
    steps: Any = expr.args[0]
    return one_step.result.xreplace({w: after(steps - 1)})


def all_steps(expr: Any, given: Given) -> Any:
    if not isinstance(expr, after):
        return None
    steps: Any = expr.args[0]
    return (one_step.result / w) ** steps * w_0


one_before = Rule(
    "one step of gradient descent", one_step.latex(), step_before
)
geometric = Rule(
    "geometric sequence",
    r"u_k = r\,u_{k-1} \;\Rightarrow\; u_k = r^k\,u_0",
    all_steps,
)

many_steps = (
    Derivation(
        "Gradient descent on a parabola after k steps",
        after(k),
        Given(
            arguments=(w_0, lam, eta, k),
            definitions={
                after(k): (1 - eta * lam) ** k * w_0
            },  # what the lines must agree with
            ranges={lam: (0.1, 3), eta: (0.01, 1), k: (0, 12)},
            whole=(k,),
        ),
        agrees_with=witnesses.descent(descended),
        name="w_k",
    )
    .by(one_before)
    .by(one_before)
    .by(geometric, because="and so on, down to the start")
    .by(powers_of_one_base)
)
many_steps

# %% [markdown]
# ## When it settles
#
# The weight shrinks to zero exactly when the factor is smaller than 1 in
# size. The size of $1 - \eta\lambda$ is that of $\eta\lambda - 1$.

# %%
settles = (
    Derivation(
        "The learning rates that settle",
        sp.Abs(eta * lam - 1) < 1,
        Given(
            arguments=(eta, lam),
            ranges={lam: (0.2, 3), eta: (0.01, 3)},
            awkward=((0.99, 2), (1.01, 2), (0.6, 3), (0.7, 3)),
        ),
        agrees_with=witnesses.descent(
            lambda eta, lam: abs(descended(1, lam, eta, steps=40)) < 1
        ),
        name="settles",
    )
    .by(absolute_value)
    .by(added(1))
    .by(divided(lam))
)
settles

# %% [markdown]
# Below $1/\lambda$ the weight creeps towards 0 on one side. At $1/\lambda$ it
# lands in one step. Between $1/\lambda$ and $2/\lambda$ it jumps from side
# to side and still settles. At $2/\lambda$ it jumps for ever between two
# points, and above that each jump is wider than the last.

# %% [markdown]
# ## Two curvatures, one learning rate
#
# A bowl has many curvatures, one for each direction. The steepest direction
# sets the limit, $2/\lambda_{\max}$. The best learning rate is where the
# flattest direction, which creeps, and the steepest, which jumps, come
# closer equally fast: where the two factors have the same size.

# %%
two_curvatures = Given(
    arguments=(lam_min, lam_max),
    definitions={
        eta_best: 2 / (lam_min + lam_max),
        rate: 1 - eta_best * lam_min,
    },
    ranges={lam_min: (0.1, 1), lam_max: (1, 5)},
)

best_step = (
    Derivation(
        "The best fixed learning rate",
        sp.Eq(eta * lam_max - 1, 1 - eta * lam_min),
        Given(
            arguments=(eta, lam_min, lam_max),
            ranges={eta: (0.1, 1), lam_min: (0.1, 1), lam_max: (1, 5)},
            awkward=((0.5, 1, 3), (0.25, 1, 7), (1, 0.5, 1.5)),
        ),
        agrees_with=witnesses.descent(
            lambda eta, flat, steep: np.isclose(
                descended(1, flat, eta),
                -descended(1, steep, eta),
                rtol=0,
                atol=1e-12,
            )
        ),
        name="is_best_step",
    )
    .by(added(1 + eta * lam_min))
    .by(common_factor)
    .by(divided(lam_min + lam_max))
)
best_step

# %%
best_rate = (
    Derivation(
        "The factor of a step at the best learning rate",
        rate,
        two_curvatures,
        agrees_with=witnesses.descent(
            lambda flat, steep: descended(1, flat, 2 / (flat + steep))
        ),
    )
    .by(meaning)
    .by(meaning)
    .rewritten(
        (lam_max - lam_min) / (lam_max + lam_min),
        because="one common denominator",
    )
)
best_rate

# %% [markdown]
# Only the ratio of the two curvatures counts. It is called the *condition
# number*, $\kappa = \lambda_{\max}/\lambda_{\min}$.

# %%
by_condition = (
    Derivation(
        "The best factor of a step from the condition number",
        rate,
        Given(
            arguments=(lam_min, kappa),
            definitions={
                lam_max: kappa * lam_min,
                rate: best_rate.result,
            },
            ranges={lam_min: (0.1, 1), kappa: (1, 50)},
        ),
        agrees_with=witnesses.descent(
            lambda flat, kappa: descended(
                1, flat, 2 / (flat + kappa * flat)
            )
        ),
    )
    .by(meaning)
    .by(meaning)
    .rewritten(
        (kappa - 1) / (kappa + 1),
        because=r"divide above and below by $\lambda_{\min}$",
    )
)
by_condition

# %% [markdown]
# If the two curvatures are far apart, this is close to 1 and progress is
# slow. That is the whole trouble with long, narrow valleys.

# %% [markdown]
# ## Any loss with bounded curvature
#
# The loss of a network is no parabola. But if its curvature is nowhere above
# $\lambda$, it lies nowhere above the parabola of that curvature which
# touches it here. So after a step it is at most as high as that parabola.
# Below, $\g{g}$ is the slope at the present weight.

# %%


def below_the_parabola(expr: Any, given: Given) -> Any:
    step = -eta * g
    return L + g * step + lam * step**2 / 2 if expr == L_next else None


descent_lemma = Rule(
    "below the parabola",
    r"L(w + d) \le L(w) + L'(w)\,d + \tfrac12 \lambda\,d^2",
    below_the_parabola,
    relation=r"\le",
)

after_a_step = (
    Derivation(
        "The loss after one step",
        L_next,
        Given(
            arguments=(L, g, lam, eta),
            ranges={lam: (0.1, 3), eta: (0.01, 2)},
        ),
        agrees_with=witnesses.loss_of_bounded_curvature(),
    )
    .by(descent_lemma)
    .rewritten(
        L - eta * (1 - eta * lam / 2) * g**2,
        because="collect the square of the slope",
    )
)
after_a_step

# %% [markdown]
# The loss falls as long as the bracket is positive. Since $\eta$ is positive
# too, the bracket is then between 0 and 1.

# %%
sure_to_fall = (
    Derivation(
        "The learning rates with which the loss is sure to fall",
        Between(0, 1 - eta * lam / 2, 1),
        Given(
            arguments=(eta, lam),
            ranges={lam: (0.2, 3), eta: (0.01, 3)},
            awkward=((0.99, 2), (1.01, 2), (0.6, 3), (0.7, 3)),
        ),
        agrees_with=witnesses.descent(
            lambda eta, lam: abs(descended(1, lam, eta)) < 1
        ),
        name="sure_to_fall",
    )
    .by(added(-1))
    .by(turned_round)
    .by(divided(lam / 2))
)
sure_to_fall

# %% [markdown]
# That is the same limit again. How much the loss is sure to fall depends on
# $\eta$. Here is the slope of that fall.

# %%
slope_of_the_drop = (
    Derivation(
        "Slope of the guaranteed drop in the learning rate",
        Slope(drop, eta),
        Given(
            arguments=(g, lam, eta),
            definitions={drop: eta * g**2 - lam * g**2 * eta**2 / 2},
            ranges={lam: (0.1, 3), eta: (0.01, 2)},
        ),
    )
    .by(definition)
    .by(sum_rule)
    .by(constant_factor)
    .by(power_rule)
    .by(straight_line)
    .by(common_factor)
)
slope_of_the_drop

# %% [markdown]
# It is zero at $\eta = 1/\lambda$: half the limit is the step that
# guarantees most.

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(
        one_step,
        many_steps,
        settles,
        best_step,
        best_rate,
        by_condition,
        after_a_step,
        sure_to_fall,
        slope_of_the_drop,
    )
