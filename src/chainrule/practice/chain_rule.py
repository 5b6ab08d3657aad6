"""Slopes multiplied along a path and added where paths meet; computation graphs."""

# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import exp, tanh

from numpy.random import Generator

from chainrule import slips
from chainrule.scalar import Value as Node
from chainrule.scalar import gradient, variables
from chainrule.slips import SLIPS

from .problems import CENTRAL, one, slope
from .question import Bank, Question, mistake, number, slip

BANK = Bank("chain-rule", "The chain rule and computation graphs")


def engine_slope(f: Callable[[Node], Node], at: float) -> float:
    """The slope of f at a point, by the scalar engine."""
    (argument,) = variables(at)
    return gradient(f(argument), [argument])[0]


def engine_slope_with(name: str, f: Callable[[Node], Node], at: float) -> float:
    """The same by an engine with this slip in it."""
    (argument,) = variables(at)
    return slips.function("scalar.gradient", [SLIPS[name]])(f(argument), [argument])[0]


@BANK.template("gears", "A nudge travels")
def gears(rng: Generator) -> Question:
    first, second, x = one(rng, 1.2, 4), one(rng, 1.2, 4, signed=True), one(rng, 1, 2)
    nudge = 0.01
    return number(
        r"When $x$ moves a little, $u$ moves $<first>$ times as far. When $u$ moves a little, $y$ moves $<second>$ times as far. "
        r"You raise $x$ by $<nudge>$. By how much does $y$ change?",
        values={"first": first, "second": second, "nudge": nudge},
        key=engine_slope(lambda x: x * first * second, x) * nudge,
        check=("the two functions run twice", second * (first * (x + nudge)) - second * (first * x)),
        wrong=[
            mistake("added_slopes", (first + second) * nudge,
                    "add the two slopes", "The nudge is stretched, and what comes out is stretched again. Along a path slopes multiply."),
            mistake("last_slope_only", second * nudge,
                    "leave out the first slope", r"$u$ does not move by $<nudge>$. It moves by $<first> \cdot <nudge>$."),
            mistake("slope_for_change", first * second,
                    "stop at the slope", "The change is the slope times the nudge."),
        ],
        explanation=r"$u$ changes by $<first> \cdot <nudge>$. Then $y$ changes by $<second>$ times that, which is $<key>$.",
    )  # fmt: skip


@BANK.template("two-functions", "A square of a line")
def two_functions(rng: Generator) -> Question:
    w, b, x = one(rng, 1.2, 3), one(rng, 0.3, 2, signed=True), one(rng, 0.5, 2)
    u = w * x + b
    return number(
        r"$u = <w>x + <(b)>$ and $y = u^2$. What is $\partial y/\partial x$ at $x = <x>$?",
        values={"w": w, "b": b, "x": x, "u": u},
        key=engine_slope(lambda x: (w * x + b) ** 2, x),
        check=(CENTRAL, slope(lambda x: (w * x + b) ** 2, x)),
        wrong=[
            mistake("inner_slope_dropped", 2 * u,
                    "forget the inner slope", r"$\partial y/\partial u = 2u$ still has to be multiplied by $\partial u/\partial x = <w>$."),
            mistake("outer_slope_at_x", 2 * x * w,
                    "take the outer slope at $x$", r"The square was fed with $u = <u>$, so its slope is $2u$."),
            mistake("added_slopes", 2 * u + w,
                    "add the slopes", "Along one path slopes multiply."),
        ],
        explanation=r"$u = <u>$. The outer slope is $2u$, the inner one is $<w>$. The product is $<key>$.",
    )  # fmt: skip


