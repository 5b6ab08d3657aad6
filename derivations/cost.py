# %% [markdown]
# # What a gradient costs
#
# Backpropagation finds the slopes in all weights for at most the price of two
# forward passes. Two things make that possible: it starts at the end where
# there is one number, and it computes nothing twice.

# %%
import itertools
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, ClassVar

import numpy as np
import sympy as sp

from chainrule import ACTIVATIONS, Affine, Layer, backward, forward
from derivations import witnesses
from derivations.calculus import Derivation, meaning
from derivations.checking import Reference, report
from derivations.given import Given
from derivations.symbols import (
    cost_backward,
    cost_forward,
    from_inputs,
    from_outputs,
    n_0,
    n_1,
    n_2,
    n_3,
    ratio,
    sigma,
    written_out,
)

# %% [markdown]
# ## Counting multiplications
#
# A network of three layers has the sizes $n_0$, $n_1$, $n_2$, $n_3$. Count
# the multiplications for one example, in the matrix products only: they are
# what takes the time. A matrix of $m$ rows and $n$ columns times a vector
# needs $m\,n$.
#
# Going forward, each weight is used once. Going backward it is used twice:
# once for its own slope, once to carry the error down. The first layer
# carries nothing down, since nobody needs the slope in the input.

# %%
sizes = (n_0, n_1, n_2, n_3)
passes = Given(
    arguments=sizes,
    definitions={
        cost_forward: n_0 * n_1 + n_1 * n_2 + n_2 * n_3,
        cost_backward: 2 * cost_forward - n_0 * n_1,
        ratio: cost_backward / cost_forward,
    },
    ranges=dict.fromkeys(sizes, (1, 9)),
    whole=sizes,
)

# %% [markdown]
# The witness is the reference code itself. It is run on arrays that count
# what they multiply.


# %%
class Counting(np.ndarray):
    """An array that notes the multiplications of each matrix product."""

    products: ClassVar[list[int]] = []

    def dot(self, b: Any, /, out: Any = None) -> Any:
        rows, inner = self.shape
        self.products.append(rows * inner * b.shape[1])
        return super().dot(b, out)


@contextmanager
def counted() -> Generator[list[int]]:
    Counting.products.clear()
    yield Counting.products


def counting(*shape: int) -> Any:
    return np.ones(shape).view(Counting)


def multiplications(*widths: int) -> tuple[int, int]:
    """In the forward and in the backward pass of the reference."""
    layers = [
        Layer(Affine(counting(n, m), counting(n)), ACTIVATIONS["tanh"])
        for m, n in itertools.pairwise(widths)
    ]
    with counted() as products:
        tape = forward(layers, counting(1, widths[0]))
        up = sum(products)
    with counted() as products:
        backward(layers, tape, counting(1, widths[-1]))
        down = sum(products)
    return up, down


def witness(count: Callable[..., float]) -> Reference:
    return Reference(
        "chainrule.network, counted",
        witnesses.one_by_one(lambda *n: count(*map(int, n))),
    )


# %%
backward_to_forward = (
    Derivation(
        "Backward pass to forward pass",
        ratio,
        passes,
        agrees_with=witness(
            lambda *n: multiplications(*n)[1] / multiplications(*n)[0]
        ),
    )
    .by(meaning)
    .by(meaning)
    .rewritten(
        2 - n_0 * n_1 / cost_forward,
        because="divide each term by the forward cost",
    )
)
backward_to_forward

# %% [markdown]
# This is always between 1 and 2. It is near 1 if nearly all weights are in
# the first layer, as in a network that reads images. It is near 2 in a deep
# network.

# %%
{
    "784-30-10": multiplications(784, 30, 10)[1]
    / multiplications(784, 30, 10)[0],
    "20 layers of 64": multiplications(*[64] * 21)[1]
    / multiplications(*[64] * 21)[0],
}

# %% [markdown]
# ## From which end?
#
# The slopes of all outputs in all inputs are a product of three matrices, one
# for each layer. You may multiply them out in either order and get the same.
# The price is not the same. From the inputs, every product has $n_0$ columns:

# %%
three_matrices = Given(
    arguments=sizes,
    definitions={
        from_inputs: n_2 * n_1 * n_0 + n_3 * n_2 * n_0,
        from_outputs: n_3 * n_2 * n_1 + n_3 * n_1 * n_0,
        ratio: from_inputs / from_outputs,
    },
    ranges=dict.fromkeys(sizes, (1, 9)),
    whole=sizes,
)


def product_of_three(n_0: int, n_1: int, n_2: int, n_3: int) -> Any:
    return counting(n_3, n_2), counting(n_2, n_1), counting(n_1, n_0)


def counted_from_inputs(*n: int) -> int:
    third, second, first = product_of_three(*n)
    with counted() as products:
        third.dot(second.dot(first))
        return sum(products)


def counted_from_outputs(*n: int) -> int:
    third, second, first = product_of_three(*n)
    with counted() as products:
        third.dot(second).dot(first)
        return sum(products)


up = (
    Derivation(
        "Multiplications from the inputs up",
        from_inputs,
        three_matrices,
        agrees_with=witness(counted_from_inputs),
    )
    .by(meaning)
    .rewritten(n_0 * (n_1 * n_2 + n_2 * n_3), because="take out $n_0$")
)
up

# %% [markdown]
# From the outputs, every product has $n_3$ rows:

# %%
down = (
    Derivation(
        "Multiplications from the outputs down",
        from_outputs,
        three_matrices,
        agrees_with=witness(counted_from_outputs),
    )
    .by(meaning)
    .rewritten(n_3 * (n_0 * n_1 + n_1 * n_2), because="take out $n_3$")
)
down

# %% [markdown]
# A loss is one number: $n_3 = 1$. Started from the output, the slopes cost
# about one backward pass. Started from the inputs, they cost about one pass
# *for each input*, and the slopes in the weights one for each weight. The
# first is called *reverse mode*, the second *forward mode*. With one input
# and many outputs, forward mode is the cheaper one.
#
# Here is one output and 784 inputs, as of a small image.

# %%
{
    "from the inputs": counted_from_inputs(784, 128, 64, 1),
    "from the outputs": counted_from_outputs(784, 128, 64, 1),
}

# %% [markdown]
# ## Why not one long formula?
#
# One might let SymPy differentiate the whole network as a single formula.
# It is correct, and it grows. Take a chain of $D$ sigmoids,
# $\sigma(\w{w_D}\,\sigma(\cdots\sigma(\w{w_1} x)))$, and count the
# operations: in the formula, in its slopes in all weights, and in the same
# slopes when each repeated part is computed once.

# %%


def operations(depth: int) -> dict[str, int]:
    x, *weights = sp.symbols(f"x w1:{depth + 1}")
    output = x
    for weight in weights:
        output = written_out(sigma(weight * output))
    slopes = [output.diff(weight) for weight in weights]
    parts, rest = sp.cse([output, *slopes])
    return {
        "forward": int(output.count_ops()),
        "slopes": int(sum(slope.count_ops() for slope in slopes)),
        "shared": int(sp.count_ops([*(part for _, part in parts), *rest])),
    }


swell = {depth: operations(depth) for depth in range(1, 7)}
swell

# %% [markdown]
# The forward formula grows in a straight line, by the same amount for each
# layer. The slopes grow much faster, since each repeats what the others
# contain. With shared parts they grow in a straight line again.
#
# Finding the repeated parts afterwards is a search. Backpropagation never
# loses them: it works layer by layer, and keeps what it has. In computer
# science this is called *dynamic programming*.

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(backward_to_forward, up, down)
