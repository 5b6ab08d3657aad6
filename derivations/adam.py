# %% [markdown]
# # Adam, term by term
#
# Adam keeps two running means, of the slope and of its square, and divides
# one by the root of the other. Three questions about it have exact answers:
# why the means are corrected, how long the first step is, and how long a
# step can get.

# %% [markdown]
# ## What is given
#
# After $t$ steps with the slopes $g_1, \dots, g_t$ the first mean is
# $m_t = (1 - \beta_1) \sum_i \beta_1^{t-i} g_i$: old slopes fade by the
# factor $\beta_1$ each step. The second, $s_t$, is the same with $g_i^2$ and
# $\beta_2$. Both start at zero.

# %%
from typing import Any

import numpy as np
import sympy as sp

from chainrule.optimizers import Adam
from derivations import witnesses
from derivations.calculus import Derivation, meaning, rule
from derivations.checking import Reference, report
from derivations.given import Given
from derivations.symbols import (
    beta,
    beta_1,
    beta_2,
    eta,
    g,
    i,
    m_hat,
    m_t,
    s_hat,
    s_t,
    step,
    steps,
)

# %% [markdown]
# ## Why the means are corrected
#
# Suppose the slope is always $\g{g}$. A fair mean would be $\g{g}$. This
# one started at zero, and has not forgotten.

# %%


def pulled_out(line: Any, given: Given) -> Any:
    if not isinstance(line, sp.Sum):
        return None
    index = line.variables[0]
    inside: Any = line.function
    constant, moving = inside.as_independent(index)
    return (
        constant * sp.Sum(moving, *line.limits) if constant != 1 else None
    )


def counted_backwards(line: Any, given: Given) -> Any:
    if not isinstance(line, sp.Sum):
        return None
    index, first, last = line.limits[0]
    turned = line.function.xreplace({index: last - index})
    return sp.Sum(turned, (index, 0, last - first))


def geometric_sum(line: Any, given: Given) -> Any:
    if not isinstance(line, sp.Sum):
        return None
    index, _, last = line.limits[0]
    inside: Any = line.function
    base, exponent = inside.as_base_exp()
    if exponent != index:
        return None
    return (1 - base ** (last + 1)) / (1 - base)


constant_out = rule("constant factor", r"\sum c\,u_i = c \sum u_i")(
    pulled_out
)
other_way_round = rule(
    "counted backwards", r"\sum_{i=1}^{t} u_i = \sum_{i=0}^{t-1} u_{t-i}"
)(counted_backwards)
geometric = rule(
    "geometric sum", r"\sum_{i=0}^{t-1} c^i = \frac{1 - c^t}{1 - c}"
)(geometric_sum)


def first_mean(g: float, beta: float, steps: float) -> float:
    """The first mean of the reference after so many equal slopes."""
    adam = Adam(0.0, beta1=beta)
    state = adam.start(np.zeros(1))
    for _ in range(int(steps)):
        _, state = adam.step(np.zeros(1), np.array([g]), state)
    return state[0].item()


mean_of_equal_slopes = (
    Derivation(
        "The mean of equal slopes",
        m_t,
        Given(
            arguments=(g, beta, steps),
            definitions={
                m_t: (1 - beta)
                * sp.Sum(g * beta ** (steps - i), (i, 1, steps))
            },
            ranges={beta: (0.1, 0.99), steps: (1, 12)},
            whole=(steps,),
        ),
        agrees_with=Reference(
            "chainrule.optimizers.Adam", witnesses.one_by_one(first_mean)
        ),
    )
    .by(meaning)
    .by(constant_out)
    .by(other_way_round)
    .by(geometric, because=r"and $1 - \beta$ cancels")
)
mean_of_equal_slopes

# %% [markdown]
# The mean is too small by the factor $1 - \beta^t$. After one step with
# $\beta_1 = 0.9$ it is a tenth of what it should be. Dividing by that factor
# is the correction, and for equal slopes it is exact. The two hats mark the
# corrected means, $\hat m_t = m_t / (1 - \beta_1^t)$ and
# $\hat s_t = s_t / (1 - \beta_2^t)$.

# %% [markdown]
# ## The first step
#
# A step is $\eta\,\hat m_t / \sqrt{\hat s_t}$, leaving out the tiny
# number that only guards against division by zero. After a single slope:

# %%


