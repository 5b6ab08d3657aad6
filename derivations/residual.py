# %% [markdown]
# # Residual networks: a sum of all paths
#
# A residual block adds its input to what it computes. The slope through a
# block is then 1 plus something. Through many blocks it is a product of
# such sums, and multiplied out it has one term for every way through the
# network.

# %%
import numpy as np
import sympy as sp

from chainrule import complex_step
from chainrule.activations import Array
from derivations import tanh, witnesses
from derivations.calculus import (
    Derivation,
    chain_rule,
    definition,
    known,
    meaning,
    named,
    straight_line,
    sum_rule,
)
from derivations.checking import Reference, report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import (
    a0,
    a1,
    a2,
    a3,
    j_1,
    j_2,
    j_3,
    through,
    w_1,
    w_2,
    w_3,
)

# %% [markdown]
# ## What is given
#
# Three blocks with one neuron each: $\act{a_k} = \act{a_{k-1}} +
# f_k(\act{a_{k-1}})$ with $f_k(a) = \tanh(\w{w_k} a)$.

# %%
blocks = Given(
    arguments=(a0, w_1, w_2, w_3),
    definitions={
        a1: a0 + sp.tanh(w_1 * a0),
        a2: a1 + sp.tanh(w_2 * a1),
        a3: a2 + sp.tanh(w_3 * a2),
        j_1: w_1 * (1 - sp.tanh(w_1 * a0) ** 2),
        j_2: w_2 * (1 - sp.tanh(w_2 * a1) ** 2),
        j_3: w_3 * (1 - sp.tanh(w_3 * a2) ** 2),
    },
)


def network(a0: Array, *weights: float) -> Array:
    a = a0
    for w in weights:
        a = a + np.tanh(w * a)
    return a


def of_the_output(*at: float) -> float:
    return complex_step(lambda a: network(a[0], *at[1:]), np.array(at[:1]))[
        0
    ]


# %% [markdown]
# ## One block
#
# The part that a block computes has the slope $f_k'$. What it adds it to
# has the slope 1.


# %%
def through_a_block(a_out: sp.Symbol, a_in: sp.Symbol) -> Derivation:
    return (
        Derivation(
            f"Slope of {a_out} in {a_in}", Slope(a_out, a_in), blocks
        )
        .by(definition)
        .by(sum_rule)
        .by(known(tanh.slope))
        .by(straight_line, because="here the 1 comes in")
        .by(named)
    )


first_block = through_a_block(a1, a0)
second_block = through_a_block(a2, a1)
third_block = through_a_block(a3, a2)
first_block

# %% [markdown]
# ## A product of sums

# %%
product_of_sums = (
    Derivation(
        "Slope through three residual blocks",
        Slope(a3, a0),
        blocks,
        agrees_with=Reference(
            "complex step through the three blocks",
            witnesses.one_by_one(of_the_output),
        ),
    )
    .by(chain_rule)
    .by(chain_rule)
    .by(known(first_block, second_block, third_block))
)
product_of_sums

# %% [markdown]
# ## Multiplied out
#
# The product of three sums has eight terms.

# %%
paths = (
    Derivation(
        "The slope as a sum over paths",
        through,
        Given(
            arguments=(j_1, j_2, j_3),
            definitions={through: (1 + j_1) * (1 + j_2) * (1 + j_3)},
        ),
        agrees_with=Reference(
            "numpy.prod",
            lambda *slopes: np.prod(1 + np.array(slopes), axis=0),
        ),
        name="sum_over_paths",
    )
    .by(meaning)
    .rewritten(
        (1 + j_1) * (1 + j_2) + j_3 * (1 + j_1) * (1 + j_2),
        because="past the last block, or through it",
    )
    .rewritten(
        1
        + j_1
        + j_2
        + j_3
        + j_1 * j_2
        + j_1 * j_3
        + j_2 * j_3
        + j_1 * j_2 * j_3,
        because="the same for the other two",
    )
)
paths

# %% [markdown]
# One term for each set of blocks that a path goes through. The 1 is the
# path that goes past all of them. A plain network has the last term only.
# With $n$ blocks there are $2^n$ paths; SymPy counts them:

# %%
slopes = sp.symbols("j1:8")
{
    n: len(sp.expand(sp.prod(1 + j for j in slopes[:n])).args)
    for n in range(1, 8)
}

# %% [markdown]
# ## Is the gradient safe, then?
#
# The 1 is often said to keep the slope from vanishing. It stands in a sum,
# and the other terms may be negative. If one block has the slope $-1$, the
# whole product is zero. With $\w{w_1} = -1$ and an input of 0 that is the
# case here:

# %%
product_of_sums.numpy()(0.0, -1.0, 0.5, 0.5)

# %% [markdown]
# For matrices it is rarer that $I + F'$ loses a direction altogether, but
# it can. What helps in practice is that blocks start out small. Then every
# sum is near 1, and so is the product of a few. With many blocks even small
# parts add up, to growth as well as to loss. Here are 50 blocks with random
# matrices of three sizes, and the smallest and the largest factor by which
# they stretch any direction.


# %%
def stretch(size: float, blocks: int = 50, width: int = 16) -> list[str]:
    rng = np.random.default_rng(0)
    product = np.eye(width)
    for _ in range(blocks):
        J = size * rng.normal(size=(width, width)) / np.sqrt(width)
        product = product @ (np.eye(width) + J)
    factors = np.linalg.svd(product, compute_uv=False)
    return [f"{factors[-1]:.0e}", f"{factors[0]:.0e}"]


{size: stretch(size) for size in (0.01, 0.1, 0.5)}

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(product_of_sums, paths)
