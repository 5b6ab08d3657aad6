"""What a reader needs before the first page: slopes, partial slopes, and matrices."""

# ruff: noqa: E501
from __future__ import annotations

import numpy as np
from numpy.random import Generator

from .problems import CENTRAL, slope, two_decimals
from .question import Bank, Question, Saying, mistake, number, sentence

BANK = Bank("basics", "Slopes and matrices")

ROW_BY_ROW = "the sum of the products, one by one"


@BANK.template("slope", "A slope at a place")
def slope_at_a_place(rng: Generator) -> Question:
    x = int(rng.integers(4, 10))
    c = int(rng.integers(2, 6))
    return number(
        r"What is the slope of $<c>x^3$ at $x = <x>$?",
        values={"c": c, "x": x, "square": x**2},
        key=3 * c * x**2,
        check=(CENTRAL, slope(lambda x: c * x**3, x)),
        wrong=[
            mistake("value_for_slope", c * x**3,
                    "put $x$ into the function itself", "That is how high the curve is there. The question is how steep."),
            mistake("factor_not_brought_down", c * x**2,
                    "lower the power and forget to bring it down as a factor", r"The slope of $x^3$ is $3x^2$."),
            mistake("power_not_lowered", 3 * c * x**3,
                    "bring the power down and do not lower it", r"The slope of $x^3$ is $3x^2$."),
        ],
        explanation=r"The slope of $x^3$ is $3x^2$, so that of $<c>x^3$ is $<c> \cdot 3 \cdot <square> = <key>$.",
    )  # fmt: skip


@BANK.template("partial", "One input moves, the other stands still")
def partial(rng: Generator) -> Question:
    u, v = (rng.permutation([2, 3, 4, 5, 6, 7])[:2]).tolist()
    return number(
        r"Let $f = u^2 v$, at $u = <u>$ and $v = <v>$. What is $\partial f/\partial u$?",
        values={"u": u, "v": v},
        key=2 * u * v,
        check=(CENTRAL, slope(lambda u: u**2 * v, u)),
        wrong=[
            mistake("other_partial", u**2,
                    "move $v$ and hold $u$ still", r"In $\partial f/\partial u$ it is $u$ that moves: $2uv$."),
            mistake("held_factor_lost", 2 * u,
                    "let the factor that is held still vanish", r"A constant *term* vanishes, a constant *factor* stays: $2uv$."),
            mistake("partials_added", 2 * u * v + u**2,
                    "add both partial slopes", "That is what happens when both move at once. Here only $u$ does."),
        ],
        explanation=r"Hold $v$ still: it is a constant factor. The slope of $u^2$ is $2u$, so $\partial f/\partial u = 2uv = 2 \cdot <u> \cdot <v> = <key>$.",
    )  # fmt: skip


@BANK.template("gradient-of-sum", "A slope in a weighted sum", needs=["basics.partial"])
def weighted_sum(rng: Generator) -> Question:
    w1, w2, b = two_decimals(rng, 0.2, 2, (3,), signed=True).tolist()
    a1, a2 = two_decimals(rng, 0.2, 2, (2,)).tolist()
    return number(
        r"A neuron adds up $\act{z} = \w{w_1}\act{a_1} + \w{w_2}\act{a_2} + \w{b}$, with $\w{w_1} = <w1>$, $\w{w_2} = <w2>$, $\w{b} = <b>$, $\act{a_1} = <a1>$ and $\act{a_2} = <a2>$. What is $\partial z/\partial w_1$?",
        values={"w1": w1, "w2": w2, "b": b, "a1": a1, "a2": a2},
        key=a1,
        check=(CENTRAL, slope(lambda w: w * a1 + w2 * a2 + b, w1)),
        wrong=[
            mistake("weight_for_input", w1,
                    "give the weight itself", r"That is $\partial z/\partial a_1$. The slope in a factor is the other factor."),
            mistake("term_for_slope", w1 * a1,
                    "give the whole term", r"The slope in a factor is the other factor: $a_1$."),
            mistake("constants_kept", a1 + w2 * a2 + b,
                    "keep the terms in which the weight does not stand", "They do not move when the weight moves, so their slope is 0."),
        ],
        explanation=r"Only one term contains $w_1$, and its slope in $w_1$ is what it is multiplied by: $a_1 = <key>$.",
    )  # fmt: skip