@BANK.template("three-functions", "Three functions in a row", needs=["chain-rule.two-functions"])
def three_functions(rng: Generator) -> Question:
    w, x = one(rng, 0.5, 1.5), one(rng, 0.4, 1.2)
    u = w * x
    v = tanh(u)
    return number(
        r"$u = <w>x$, then $v = \tanh(u)$, then $y = e^v$. What is $\partial y/\partial x$ at $x = <x>$?",
        values={"w": w, "x": x, "u": u, "v": v, "dv": 1 - v * v, "y": exp(v)},
        key=engine_slope(lambda x: (w * x).tanh().exp(), x),
        check=(CENTRAL, slope(lambda x: exp(tanh(w * x)), x)),
        wrong=[
            mistake("inner_slope_dropped", exp(v) * (1 - v * v),
                    r"leave out the innermost slope", r"$\partial u/\partial x = <w>$ is a factor too."),
            mistake("middle_slope_dropped", exp(v) * w,
                    r"leave out the slope in the middle", r"$\partial v/\partial u = 1 - v^2$ is a factor too."),
            mistake("added_slopes", exp(v) + (1 - v * v) + w,
                    r"add the three slopes", "Along one path slopes multiply."),
        ],
        explanation=r"$u = <u>$, $v = <v>$. The slopes, outermost first, are $e^v = <y>$, $1 - v^2 = <dv>$ and $<w>$. Their product is $<key>$.",
    )  # fmt: skip


@BANK.template("fork", "Two ways to the same place", needs=["chain-rule.two-functions"])
def fork(rng: Generator) -> Question:
    p, q, x = one(rng, 1.2, 4), one(rng, 0.5, 3, signed=True), one(rng, 0.5, 2)
    u, v = p * x, x + q
    return number(
        r"$x$ goes two ways: $u = <p>x$ and $v = x + <(q)>$. They meet again in $y = uv$. What is $\partial y/\partial x$ at $x = <x>$?",
        values={"p": p, "q": q, "x": x, "u": u, "v": v, "left": v * p},
        key=engine_slope(lambda x: (p * x) * (x + q), x),
        check=(CENTRAL, slope(lambda x: p * x * (x + q), x)),
        wrong=[
            slip("overwritten_at_fork", lambda name: engine_slope_with(name, lambda x: (p * x) * (x + q), x),
                 "count only the way through $u$", "Both ways carry the nudge. Where paths meet, add."),
            mistake("other_path_only", u,
                    "count only the way through $v$", "Both ways carry the nudge. Where paths meet, add."),
            mistake("multiplied_paths", v * p * u,
                    "multiply the two paths", "Slopes multiply along a path. The paths themselves add."),
        ],
        explanation=r"Through $u$: $v \cdot <p> = <left>$. Through $v$: $u \cdot 1 = <u>$. Together $<key>$.",
    )  # fmt: skip


@BANK.template("add-times", "A sum, then a product")
def add_times(rng: Generator) -> Question:
    x, y = one(rng, 0.5, 5, signed=True), one(rng, 0.5, 5, signed=True)
    z = one(rng, 1.5, 5, signed=True)
    return number(
        r"$f = (x + y)\,z$ with $x = <x>$, $y = <y>$ and $z = <z>$. What is $\partial f/\partial x$?",
        values={"x": x, "y": y, "z": z},
        key=engine_slope(lambda x: (x + y) * z, x),
        check=(CENTRAL, slope(lambda x: (x + y) * z, x)),
        wrong=[
            mistake("other_input_at_sum", y,
                    "swap the inputs at the sum", "A product hands each input the value of the other. A sum hands on what it gets."),
            mistake("wrong_side_of_product", x + y,
                    r"give the slope in $z$", r"The slope of the product in its left input is its right input, $z$."),
            mistake("local_slope_only", 1.0,
                    "give only the slope of the sum", "What comes from above is $z$, and it has to be multiplied in."),
        ],
        explanation=r"The product sends $z = <z>$ to the sum. The sum hands it on unchanged to both of its inputs.",
    )  # fmt: skip


@BANK.template("used-twice", "A value used twice", needs=["chain-rule.fork"])
def used_twice(rng: Generator) -> Question:
    a = one(rng, 1.2, 5, signed=True)
    return number(
        r"$f = a \cdot a + a$ with $a = <a>$. What is $\partial f/\partial a$?",
        values={"a": a},
        key=engine_slope(lambda a: a * a + a, a),
        check=(CENTRAL, slope(lambda a: a * a + a, a)),
        wrong=[
            slip("overwritten_at_fork", lambda name: engine_slope_with(name, lambda a: a * a + a, a),
                 "keep only what arrives last, at a factor of the product", "Each of the three uses of $a$ sends something back. Add them: `+=`, not `=`."),
            mistake("first_arrival_only", 1,
                    "keep only what arrives first, at the sum", "Each of the three uses of $a$ sends something back. Add them all."),
            mistake("branch_forgotten", 2 * a,
                    "forget the $a$ that is added at the end", "That use sends back 1."),
        ],
        explanation=r"The product sends $a$ to its left input and $a$ to its right input. The sum sends 1. Together $2a + 1 = <key>$.",
    )  # fmt: skip


