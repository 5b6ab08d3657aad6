# %% [markdown]
# # How small a gradient can become
#
# Every sigmoid layer multiplies the gradient by something. If the weights
# are small, that something is small too, and a deep network feels almost
# nothing at its lower end. Here is the bound, and what it does not say.

# %%
from typing import Any

import sympy as sp

from derivations import sigmoid, witnesses
from derivations.calculus import (
    Derivation,
    Rule,
    chain_rule,
    definition,
    known,
    meaning,
    named,
    straight_line,
)
from derivations.checking import report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import (
    a0,
    a1,
    a2,
    a3,
    b_1,
    b_2,
    b_3,
    jacobian_norm,
    k,
    n,
    norm_D_k,
    norm_W,
    norm_W_k,
    product_norm,
    s,
    sigma,
    w,
    w_1,
    w_2,
    w_3,
    width,
    z,
    z_1,
    z_2,
    z_3,
)

# %% [markdown]
# ## The slope of the sigmoid is at most a quarter
#
# The slope is $\sigma(1 - \sigma)$. Complete the square, and it is a
# quarter less something that is never negative.

# %%


def square_left_out(expr: Any, given: Given) -> Any:
    if not isinstance(expr, sp.Add):
        return None
    kept = [term for term in expr.args if not _is_minus_a_square(term)]
    return sp.Add(*kept) if len(kept) < len(expr.args) else None


def _is_minus_a_square(term: Any) -> bool:
    number, square = term.as_coeff_Mul()
    return number < 0 and isinstance(square, sp.Pow) and square.exp == 2


square_is_not_negative = Rule(
    "a square is never negative",
    r"c - u^2 \le c",
    square_left_out,
    relation=r"\le",
)

largest_slope = (
    Derivation(
        "The largest slope of the sigmoid",
        Slope(sigma(z), z),
        sigmoid.given,
        agrees_with=witnesses.activation_slope("sigmoid"),
    )
    .by(known(sigmoid.slope))
    .rewritten(
        sp.Rational(1, 4) - (sigma(z) - sp.Rational(1, 2)) ** 2,
        because="complete the square",
    )
    .by(square_is_not_negative)
)
largest_slope

# %% [markdown]
# The square is zero where $\sigma(z) = \tfrac12$, which is at $z = 0$. So
# the quarter is reached, but only there. SymPy finds the same maximum by
# itself:

# %%
output = sp.Symbol("output")
sp.maximum(output * (1 - output), output, sp.Interval(0, 1))

# %% [markdown]
# ## A chain of three neurons
#
# One neuron in each layer, three layers deep. The chain rule collects two
# factors from each layer: the slope of its sigmoid, and its weight.

# %%
chain = Given(
    arguments=(a0, w_1, b_1, w_2, b_2, w_3, b_3),
    definitions={
        z_1: w_1 * a0 + b_1,
        a1: sigma(z_1),
        z_2: w_2 * a1 + b_2,
        a2: sigma(z_2),
        z_3: w_3 * a2 + b_3,
        a3: sigma(z_3),
    },
)


def through_the_sum(of: sp.Symbol, by: sp.Symbol) -> Derivation:
    return (
        Derivation(f"Slope of {of} in {by}", Slope(of, by), chain)
        .by(definition)
        .by(straight_line)
    )


def through_the_sigmoid(of: sp.Symbol, by: sp.Symbol) -> Derivation:
    line = Derivation(f"Slope of {of} in {by}", Slope(of, by), chain).by(
        definition
    )
    return line.by(known(sigmoid.slope)).by(named)


three_units = (
    Derivation(
        "The slope through three sigmoid neurons",
        Slope(a3, a0),
        chain,
        agrees_with=witnesses.chain_of_units(),
    )
    .by(chain_rule)
    .by(chain_rule)
    .by(chain_rule)
    .by(chain_rule)
    .by(chain_rule)
    .by(
        known(
            through_the_sigmoid(a3, z_3),
            through_the_sum(z_3, a2),
            through_the_sigmoid(a2, z_2),
            through_the_sum(z_2, a1),
            through_the_sigmoid(a1, z_1),
            through_the_sum(z_1, a0),
        ),
        because="two local slopes in each layer",
    )
)
three_units

# %% [markdown]
# Each layer contributes weight times slope, and the slope is at most a
# quarter. With weights below 4 in size every factor is below 1.

