# %% [markdown]
# # Softmax, its slopes, and cross-entropy
#
# Softmax turns any numbers into chances that sum to 1. Because they sum to
# 1, no chance can move alone. So its slopes form a table, and the loss that
# goes with it makes that table vanish.

# %%
from inspect import getsource
from typing import Any

import numpy as np
import sympy as sp

from chainrule import LOSSES, complex_step
from chainrule import softmax as reference
from chainrule.activations import Array
from chainrule.blocks import softmax as block
from chainrule.losses import log_sum_exp
from derivations import witnesses
from derivations.calculus import (
    Derivation,
    chain_rule,
    constant,
    constant_factor,
    definition,
    exponential_rule,
    known,
    logarithm_rule,
    meaning,
    named,
    power_rule,
    quotient_rule,
    slope_rule,
    straight_line,
    sum_rule,
)
from derivations.checking import Reference, difference, report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import (
    L,
    S,
    average,
    g_1,
    g_2,
    g_3,
    logit_1,
    logit_2,
    logit_3,
    lse,
    m,
    others,
    p_1,
    p_2,
    p_3,
    p_i,
    p_j,
    t_1,
    t_2,
    t_3,
    z_i,
    z_j,
)

# %% [markdown]
# ## What is given
#
# Each class has a logit. Its chance is its exponential, divided by the sum
# of all: $\act{p_i} = e^{z_i} / S$. Look at two classes, $i$ and $j$, and
# write $R$ for the exponentials of all others together, so that
# $S = R + e^{z_i} + e^{z_j}$. $R$ does not move with the two logits, so it
# does not matter how many others there are.

# %%
any_number = Given(
    arguments=(z_i, z_j, others),
    definitions={
        S: sp.exp(z_i) + sp.exp(z_j) + others,
        p_i: sp.exp(z_i) / S,
        p_j: sp.exp(z_j) / S,
    },
    ranges={others: (0.1, 4)},
)


def in_the_first_logit(of: int) -> Reference:
    """By complex step through `softmax`, the slope of p_i or p_j in z_i."""

    def slope(z_i: float, z_j: float, R: float) -> float:
        logits = np.array([z_i, z_j, np.log(R)])
        return complex_step(lambda z: reference(z[None])[0, of], logits)[0]

    return Reference(
        "chainrule.losses.softmax", witnesses.one_by_one(slope)
    )


# %% [markdown]
# ## How a chance moves with its own logit
#
# The logit stands above the bar and below it, so the quotient rule is due.

# %%
own = (
    Derivation(
        "Slope of a chance in its own logit",
        Slope(p_i, z_i),
        any_number,
        agrees_with=in_the_first_logit(of=0),
    )
    .by(definition)
    .by(quotient_rule)
    .by(exponential_rule)
    .by(definition)
    .by(sum_rule)
    .by(exponential_rule)
    .by(constant)
    .rewritten(
        p_i * (1 - p_i),
        because="one $S$ below each bar: every fraction is $p_i$ or 1",
    )
)
own

# %% [markdown]
# It is the slope of the sigmoid again. That is no accident: against all
# others together, one class is a yes or no.

# %% [markdown]
# ## How it moves with another logit
#
# Now only the denominator moves. A fraction falls when its denominator
# grows, hence the minus.

# %%
other = (
    Derivation(
        "Slope of a chance in the logit of another class",
        Slope(p_j, z_i),
        any_number,
        agrees_with=in_the_first_logit(of=1),
    )
    .by(chain_rule, because="the logit moves only the sum")
    .by(definition)
    .by(constant_factor)
    .by(power_rule, because="a fraction is a power: the exponent is $-1$")
    .by(sum_rule)
    .by(exponential_rule)
    .by(constant)
    .rewritten(-p_i * p_j, because="two fractions, one for each class")
)
other

# %% [markdown]
# Together: $\partial p_i / \partial z_j = \act{p_i}(\delta_{ij} -
# \act{p_j})$, where $\delta_{ij}$ is 1 for $i = j$ and 0 otherwise. In each
# column of this table the entries sum to 0, since the chances always sum to
# 1.