@BANK.template("max-gate", "Where a maximum sends its gradient")
def max_gate(rng: Generator) -> Question:
    q, g = one(rng, 0.5, 3), one(rng, 0.5, 3, signed=True)
    p = round(q + one(rng, 0.5, 3), 2)
    return number(
        r"In a graph stands $m = \max(p, q)$ with $p = <p>$ and $q = <q>$. From above comes $\g{\partial L/\partial m} = <g>$. "
        r"What is $\g{\partial L/\partial p}$?",
        values={"p": p, "q": q, "g": g},
        key=engine_slope(lambda p: (p - q).relu() * g, p),
        check=(CENTRAL, slope(lambda p: max(p, q) * g, p)),
        wrong=[
            mistake("max_split", g / 2,
                    "give each input half", "Only the larger input moves the maximum. It gets everything."),
            mistake("max_as_product", g * p,
                    "multiply by the input's own value", "Near $p$ the maximum is $p$ itself, and its slope is 1."),
            mistake("max_as_product_of_other", g * q,
                    "multiply by the other input, as a product would", "Near $p$ the maximum is $p$ itself, and its slope is 1."),
        ],
        explanation=r"$p$ is larger, so $m = p$ and the slope is 1. All of $<g>$ goes to $p$, and nothing goes to $q$.",
    )  # fmt: skip


@BANK.template("paths", "Counting paths")
def paths(rng: Generator) -> Question:
    n0, n1, n2 = (int(n) for n in rng.permutation([2, 3, 4, 5, 6])[:3])
    walked = sum(1 for _ in product(range(n0), range(n1), range(n2)))
    return number(
        r"A dense network has $<n0>$ inputs, $<n1>$ hidden neurons and $<n2>$ outputs. How many paths lead from an input to an output?",
        values={"n0": n0, "n1": n1, "n2": n2},
        key=n0 * n1 * n2,
        check=("every path walked", walked),
        wrong=[
            mistake("edges_for_paths", n0 * n1 + n1 * n2,
                    "count the edges", "A path takes one edge in each layer, and any first edge can be followed by any second one."),
            mistake("nodes_for_paths", n0 + n1 + n2,
                    "count the nodes", "A path picks one node in each layer. The choices multiply."),
            mistake("first_layer_paths", n0 * n1,
                    "stop at the hidden layer", r"From each hidden neuron $<n2>$ edges go on."),
        ],
        explanation=r"One choice in each layer: $<n0> \cdot <n1> \cdot <n2> = <key>$. Backpropagation never lists them. It adds up at each node and goes on.",
    )  # fmt: skip


@BANK.template("scales", "Large input, small weight")
def scales(rng: Generator) -> Question:
    x = int(rng.integers(3, 20)) * 100
    w, g = round(float(rng.uniform(0.002, 0.009)), 3), one(rng, 1.5, 4)
    return number(
        r"In a graph stands $p = \w{w}\act{x}$ with $\w{w} = <w>$ and $\act{x} = <x>$. From above comes $\g{\partial L/\partial p} = <g>$. "
        r"What is $\g{\partial L/\partial w}$?",
        values={"x": x, "w": f"{{{w:.3f}}}", "g": g},
        key=engine_slope(lambda w: w * x * g, w),
        check=(CENTRAL, slope(lambda w: w * x * g, w)),
        wrong=[
            mistake("own_value", g * w,
                    "multiply by the weight itself", "A product hands each input the value of the *other* one."),
            mistake("product_as_sum", g,
                    "hand on what comes from above", "That is what a sum does. A product multiplies by the other input."),
            mistake("both_values", g * w * x,
                    "multiply by both inputs", r"The slope of $wx$ in $w$ is $x$ alone."),
        ],
        explanation=r"The slope of $wx$ in $w$ is $x$, so $\partial L/\partial w = <g> \cdot <x> = <key>$. "
        r"A small weight can have a large gradient: that is why inputs are scaled first.",
    )  # fmt: skip