# %% [markdown]
# ## Layers of any width
#
# In a wide network the factors are matrices. Layer $k$ contributes
# $D_k \w{W_k}$, where $D_k$ is diagonal and holds the slopes of its
# sigmoids. The norm $\lVert\cdot\rVert$ is the largest factor by which a
# matrix can stretch a vector. Of a diagonal matrix it is the largest entry.
# Let $\lVert \w{W} \rVert$ be the largest of the norms of the weights.

# %%


def instead(old: Any, new: Any) -> Any:
    return lambda expr, given: new if expr == old else None


jacobians = Rule(
    "chain rule",
    r"\frac{\partial a^{(n)}}{\partial a^{(0)}} = D_n\,W_n \cdots D_1\,W_1",
    instead(jacobian_norm, product_norm),
)
norm_of_a_product = Rule(
    "norm of a product",
    r"\lVert A\,B \rVert \le \lVert A \rVert \, \lVert B \rVert",
    instead(product_norm, sp.Product(norm_D_k * norm_W_k, (k, 1, n))),
    relation=r"\le",
)
slopes_at_most_a_quarter = Rule(
    "the largest slope of the sigmoid",
    largest_slope.latex(),
    instead(norm_D_k, largest_slope.result),
    relation=r"\le",
)
largest_weights = Rule(
    "the largest of the norms",
    r"\lVert W_k \rVert \le \lVert W \rVert",
    instead(norm_W_k, norm_W),
    relation=r"\le",
)


def multiplied_out(expr: Any, given: Given) -> Any:
    return expr.doit() if isinstance(expr, sp.Product) else None


equal_factors = Rule(
    "equal factors", r"\prod_{k=1}^{n} c = c^n", multiplied_out
)

bound = (
    Derivation(
        "How much a deep sigmoid network can pass on",
        jacobian_norm,
        Given(
            arguments=(norm_W, n),
            ranges={norm_W: (0.1, 20), n: (1, 6)},
            whole=(n,),
        ),
        agrees_with=witnesses.jacobian_norm(),
    )
    .by(jacobians)
    .by(norm_of_a_product)
    .by(slopes_at_most_a_quarter)
    .by(largest_weights)
    .by(equal_factors)
)
bound

# %% [markdown]
# ## What it does not say
#
# This is an upper bound. If $\lVert \w{W} \rVert < 4$ the gradient must
# shrink, by at least that factor in every layer. If it is larger, the bound
# grows with depth and forbids nothing. The popular $(1/4)^n$ leaves the
# weights out, and then it is no bound at all.
#
# Can a sigmoid network explode, then? For one neuron, weight times slope must
# reach 1, so the weight must be at least 4. But a large weight also pushes
# $z$ out to where the sigmoid is flat. So only a narrow window of inputs is
# amplified.

# %% [markdown]
# ## How narrow the window is
#
# The neuron has $z = \w{w} a$, and the window is where
# $\w{w}\,\sigma'(\w{w} a) \ge 1$. At its edge the output $s$ satisfies
# $\w{w}\,s(1 - s) = 1$. That is a quadratic equation, and $s$ below is its
# larger root. The sigmoid is symmetric, so the window reaches as far to the
# left as to the right.

# %%
window = (
    Derivation(
        "The width of the window in which a sigmoid neuron amplifies",
        width,
        Given(
            arguments=(w,),
            definitions={
                s: sp.Mul(
                    sp.S.Half, 1 + sp.sqrt(1 - 4 / w), evaluate=False
                ),
                z: sp.log(s / (1 - s)),
                width: 2 * z / w,
            },
            ranges={w: (4.2, 40)},
        ),
        agrees_with=witnesses.amplifying_window(),
    )
    .by(
        meaning,
        because="from $-z$ to $z$, measured in what comes in",
    )
    .by(meaning, because="the sigmoid turned round")
    .rewritten(
        2 / w * sp.log(w * s - 1),
        because=r"at the edge, $w\,s\,(1 - s) = 1$",
    )
    .by(meaning)
)
window

# %% [markdown]
# The window is widest for one particular weight. Even there its width is less
# than a half.

# %%
root: Any = sp.nsolve(window.result.diff(w), w, 7)
widest = {"w": float(root), "width": float(window.numpy()(float(root)))}
widest

# %% [markdown]
# So both things are true. Sigmoid networks usually vanish, because most
# neurons sit outside this window. And they can explode, if their weights are
# large and their inputs happen to lie in it.

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(largest_slope, three_units, bound, window)