@BANK.template("matrix-vector", "A matrix times a vector")
def matrix_vector(rng: Generator) -> Question:
    W = rng.integers(1, 10, (2, 2))
    a = rng.integers(2, 10, 2)
    return number(
        r"What is the second entry of $<W> <a>$?",
        values={"W": W, "a": a, "p": int(W[1, 0]), "q": int(W[1, 1]), "a1": int(a[0]), "a2": int(a[1])},
        key=int((W @ a)[1]),
        check=(ROW_BY_ROW, sum(int(w) * int(v) for w, v in zip(W[1], a, strict=True))),
        wrong=[
            mistake("column_for_row", int((W.T @ a)[1]),
                    "go down the second column", "Each entry of the result belongs to a row."),
            mistake("first_row", int((W @ a)[0]),
                    "use the first row", "The second entry belongs to the second row."),
            mistake("last_product_only", int(W[1, 1] * a[1]),
                    "multiply without adding up", "Multiply entry by entry along the row, then add."),
        ],
        explanation=r"The second row meets the vector: $<p> \cdot <a1> + <q> \cdot <a2> = <key>$.",
    )  # fmt: skip


@BANK.template("transpose", "The same matrix, transposed", needs=["basics.matrix-vector"])
def transpose(rng: Generator) -> Question:
    W = rng.integers(1, 10, (3, 2))
    d = rng.integers(2, 10, 3)
    values = {"W": W, "d": d}
    values |= {f"w{i}": int(W[i, 0]) for i in range(3)} | {f"d{i}": int(d[i]) for i in range(3)}
    return number(
        r"Let $\w{W} = <W>$ and $v = <d>$. What is the first entry of $\w{W}^{\mathsf{T}}v$?",
        values=values,
        key=int((W.T @ d)[0]),
        check=(ROW_BY_ROW, sum(int(w) * int(v) for w, v in zip(W[:, 0], d, strict=True))),
        wrong=[
            mistake("transpose_forgotten", int(W[0] @ d[:2]),
                    "go along the first row as far as it reaches", "The transpose turns columns into rows. Go down the first column."),
            mistake("second_column", int((W.T @ d)[1]),
                    "go down the second column", "The first entry belongs to the first column."),
            mistake("first_product_only", int(W[0, 0] * d[0]),
                    "multiply without adding up", "Multiply entry by entry down the column, then add."),
        ],
        explanation=r"The first column meets the vector: $<w0> \cdot <d0> + <w1> \cdot <d1> + <w2> \cdot <d2> = <key>$.",
    )  # fmt: skip


@BANK.template("what-fits", "What fits a matrix")
def what_fits(rng: Generator) -> Question:
    n_out, n_in = (rng.permutation([2, 3, 4, 5, 6])[:2]).tolist()
    W = np.ones((n_out, n_in))
    return sentence(
        rng,
        r"A matrix $\w{W}$ has $<n_out>$ rows and $<n_in>$ columns. Which products exist?",
        values={"n_out": n_out, "n_in": n_in},
        sayings=[
            Saying((n_in, n_out), "", r"$\w{W}u$ for $u$ with $<n_in>$ entries, $\w{W}^{\mathsf{T}}v$ for $v$ with $<n_out>$", ""),
            Saying((n_out, n_in), "rows_for_columns", r"$\w{W}u$ for $u$ with $<n_out>$ entries, $\w{W}^{\mathsf{T}}v$ for $v$ with $<n_in>$",
                   "The vector lies along a row, so it needs as many entries as there are columns."),
            Saying((n_in, n_in), "transpose_changes_nothing", r"$\w{W}u$ and $\w{W}^{\mathsf{T}}v$, both with $<n_in>$ entries",
                   "The transpose exchanges rows and columns, so it takes the other length."),
        ],
        key=(W.shape[1], W.T.shape[1]),
        check=("the shapes of a matrix and of its transpose", (len(W[0]), len(W))),
        explanation=r"$\w{W}$ turns $<n_in>$ numbers into $<n_out>$. Its transpose turns $<n_out>$ into $<n_in>$.",
    )  # fmt: skip