# %% [markdown]
# SymPy can do the whole table for four classes at once. It must equal
# $\operatorname{diag}(p) - p\,p^{\mathsf{T}}$.

# %%
logits = sp.Matrix(sp.symbols("z1:5"))
chances = logits.applyfunc(sp.exp) / sum(logits.applyfunc(sp.exp))
table = sp.diag(*chances) - chances * chances.T
gap = chances.jacobian(logits) - table
four_classes = gap.applyfunc(sp.cancel).is_zero_matrix
four_classes

# %% [markdown]
# ## Going backward
#
# Suppose the loss has the slopes $\g{g}$ in the chances. They are all that
# matters of it, so it may be replaced by the sum of slope times chance. A
# logit reaches it through all chances, so the chain rule adds one path for
# each. Three classes show the pattern.

# %%
exponentials = sp.exp(logit_1) + sp.exp(logit_2) + sp.exp(logit_3)
three = {
    p_1: sp.exp(logit_1) / exponentials,
    p_2: sp.exp(logit_2) / exponentials,
    p_3: sp.exp(logit_3) / exponentials,
}
weighted = Given(
    arguments=(logit_1, logit_2, logit_3, g_1, g_2, g_3),
    definitions={
        **three,
        average: g_1 * p_1 + g_2 * p_2 + g_3 * p_3,
        L: g_1 * p_1 + g_2 * p_2 + g_3 * p_3,
    },
)


def backward_of_three(*columns: Array) -> Array:
    z, g = np.split(np.stack(columns, axis=-1), 2, axis=-1)
    return block.backward(reference(z), g)[:, 0]


def entry_of_the_table(slope: Slope, given: Given) -> Any:
    places = {p_1: logit_1, p_2: logit_2, p_3: logit_3}
    if slope.of not in places:
        return None
    if places[slope.of] == slope.by:
        return own.result.xreplace({p_i: slope.of})
    [by] = [p for p, z in places.items() if z == slope.by]
    return other.result.xreplace({p_j: slope.of, p_i: by})


softmax_slopes = slope_rule(
    "slopes of softmax", rf"{own.latex()},\quad {other.latex()}"
)(entry_of_the_table)

dL_dz1 = (
    Derivation(
        "Slope of the loss in a logit",
        Slope(L, logit_1),
        weighted,
        agrees_with=Reference(
            "chainrule.blocks.softmax.backward", backward_of_three
        ),
    )
    .by(chain_rule)
    .by(softmax_slopes)
    .by(definition)
    .by(straight_line, because="the slopes in the chances are given")
    .rewritten(
        p_1 * (g_1 - average),
        because=r"$\overline{g} = p_1 g_1 + p_2 g_2 + p_3 g_3$",
    )
)
dL_dz1

# %% [markdown]
# Each slope is compared with the *average* slope, weighted by the chances.
# If a class has a slope below the average, its logit gets a negative slope,
# and a step of descent raises it.
#
# The formula needs no table. Here it runs on batches of several shapes,
# given as examples and classes. These are the largest differences from
# slopes found with a tiny imaginary step through softmax.

# %%


def backward_error(rows: int, classes: int) -> float:
    rng = np.random.default_rng(0)
    z, g = rng.normal(size=(2, rows, classes))
    nudged = complex_step(lambda z: (g * reference(z)).sum(), z)
    return difference(block.backward(reference(z), g), nudged)


{f"{shape}": backward_error(*shape) for shape in [(1, 2), (2, 5), (4, 3)]}

# %% [markdown]
# ## With cross-entropy
#
# The loss is $-\sum_k \act{t_k} \ln \act{p_k}$, and the targets of an
# example sum to 1. Again there is one path through each chance.

# %%
with_targets = Given(
    arguments=(logit_1, logit_2, logit_3, t_1, t_2),
    definitions={
        **three,
        t_3: 1 - t_1 - t_2,
        L: -t_1 * sp.log(p_1) - t_2 * sp.log(p_2) - t_3 * sp.log(p_3),
    },
    ranges={t_1: (0, 0.5), t_2: (0, 0.5)},
)


