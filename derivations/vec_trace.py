# %% [markdown]
# # A product from both sides
#
# A matrix of weights may stand between two others, as a layer does between
# the layers around it. Its gradient is found with a trace in five lines.
# Written for one long vector, the same result is a product with a transposed
# matrix, as it always is.

# %% [markdown]
# ## What is given
#
# The product is $Y = A\,\w{X}\,B$, and $\g{G}$ holds the slopes of the loss
# in $Y$. To first order the loss moves by the sum of slope times change,
# entry by entry. That sum is a trace, $\operatorname{tr}(\g{G}^{\mathsf{T}}
# Y)$.

# %%
import numpy as np
import sympy as sp

from chainrule import ACTIVATIONS, Affine, Layer, backward, forward
from chainrule.activations import Array
from derivations import witnesses
from derivations.calculus import Derivation
from derivations.checking import Reference, difference, report
from derivations.matrices import (
    GivenMatrices,
    cyclic,
    opened,
    trace_slope,
    transpose_of_product,
)
from derivations.nodes import MatrixSlope
from derivations.symbols import (
    AXB,
    A_left,
    B_right,
    G,
    L,
    X,
    breadth,
    columns,
    height,
    inner,
    rows,
)

# %%
both_sides = GivenMatrices(
    arguments=(A_left, B_right, G),
    definitions={AXB: A_left * X * B_right, L: inner(G, AXB)},
    sizes=(
        {rows: 2, height: 3, breadth: 2, columns: 4},
        {rows: 3, height: 2, breadth: 4, columns: 2},
    ),
)

# %% [markdown]
# ## With a trace
#
# A product inside a trace may be turned round like a ring. Bring $\w{X}$ to
# the end, and what stands before it is the answer, transposed.


# %%
def two_layers(A: Array, B: Array, G: Array) -> Array:
    """By the reference: A from below, X in between, B from above."""
    middle = Layer(
        Affine(np.zeros((len(B), A.shape[1])), np.zeros(len(B))),
        ACTIVATIONS["identity"],
    )
    above = Layer(
        Affine(B.T, np.zeros(B.shape[1])), ACTIVATIONS["identity"]
    )
    tape = forward([middle, above], A)
    return backward([middle, above], tape, G)[0].W.T


dL_dX = (
    Derivation(
        "Slope of the loss in a matrix between two others",
        MatrixSlope(L, X),
        both_sides,
        agrees_with=Reference(witnesses.BACKWARD, two_layers),
    )
    .by(opened)
    .by(opened)
    .by(cyclic)
    .by(trace_slope)
    .by(transpose_of_product)
)
dL_dX

# %% [markdown]
# What stood on the left comes back transposed on the left, and the same on
# the right. If no two sizes are equal, the shapes allow nothing else: of all
# products of these three, transposed or not, only this one has the shape of
# $\w{X}$. If some are equal, others fit too, and are wrong.

# %% [markdown]
# ## As one long vector
#
# Stack the columns of $\w{X}$ into one vector, $\operatorname{vec} X$. The
# product is linear in it, so there must be a matrix that does the same. It
# is the Kronecker product $B^{\mathsf{T}} \otimes A$: every entry of
# $B^{\mathsf{T}}$ times a copy of $A$. SymPy shows it for symbols at a
# small size.


# %%
def symbols_of(name: str, height: int, width: int) -> sp.Matrix:
    return sp.Matrix(height, width, lambda i, j: sp.Symbol(f"{name}{i}{j}"))


left, inside, right = (
    symbols_of("a", 2, 3),
    symbols_of("x", 3, 2),
    symbols_of("b", 2, 2),
)
as_a_matrix = sp.Matrix(sp.kronecker_product(right.T, left))
gap = (left * inside * right).vec() - as_a_matrix * inside.vec()
same_product = gap.applyfunc(sp.expand).is_zero_matrix
same_product

# %% [markdown]
# Backward a matrix acts as its transpose. The transpose of a Kronecker
# product is that of its parts, so the gradient, stacked as well, is
# $(B \otimes A^{\mathsf{T}}) \operatorname{vec} \g{G}$. By the same rule
# that is $\operatorname{vec}(A^{\mathsf{T}} \g{G} B^{\mathsf{T}})$, which is
# the result above. Here are the two against each other in numbers. $A$ has
# the shape $m \times n$ and $B$ the shape $p \times q$, for several
# $(m, n, p, q)$.


# %%
def largest_difference(m: int, n: int, p: int, q: int) -> float:
    rng = np.random.default_rng(0)
    A, B, G = (rng.normal(size=size) for size in ((m, n), (p, q), (m, q)))
    stacked = np.kron(B, A.T) @ G.ravel(order="F")
    return difference(
        dL_dX.numpy()(A, B, G), stacked.reshape((n, p), order="F")
    )


{
    f"{shape}": largest_difference(*shape)
    for shape in [(2, 3, 4, 5), (5, 2, 3, 1), (1, 4, 2, 3)]
}

# %% [markdown]
# The order matters. NumPy stacks *rows* unless told otherwise, and then the
# matrix is $A \otimes B^{\mathsf{T}}$. Nobody should build these matrices
# in a program. If all sizes are a thousand, they have $10^{12}$ entries. They
# are a way to see that going backward is always a transpose.

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(dL_dX)
