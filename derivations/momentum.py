# %% [markdown]
# # The heavy ball
#
# Plain gradient descent forgets every step at once. Momentum keeps a part
# of the last one. On a parabola this can be solved exactly, and it shows
# what the part $\beta$ buys: larger steps, and a pace that no longer
# depends on the curvature.

# %% [markdown]
# ## What is given
#
# The loss is the parabola $\tfrac12 \lambda \w{w}^2$, its slope $\lambda
# \w{w}$. The ball has a velocity $v$. It keeps the part $\beta$ of it and
# adds the slope: $v_{k+1} = \beta v_k + \lambda \w{w_k}$, then
# $\w{w_{k+1}} = \w{w_k} - \eta\,v_{k+1}$.

# %%
import numpy as np
import sympy as sp

from chainrule.optimizers import Momentum
from derivations import witnesses
from derivations.calculus import (
    Derivation,
    absolute_value,
    added,
    divided,
    meaning,
    turned_round,
)
from derivations.checking import Reference, report
from derivations.given import Given
from derivations.nodes import Between
from derivations.symbols import (
    beta,
    eta,
    imaginary_part,
    kappa,
    lam,
    r,
    real_part,
    size_r,
    v_next,
    v_now,
    w_last,
    w_next,
    w_now,
)

# %% [markdown]
# ## Two weights instead of a velocity
#
# The velocity is the last step in disguise: $v_k = (\w{w_{k-1}} -
# \w{w_k})/\eta$. Put it in, and only weights are left.


# %%
def ball(w_now: float, w_last: float, lam: float, eta: float, beta: float):
    """One step of the reference, from two weights."""
    rule, velocity = Momentum(eta, beta), (w_last - w_now) / eta
    w, _ = rule.step(
        np.array(w_now), np.array(lam * w_now), np.array(velocity)
    )
    return w


one_step = (
    Derivation(
        "One step of the heavy ball",
        w_next,
        Given(
            arguments=(w_now, w_last, lam, eta, beta),
            definitions={
                v_now: (w_last - w_now) / eta,
                v_next: beta * v_now + lam * w_now,
                w_next: w_now - eta * v_next,
            },
            ranges={lam: (0.1, 3), eta: (0.05, 1), beta: (0.05, 0.95)},
        ),
        agrees_with=Reference(
            "chainrule.optimizers.Momentum", witnesses.one_by_one(ball)
        ),
    )
    .by(meaning)
    .by(meaning)
    .by(meaning)
    .rewritten(
        (1 + beta - eta * lam) * w_now - beta * w_last,
        because="collect each weight",
    )
)
one_step

# %% [markdown]
# ## The pace
#
# Try $\w{w_k} = r^k$. Then $r$ must solve $r^2 - (1 + \beta - \eta\lambda)
# r + \beta = 0$. The size of $r$ is the pace: each step multiplies the
# distance by it. Complex solutions mean that the ball swings. They are
# $x \pm iy$ with $x = (1 + \beta - \eta\lambda)/2$ and $y^2 = \beta - x^2$.


# %%
def largest_root(eta: float, lam: float, beta: float) -> float:
    """The square of the pace, from the step as a matrix."""
    a_step = np.array([[1 + beta - eta * lam, -beta], [1, 0]])
    return np.max(np.abs(np.linalg.eigvals(a_step))) ** 2


pace = (
    Derivation(
        "The pace where the solutions are complex",
        size_r,
        Given(
            arguments=(eta, lam, beta),
            definitions={
                real_part: (1 + beta - eta * lam) / 2,
                imaginary_part: sp.sqrt(beta - real_part**2),
                size_r: real_part**2 + imaginary_part**2,
            },
            ranges={eta: (0.6, 0.9), lam: (0.9, 1.3), beta: (0.5, 0.9)},
        ),
        agrees_with=Reference(
            "numpy.linalg.eigvals", witnesses.one_by_one(largest_root)
        ),
        name="pace_squared",
    )
    .by(meaning, because="Pythagoras, in the complex plane")
    .rewritten(beta, because="$y^2 = \\beta - x^2$, and the squares cancel")
)
pace

# %% [markdown]
# So the pace is $\sqrt\beta$. Neither the learning rate nor the curvature
# is in it. That is the gift of momentum: steep and flat directions settle
# equally fast, as long as both are in the complex range.

# %% [markdown]
# ## How far the range reaches
#
# The solutions are complex when $(1 + \beta - \eta\lambda)^2 < 4\beta$.

