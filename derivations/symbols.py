"""Every symbol of the derivations, with the way it is written. The only place one is made.

The name of a symbol is a Python identifier, because the name becomes an argument of the
generated NumPy and JavaScript functions. How it looks is kept in `LATEX`, where the macros
give the roles their colours: \\w weights and biases, \\act inputs, activations, outputs and
targets, \\g gradients, \\loss the loss. `PLAIN` is the same without colour.

The order of this file is the order in which a product is written, from the loss back to the
input: (y - t), then y (1 - y), then the weight, then what came in.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

LATEX: dict[sp.Basic, str] = {}
PLAIN: dict[sp.Basic, str] = {}
RANK: dict[sp.Basic, int] = {}


def _known_as(symbol: Any, latex: str, role: str) -> Any:
    PLAIN[symbol] = latex
    LATEX[symbol] = rf"\{role}{{{latex}}}" if role else latex
    RANK[symbol] = len(RANK)
    return symbol


def _scalar(name: str, latex: str, role: str = "", **assumptions: bool) -> sp.Symbol:
    return _known_as(sp.Symbol(name, **({"real": True} | assumptions)), latex, role)


def _matrix(name: str, latex: str, role: str, rows: Any, columns: Any = 1) -> sp.MatrixSymbol:
    return _known_as(sp.MatrixSymbol(name, rows, columns), latex, role)


class sigma(sp.Function):  # noqa: N801  (SymPy prints a function under the name of its class)
    """The sigmoid as a letter: SymPy keeps it closed, so that an answer stays short enough to read.

    What `fdiff` says here is proved on the page of the sigmoid.
    """

    is_real = True

    def fdiff(self, argindex: int = 1) -> Any:
        itself: Any = self
        return itself * (1 - itself)


def written_out(expr: Any) -> Any:
    """The expression with every sigma(u) as 1 / (1 + exp(-u))."""
    return expr.replace(sigma, lambda u: 1 / (1 + sp.exp(-u)))


class relu(sp.Function):  # noqa: N801
    """The rectified linear unit as a letter."""

    is_real = True


# The loss, and what it compares.
L = _scalar("L", "L", "loss")
t = _scalar("t", "t", "act")
y = _scalar("y", "y", "act")

# The output unit of the 2-2-1 network, then its hidden units, then its input.
z3 = _scalar("z3", "z_3")
w31 = _scalar("w31", "w_{31}", "w")
w32 = _scalar("w32", "w_{32}", "w")
b3 = _scalar("b3", "b_3", "w")
h1 = _scalar("h1", "h_1", "act")
h2 = _scalar("h2", "h_2", "act")
z1 = _scalar("z1", "z_1")
z2 = _scalar("z2", "z_2")
w11 = _scalar("w11", "w_{11}", "w")
w12 = _scalar("w12", "w_{12}", "w")
w21 = _scalar("w21", "w_{21}", "w")
w22 = _scalar("w22", "w_{22}", "w")
x1 = _scalar("x1", "x_1", "act")
x2 = _scalar("x2", "x_2", "act")
b1 = _scalar("b1", "b_1", "w")
b2 = _scalar("b2", "b_2", "w")

# One neuron, and the two halves of a quotient.
z = _scalar("z", "z")
w = _scalar("w", "w", "w")
x = _scalar("x", "x", "act")
b = _scalar("b", "b", "w")
u = _scalar("u", "u")
v = _scalar("v", "v")

# Any activation and its slope, where nothing else is known of them.
f = _scalar("f", "f")
df = _scalar("df", "f'")

# One layer of a network of any depth. It has n_in inputs and n_out units; n_above units follow.
n_in, n_out, n_above, batch_size = sp.symbols(
    "n_in n_out n_above batch_size", positive=True, integer=True
)
z_above = _matrix("z_above", "z^{(k+1)}", "", n_above)
delta_above = _matrix("delta_above", r"\delta^{(k+1)}", "g", n_above)
W_above = _matrix("W_above", "W^{(k+1)}", "w", n_above, n_out)
b_above = _matrix("b_above", "b^{(k+1)}", "w", n_above)
a_k = _matrix("a_k", "a^{(k)}", "act", n_out)
z_k = _matrix("z_k", "z^{(k)}", "", n_out)
delta_k = _matrix("delta_k", r"\delta^{(k)}", "g", n_out)
W_k = _matrix("W_k", "W^{(k)}", "w", n_out, n_in)
b_k = _matrix("b_k", "b^{(k)}", "w", n_out)
a_below = _matrix("a_below", "a^{(k-1)}", "act", n_in)

# The same layer for a batch, one example a row.
Z = _matrix("Z", "Z", "", batch_size, n_out)
Delta = _matrix("Delta", r"\Delta", "g", batch_size, n_out)
A = _matrix("A", "A", "act", batch_size, n_in)
W = _matrix("W", "W", "w", n_out, n_in)
b_units = _matrix("b", "b", "w", n_out)
ones = sp.OneMatrix(batch_size, 1)

# Three examples of a batch, each a column.
delta_1, delta_2, delta_3 = (_matrix(f"delta_{i}", rf"\delta_{i}", "g", n_out) for i in (1, 2, 3))
a_1, a_2, a_3 = (_matrix(f"a_{i}", f"a_{i}", "act", n_in) for i in (1, 2, 3))


def inner(u: Any, v: Any) -> Any:
    """The inner product of two matrices of one shape: the sum of entry times entry."""
    return sp.Trace(sp.MatMul(u.T, v))