def first_step(g: float, beta_1: float, beta_2: float, eta: float) -> float:
    """The first step of the reference, without its guard."""
    adam = Adam(eta, beta1=beta_1, beta2=beta_2, epsilon=0.0)
    w, _ = adam.step(np.zeros(1), np.array([g]), adam.start(np.zeros(1)))
    return -w.item()


after_one = Given(
    arguments=(g, beta_1, beta_2, eta),
    definitions={
        m_t: (1 - beta_1) * g,
        s_t: (1 - beta_2) * g**2,
        m_hat: m_t / (1 - beta_1),
        s_hat: s_t / (1 - beta_2),
        step: eta * m_hat / sp.sqrt(s_hat),
    },
    ranges={beta_1: (0.1, 0.95), beta_2: (0.5, 0.99), eta: (0.01, 1)},
)

first = (
    Derivation(
        "The first step of Adam",
        step,
        after_one,
        agrees_with=Reference(
            "chainrule.optimizers.Adam", witnesses.one_by_one(first_step)
        ),
        name="first_step",
    )
    .by(meaning)
    .by(meaning)
    .by(meaning, because="the factors cancel")
    .rewritten(eta * sp.sign(g), because="a number by its size is its sign")
)
first

# %% [markdown]
# The size of the slope is gone. Every weight moves by the learning rate,
# whether its slope is a million or a millionth. For plain descent the two
# steps would differ by a factor of $10^{12}$.

# %% [markdown]
# ## How long a step can get
#
# Is the learning rate the longest step, then? Let all slopes be zero for a
# very long time, and then one $\g{g}$. The corrections are 1 by then, but
# the two means have taken in different parts of the slope.

# %%
after_silence = Given(
    arguments=(g, beta_1, beta_2, eta),
    definitions={
        m_t: (1 - beta_1) * g,
        s_t: (1 - beta_2) * g**2,
        step: eta * m_t / sp.sqrt(s_t),
    },
    ranges={
        g: (-3, 3),
        beta_1: (0.1, 0.95),
        beta_2: (0.5, 0.99),
        eta: (0.01, 1),
    },
)


def step_after(
    slopes: Any, eta: float, beta_1: float, beta_2: float, silence: int
) -> float:
    """The last step of the reference after zeros and then these slopes."""
    adam = Adam(eta, beta1=beta_1, beta2=beta_2, epsilon=0.0)
    m, s, _ = adam.start(np.zeros(1))
    moved, state = np.zeros(1), (m, s, silence)
    for slope in slopes:
        moved, state = adam.step(np.zeros(1), np.array([slope]), state)
    return -moved.item()


spike = (
    Derivation(
        "The step of Adam after a long silence and one slope",
        step,
        after_silence,
        agrees_with=Reference(
            "chainrule.optimizers.Adam",
            witnesses.one_by_one(
                lambda g, beta_1, beta_2, eta: step_after(
                    [g], eta, beta_1, beta_2, silence=10_000
                )
            ),
        ),
        name="step_after_silence",
    )
    .by(meaning)
    .by(meaning)
    .rewritten(
        eta * (1 - beta_1) / sp.sqrt(1 - beta_2) * sp.sign(g),
        because="a number by its size is its sign",
    )
)
spike

# %% [markdown]
# With the usual 0.9 and 0.999 this is a little over three times the
# learning rate:

# %%
lone_spike = float(spike.numpy()(1.0, 0.9, 0.999, 1.0))
lone_spike

# %% [markdown]
# The article that introduced Adam names this number as an upper bound. It
# is right for that case, but it is not a bound. Let the slopes *grow*, by
# the factor $\beta_2/\beta_1$ each time. The first mean remembers their
# sign, the second has forgotten the small ones. By the inequality of Cauchy
# and Schwarz the largest possible step is larger by
# $1/\sqrt{1 - \beta_1^2/\beta_2}$, and growing slopes reach it.

# %%
growing = [(0.999 / 0.9) ** k for k in range(200)]
longest = step_after(growing, 1.0, 0.9, 0.999, silence=100_000)
predicted = lone_spike / np.sqrt(1 - 0.9**2 / 0.999)
{"reference": round(longest, 4), "predicted": round(float(predicted), 4)}

# %% [markdown]
# Such slopes are rare. For most of a training the steps of Adam stay below
# the learning rate, because slopes change their signs and the first mean
# shrinks.

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(mean_of_equal_slopes, first, spike)