# %%
complex_range = (
    Derivation(
        "The learning rates with complex solutions",
        sp.Abs(eta * lam - 1 - beta) < 2 * sp.sqrt(beta),
        Given(
            arguments=(eta, lam, beta),
            ranges={eta: (0.05, 3), lam: (0.2, 3), beta: (0.05, 0.95)},
            awkward=((0.03, 1, 0.64), (0.05, 1, 0.64), (3.2, 1, 0.64)),
        ),
        agrees_with=Reference(
            "numpy.roots",
            witnesses.one_by_one(
                lambda eta, lam, beta: np.all(
                    np.iscomplex(np.roots([1, eta * lam - 1 - beta, beta]))
                )
            ),
        ),
        name="is_complex",
    )
    .by(absolute_value)
    .by(turned_round)
    .by(added(1 + beta))
    .rewritten(
        Between(
            (1 - sp.sqrt(beta)) ** 2, eta * lam, (1 + sp.sqrt(beta)) ** 2
        ),
        because="both ends are squares",
    )
    .by(divided(lam))
)
complex_range

# %% [markdown]
# ## The best pair
#
# A bowl has curvatures from $\lambda_{\min}$ to $\lambda_{\max}$, and
# $\kappa$ is their ratio. Make the range just large enough: the flattest at
# the lower end, the steepest at the upper. Then the ratio of the ends is
# $\kappa$, so the ratio of their roots is $\sqrt\kappa$.

# %%
best_beta = (
    Derivation(
        "The best part to keep",
        sp.Eq(1 + sp.sqrt(beta), sp.sqrt(kappa) * (1 - sp.sqrt(beta))),
        Given(
            arguments=(beta, kappa),
            ranges={beta: (0.05, 0.95), kappa: (1.5, 50)},
            awkward=((0.25, 9), (0.5625, 49), (0.765625, 225)),
        ),
        agrees_with=Reference(
            "numpy",
            lambda beta, kappa: np.isclose(
                np.sqrt(beta),
                1 - 2 / (np.sqrt(kappa) + 1),
                rtol=0,
                atol=1e-12,
            ),
        ),
        name="is_best_beta",
    )
    .by(added(sp.sqrt(kappa) * sp.sqrt(beta) - 1))
    .rewritten(
        sp.Eq(
            sp.sqrt(beta) * (sp.sqrt(kappa) + 1),
            sp.sqrt(kappa) - 1,
            evaluate=False,
        ),
        because=r"collect $\sqrt\beta$",
    )
    .by(divided(sp.sqrt(kappa) + 1))
)
best_beta

# %% [markdown]
# Gradient descent at its best has the pace $(\kappa - 1)/(\kappa + 1)$. The
# heavy ball has the same expression with $\sqrt\kappa$. For a valley with
# $\kappa = 100$ that is the difference between these two, and the number of
# steps to come a million times closer.

# %%
condition = 100
root = np.sqrt(condition)
paces = {
    "descent": (condition - 1) / (condition + 1),
    "heavy ball": (root - 1) / (root + 1),
}
{
    name: (round(float(pace), 4), round(np.log(1e-6) / np.log(pace)))
    for name, pace in paces.items()
}

# %% [markdown]
# Walked in full, the ball takes some steps more. At the best pair the two
# solutions are one, and the distance falls as $k\,r^k$.
#
# In practice nobody knows $\kappa$, and $\beta = 0.9$ is a habit. For a
# nearly round bowl the habit is slower than no momentum at all.

# %% [markdown]
# ## The limit
#
# If the learning rate is too large, one solution passes $-1$. There the
# polynomial changes its sign. So the limit is where it is zero at $r = -1$.

# %%
at_minus_one = (
    Derivation(
        "The largest learning rate",
        sp.Eq(r**2 - (1 + beta - eta * lam) * r + beta, 0).xreplace(
            {r: sp.Integer(-1)}
        ),
        Given(
            arguments=(eta, lam, beta),
            ranges={eta: (0.05, 3), lam: (0.2, 3), beta: (0.05, 0.95)},
            awkward=((1, 3, 0.5), (3, 1, 0.5), (0.5, 5, 0.25)),
        ),
        agrees_with=Reference(
            "numpy.linalg.eigvals",
            witnesses.one_by_one(
                lambda eta, lam, beta: np.isclose(
                    largest_root(eta, lam, beta), 1, rtol=0, atol=1e-12
                )
            ),
        ),
        name="is_the_limit",
    )
    .by(added(eta * lam))
    .by(divided(lam))
)
at_minus_one

# %% [markdown]
# Without momentum the limit is $2/\lambda$. With $\beta = 0.9$ it is nearly
# twice as large.

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(one_step, pace, complex_range, best_beta, at_minus_one)
