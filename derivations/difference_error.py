# %% [markdown]
# # The best step for a gradient check
#
# A gradient check nudges a weight and watches the loss. A large nudge
# $h$ sees the bend of the curve, a small one sees rounding. There is a
# best $h$ between them, and it can be worked out.

# %%
import numpy as np
import sympy as sp

from chainrule import central_difference, complex_step
from chainrule.activations import Array
from derivations import witnesses
from derivations.calculus import (
    Derivation,
    added,
    constant_factor,
    definition,
    divided,
    meaning,
    power_rule,
    sum_rule,
)
from derivations.checking import Reference, report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import (
    L_0,
    L_d1,
    L_d2,
    L_d3,
    L_left,
    L_right,
    M,
    central,
    eps,
    error,
    h,
    h_best,
    one_sided,
)

# %% [markdown]
# ## What a difference sees
#
# Near $\w{w}$ the loss is its value, plus slope times step, plus terms with
# $h^2$ and $h^3$. That is Taylor's series, cut after four terms. What is
# cut off is smaller still.

# %%
taylor = Given(
    arguments=(L_0, L_d1, L_d2, L_d3, h),
    definitions={
        L_right: L_0 + L_d1 * h + L_d2 * h**2 / 2 + L_d3 * h**3 / 6,
        L_left: L_0 - L_d1 * h + L_d2 * h**2 / 2 - L_d3 * h**3 / 6,
        one_sided: (L_right - L_0) / h,
        central: (L_right - L_left) / (2 * h),
    },
    ranges={h: (0.1, 1)},
)


# %% [markdown]
# The obvious difference goes one step to the right.

# %%
one_side = (
    Derivation(
        "What a one-sided difference finds",
        one_sided,
        taylor,
        agrees_with=Reference(
            "a cubic in NumPy",
            lambda L_0, d1, d2, d3, h: (
                (d1 * h + d2 * h**2 / 2 + d3 * h**3 / 6) / h
            ),
        ),
    )
    .by(meaning)
    .by(meaning, because="the value of the loss cancels")
    .rewritten(
        L_d1 + L_d2 * h / 2 + L_d3 * h**2 / 6, because="divide by $h$"
    )
)
one_side


# %% [markdown]
# Its error shrinks only as fast as $h$: the bend, $L''$, is in it. The
# difference to both sides does better. Every even term stands on both sides,
# with the same sign, and cancels.


# %%
def of_a_cubic(
    L_0: float, d1: float, d2: float, d3: float, h: float
) -> float:
    def cubic(step: Array) -> Array:
        s = step[0]
        return L_0 + d1 * s + d2 * s**2 / 2 + d3 * s**3 / 6

    return central_difference(cubic, np.zeros(1), h)[0]


both_sides = (
    Derivation(
        "What a central difference finds",
        central,
        taylor,
        agrees_with=Reference(
            "chainrule.gradient_check.central_difference",
            witnesses.one_by_one(of_a_cubic),
        ),
    )
    .by(meaning)
    .by(meaning, because="the even terms cancel")
    .rewritten(L_d1 + L_d3 * h**2 / 6, because="divide by $2h$")
)
both_sides

# %% [markdown]
# Halve $h$, and a quarter of the error is left.

# %% [markdown]
# ## What rounding adds
#
# The two losses are nearly equal, and each is rounded in its last digit,
# by up to $\varepsilon$. Their difference can be wrong by $2\varepsilon$,
# and it is divided by $2h$. With $M$ for the size of $L^{(3)}$, the error of
# the check is at most
#
# $$E = \frac{M h^2}{6} + \frac{\varepsilon}{h}.$$

# %%
both_errors = Given(
    arguments=(M, eps, h),
    definitions={error: M * h**2 / 6 + eps / h},
    ranges={M: (0.5, 3), eps: (0.1, 1), h: (0.3, 2)},
)

slope_of_the_error = (
    Derivation(
        "Slope of the error in the step",
        Slope(error, h),
        both_errors,
        agrees_with=Reference(
            "complex step through the bound",
            witnesses.one_by_one(
                lambda M, eps, h: complex_step(
                    lambda h: M * h[0] ** 2 / 6 + eps / h[0],
                    np.array([h]),
                )[0]
            ),
        ),
    )
    .by(definition)
    .by(sum_rule)
    .by(constant_factor)
    .by(power_rule)
)
slope_of_the_error

# %% [markdown]
# The first term grows with $h$, the second falls. Where the slope is zero
# they balance.

# %%
balance = (
    Derivation(
        "The best step of a central difference",
        sp.Eq(M * h / 3 - eps / h**2, 0),
        Given(
            arguments=(h, M, eps),
            ranges={h: (0.3, 2), M: (0.5, 3), eps: (0.1, 1)},
            awkward=((1, 3, 1), (1, 1.5, 0.5), (0.5, 3, 0.125)),
        ),
        agrees_with=Reference(
            "numpy.cbrt",
            lambda h, M, eps: np.isclose(
                h, np.cbrt(3 * eps / M), rtol=0, atol=1e-12
            ),
        ),
        name="is_best_step",
    )
    .by(added(eps / h**2))
    .by(divided(M / (3 * h**2)))
)
balance

# %% [markdown]
# ## The number to remember
#
# The best step is the cube root of $3\varepsilon/M$. What error remains?

# %%
at_the_best = Given(
    arguments=(M, eps),
    definitions={
        h_best: (3 * eps / M) ** sp.Rational(1, 3),
        error: M * h_best**2 / 6 + eps / h_best,
    },
    ranges={M: (0.5, 3), eps: (0.1, 1)},
)


def lowest_on_a_grid(M: float, eps: float) -> float:
    """The smallest bound over steps so fine that the curve is flat between."""
    steps = np.cbrt(3 * eps / M) * (1 + np.linspace(-1e-6, 1e-6, 201))
    return float(np.min(M * steps**2 / 6 + eps / steps))


remains = (
    Derivation(
        "The error at the best step",
        error,
        at_the_best,
        agrees_with=Reference(
            "the lowest of 201 steps",
            witnesses.one_by_one(lowest_on_a_grid),
        ),
        name="least_error",
    )
    .by(meaning)
    .rewritten(
        3 * eps / (2 * h_best),
        because=r"$M h_{\text{best}}^3 = 3\varepsilon$",
    )
    .by(meaning)
)
remains

# %% [markdown]
# This is what it comes to in double precision, for a loss and an $M$ of
# about 1.

# %%
rounding = np.finfo(float).eps / 2
{
    "best step": float(np.cbrt(3 * rounding)),
    "error": float(remains.numpy()(1.0, rounding)),
}

# %% [markdown]
# A smaller step makes it worse, not better. Here is the check of a sigmoid
# at $z = 1$, with its error for each step. Its third slope is small there,
# so it comes out a little better than the bound.

# %%


def sigmoid_of(z: Array) -> Array:
    return 1 / (1 + np.exp(-z[0]))


at_one = np.array([1.0])
s = sigmoid_of(at_one)
errors = {
    f"1e-{digits}": abs(
        central_difference(sigmoid_of, at_one, 10.0**-digits)[0]
        - s * (1 - s)
    ).item()
    for digits in range(1, 13)
}
errors

# %%
best = min(errors, key=lambda step: errors[step])
best

# %% [markdown]
# A step into the complex plane avoids the trouble. It subtracts nothing, so
# rounding stays small and $h$ can be as tiny as one likes. This is its
# error:

# %%
abs(complex_step(sigmoid_of, at_one)[0] - s * (1 - s)).item()

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(one_side, both_sides, slope_of_the_error, balance, remains)