def of_the_first_class(*columns: Array) -> Array:
    *z, t_1, t_2 = columns
    targets = np.stack([t_1, t_2, 1 - t_1 - t_2], axis=-1)
    return LOSSES["softmax_cross_entropy"].df(
        np.stack(z, axis=-1), targets
    )[:, 0]


def in_a_chance(p: sp.Symbol) -> Derivation:
    """The slope of cross-entropy in one chance: minus target over chance."""
    return (
        Derivation(f"Slope of the loss in {p}", Slope(L, p), with_targets)
        .by(definition)
        .by(sum_rule)
        .by(constant)
        .by(constant_factor)
        .by(logarithm_rule)
    )


in_the_chances = known(*map(in_a_chance, (p_1, p_2, p_3)))

cross_entropy = (
    Derivation(
        "Slope of softmax and cross-entropy in a logit",
        Slope(L, logit_1),
        with_targets,
        agrees_with=Reference(
            "chainrule.losses.softmax_cross_entropy_slope",
            of_the_first_class,
        ),
    )
    .by(chain_rule)
    .by(in_the_chances)
    .by(softmax_slopes, because="each chance cancels")
    .rewritten(p_1 * (t_1 + t_2 + t_3) - t_1, because="collect $p_1$")
    .rewritten(p_1 - t_1, because="the targets sum to 1")
)
cross_entropy

# %% [markdown]
# Chance minus target, as for yes or no. The whole table has gone. That is
# why libraries take softmax and cross-entropy as one operation and ask for
# logits.

# %% [markdown]
# ## The logarithm of the sum
#
# The same loss can be written without any chance, since $-\ln \act{p_i} =
# \ln S - z_i$. The first part is called *log-sum-exp*. Its slope is softmax.

# %%
shifted = Given(
    arguments=(logit_1, logit_2, logit_3, m),
    definitions={**three, lse: sp.log(exponentials)},
)


def log_of_the_sum(*columns: Array) -> Array:
    return log_sum_exp(np.stack(columns[:3], axis=-1))[:, 0]


dlse_dz1 = (
    Derivation(
        "Slope of log-sum-exp",
        Slope(lse, logit_1),
        shifted,
        agrees_with=Reference(
            "chainrule.losses.softmax",
            lambda *columns: reference(np.stack(columns[:3], axis=-1))[
                :, 0
            ],
            before=log_of_the_sum,
        ),
    )
    .by(definition)
    .by(logarithm_rule)
    .by(sum_rule)
    .by(constant)
    .by(exponential_rule)
    .by(named)
)
dlse_dz1

# %% [markdown]
# Exponentials overflow. Any number $m$ may be taken out of all of them
# first, and the largest logit is the best choice: then no exponential is
# above 1.

# %%
shift = (
    Derivation(
        "Log-sum-exp with a number taken out",
        lse,
        shifted,
        agrees_with=Reference(
            "chainrule.losses.log_sum_exp", log_of_the_sum
        ),
    )
    .by(meaning)
    .rewritten(
        sp.log(
            sp.Mul(
                sp.exp(m),
                sp.exp(logit_1 - m)
                + sp.exp(logit_2 - m)
                + sp.exp(logit_3 - m),
                evaluate=False,
            )
        ),
        because="$e^{z} = e^{m} e^{z - m}$ in every term",
    )
    .rewritten(
        m
        + sp.log(
            sp.exp(logit_1 - m) + sp.exp(logit_2 - m) + sp.exp(logit_3 - m)
        ),
        because="the logarithm of a product is a sum",
    )
)
shift

# %%
reference(np.array([[1000.0, 1001.0, 1002.0]]))

# %% [markdown]
# Without the shift, all three of these would be infinity over infinity.

# %% [markdown]
# ## The code
#
# It is two lines of NumPy.

# %%
if __name__ == "__main__":
    print(getsource(block.backward))

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(own, other, dL_dz1, cross_entropy, dlse_dz1, shift)
