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
    if symbol in LATEX:
        raise ValueError(f"the symbol {symbol} is made twice")
    PLAIN[symbol] = latex
    LATEX[symbol] = rf"\{role}{{{latex}}}" if role else latex
    RANK[symbol] = len(RANK)
    return symbol


def _scalar(
    name: str, latex: str, role: str = "", **assumptions: bool
) -> sp.Symbol:
    return _known_as(
        sp.Symbol(name, **({"real": True} | assumptions)), latex, role
    )


def _matrix(
    name: str, latex: str, role: str, rows: Any, columns: Any = 1
) -> sp.MatrixSymbol:
    return _known_as(sp.MatrixSymbol(name, rows, columns), latex, role)


def _indexed(name: str, index: Any) -> Any:
    base: Any = sp.IndexedBase(name)
    return base[index]


class LetterBase(sp.Function):
    """A function known by a letter: SymPy keeps it closed, so that an answer stays short.

    SymPy's printers look for a method of the class of a function, or of one named ...Base.
    """

    is_real = True
    latex: str

    @classmethod
    def opened(cls, u: Any) -> Any:
        """Its formula, where it has one."""
        raise NotImplementedError


class sigma(LetterBase):  # noqa: N801  (SymPy prints a function under the name of its class)
    """The sigmoid. What `fdiff` says here is proved on the page of the sigmoid."""

    latex = r"\sigma"

    def fdiff(self, argindex: int = 1) -> Any:
        itself: Any = self
        return itself * (1 - itself)

    @classmethod
    def opened(cls, u: Any) -> Any:
        return 1 / (1 + sp.exp(-u))


class softplus(LetterBase):  # noqa: N801
    """The logarithm of 1 + exp."""

    latex = r"\operatorname{softplus}"

    @classmethod
    def opened(cls, u: Any) -> Any:
        return sp.log(1 + sp.exp(u))


class Phi(LetterBase):
    """The chance that a standard normal number is below u."""

    latex = r"\Phi"

    @classmethod
    def opened(cls, u: Any) -> Any:
        return (1 + sp.erf(u / sp.sqrt(2))) / 2


class phi(LetterBase):  # noqa: N801
    """The bell curve, which is the slope of Phi."""

    latex = r"\varphi"

    @classmethod
    def opened(cls, u: Any) -> Any:
        return sp.exp(-(u**2) / 2) / sp.sqrt(2 * sp.pi)


class gelu(LetterBase):  # noqa: N801
    """The Gaussian error linear unit."""

    latex = r"\operatorname{GELU}"


class gelu_slope(LetterBase):  # noqa: N801
    """The slope of GELU as a function of its own."""

    latex = r"\operatorname{GELU}'"


class relu(LetterBase):  # noqa: N801
    """The rectified linear unit."""

    latex = r"\operatorname{ReLU}"


def written_out(expr: Any) -> Any:
    """The expression with the formula of every letter that has one, such as 1 / (1 + exp(-u))."""
    for letter in (sigma, softplus, Phi, phi):
        expr = expr.replace(letter, letter.opened)
    return expr


class after(sp.Function):  # noqa: N801
    """The weight after so many steps of gradient descent."""

    is_real = True


# The loss.
L = _scalar("L", "L", "loss")

# What a step of gradient descent depends on besides the gradient.
eta = _scalar("eta", r"\eta", positive=True)
eta_best = _scalar("eta_best", r"\eta_{\text{best}}", positive=True)
lam = _scalar("lam", r"\lambda", positive=True)
lam_min = _scalar("lam_min", r"\lambda_{\min}", positive=True)
lam_max = _scalar("lam_max", r"\lambda_{\max}", positive=True)

# What the loss compares.
t = _scalar("t", "t", "act")
y = _scalar("y", "y", "act")

# The output neuron of the 2-2-1 network, then its hidden neurons, then its input.
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

# Two constants of GELU in its tanh form.
gate_scale = _scalar("gate_scale", "c", positive=True)
gate_cubic = _scalar("gate_cubic", r"\kappa", positive=True)

# One neuron, and the two halves of a quotient.
z = _scalar("z", "z")
w = _scalar("w", "w", "w")
x = _scalar("x", "x", "act")
b = _scalar("b", "b", "w")
u = _scalar("u", "u")
v = _scalar("v", "v")

# Gradient descent: steps, the weight before and after, slope and loss where it stands.
k = _scalar("k", "k", integer=True, nonnegative=True)
w_0 = _scalar("w_0", "w_0", "w")
w_next = _scalar("w_next", "w_{k+1}", "w")
g = _scalar("g", "g", "g")
L_next = _scalar("L_next", r"L_{k+1}", "loss")
drop = _scalar("drop", r"\text{drop}")
rate = _scalar("rate", r"\rho")

# A chain of single neurons, from the output back to the input.
a3 = _scalar("a3", "a_3", "act")
z_3 = _scalar("z_3", "z_3")
w_3 = _scalar("w_3", "w_3", "w")
b_3 = _scalar("b_3", "b_3", "w")
a2 = _scalar("a2", "a_2", "act")
z_2 = _scalar("z_2", "z_2")
w_2 = _scalar("w_2", "w_2", "w")
b_2 = _scalar("b_2", "b_2", "w")
a1 = _scalar("a1", "a_1", "act")
z_1 = _scalar("z_1", "z_1")
w_1 = _scalar("w_1", "w_1", "w")
a0 = _scalar("a0", "a_0", "act")
b_1 = _scalar("b_1", "b_1", "w")

# The norms of a deep network's factors.
n = _scalar("n", "n", integer=True, positive=True)
jacobian_norm = _scalar(
    "jacobian_norm",
    r"\left\lVert \frac{\partial a^{(n)}}{\partial a^{(0)}} \right\rVert",
)
product_norm = _scalar(
    "product_norm",
    r"\left\lVert D_n\,\w{W_n} \cdots D_1\,\w{W_1} \right\rVert",
)
norm_D_k = _known_as(
    _indexed("norm_D", k), r"\left\lVert D_k \right\rVert", ""
)
norm_W_k = _known_as(
    _indexed("norm_W_of", k), r"\left\lVert \w{W_k} \right\rVert", ""
)
norm_W = _scalar(
    "norm_W", r"\left\lVert W \right\rVert", "w", positive=True
)

# The window in which a sigmoid neuron amplifies.
s = _scalar("s", "s")
width = _scalar("width", r"\text{width}")

# Any activation and its slope, where nothing else is known of them.
f = _scalar("f", "f")
df = _scalar("df", "f'")

# Losses: the probability of one class, and the rest of a sum.
dL_dz = _scalar("dL_dz", r"\frac{\partial L}{\partial z}", "g")
p = _scalar("p", "p", "act")
others = _scalar("others", "R", positive=True)

# The height of the bell curve.
bell_height = _scalar("bell_height", r"\varphi(0)", positive=True)

# Softmax over any number of classes: two of them, and the sum S of all exponentials.
p_i = _scalar("p_i", "p_i", "act")
p_j = _scalar("p_j", "p_j", "act")
z_i = _scalar("z_i", "z_i")
z_j = _scalar("z_j", "z_j")
S = _scalar("S", "S", positive=True)

# Softmax over three, with its own logits: in the 2-2-1 network z_3 comes first, as the output.
# The g are slopes of the loss in the probabilities.
logit_1 = _scalar("logit_1", "z_1")
logit_2 = _scalar("logit_2", "z_2")
logit_3 = _scalar("logit_3", "z_3")
p_1 = _scalar("p_1", "p_1", "act")
p_2 = _scalar("p_2", "p_2", "act")
p_3 = _scalar("p_3", "p_3", "act")
t_1 = _scalar("t_1", "t_1", "act")
t_2 = _scalar("t_2", "t_2", "act")
t_3 = _scalar("t_3", "t_3", "act")
g_1 = _scalar("g_1", "g_1", "g")
g_2 = _scalar("g_2", "g_2", "g")
g_3 = _scalar("g_3", "g_3", "g")
average = _scalar("average", r"\overline{g}", "g")
lse = _scalar("lse", r"\operatorname{LSE}")
m = _scalar("m", "m")

# A central difference: the loss and its slopes at w, the step, the rounding, the error.
L_0 = _scalar("L_0", "L(w)", "loss")
L_d1 = _scalar("L_d1", "L'(w)", "g")
L_d2 = _scalar("L_d2", "L''(w)")
L_d3 = _scalar("L_d3", r"L^{(3)}(w)")
L_right = _scalar("L_right", "L(w+h)", "loss")
L_left = _scalar("L_left", "L(w-h)", "loss")
one_sided = _scalar("one_sided", "D_{+}")
central = _scalar("central", "D")
M = _scalar("M", "M", positive=True)
eps = _scalar("eps", r"\varepsilon", positive=True)
h = _scalar("h", "h", positive=True)
h_best = _scalar("h_best", r"h_{\text{best}}", positive=True)
error = _scalar("error", "E")

# What a pass costs: the sizes of the layers, and multiplications.
n_0, n_1, n_2, n_3 = (
    _scalar(f"n_{i}", f"n_{i}", integer=True, positive=True)
    for i in range(4)
)
cost_forward = _scalar("cost_forward", r"C_{\text{forward}}", positive=True)
cost_backward = _scalar("cost_backward", r"C_{\text{backward}}")
from_inputs = _scalar("from_inputs", r"C_{\text{from the inputs}}")
from_outputs = _scalar("from_outputs", r"C_{\text{from the outputs}}")
ratio = _scalar("ratio", r"\text{ratio}")

# The steepest way: a gradient of two entries, a direction, and the multiplier.
mu = _scalar("mu", r"\mu", positive=True)
length = _scalar("length", r"\varepsilon", positive=True)
g_x = _scalar("g_x", "g_1", "g")
g_y = _scalar("g_y", "g_2", "g")
d_x = _scalar("d_x", "d_1")
d_y = _scalar("d_y", "d_2")
norm_g = _scalar(
    "norm_g", r"\left\lVert g \right\rVert", "g", positive=True
)
lagrangian = _scalar("lagrangian", r"\Lambda")
change = _scalar("change", r"\text{change}")

# Momentum and Adam: what they remember, and how quickly they forget.
beta = _scalar("beta", r"\beta", positive=True)
beta_1 = _scalar("beta_1", r"\beta_1", positive=True)
beta_2 = _scalar("beta_2", r"\beta_2", positive=True)
kappa = _scalar("kappa", r"\kappa", positive=True)
w_last = _scalar("w_last", "w_{k-1}", "w")
w_now = _scalar("w_now", "w_k", "w")
v_now = _scalar("v_now", "v_k")
v_next = _scalar("v_next", "v_{k+1}")
r = _scalar("r", "r")
real_part = _scalar("real_part", "x")
imaginary_part = _scalar("imaginary_part", "y")
size_r = _scalar("size_r", r"\left\lvert r \right\rvert^2")
steps = _scalar("steps", "t", integer=True, positive=True)
m_t = _scalar("m_t", "m_t")
s_t = _scalar("s_t", "s_t")
m_hat = _scalar("m_hat", r"\hat m_t")
s_hat = _scalar("s_hat", r"\hat s_t")
step = _scalar("step", r"\text{step}")
i = _scalar("i", "i", integer=True, positive=True)

# Weight decay: the regularised loss.
R = _scalar("R", r"L_{\lambda}", "loss")
w_coupled = _scalar("w_coupled", r"w_{\text{L2}}", "w")
w_decoupled = _scalar("w_decoupled", r"w_{\text{decay}}", "w")

# The first weights: the mean squares of what comes in, of the weights and of what comes out.
fan_in = _scalar("fan_in", r"n_{\text{in}}", integer=True, positive=True)
fan_out = _scalar("fan_out", r"n_{\text{out}}", integer=True, positive=True)
var_w = _scalar("var_w", r"\operatorname{Var} w", "w", positive=True)
var_x = _scalar("var_x", r"\operatorname{E}[x^2]", "act", positive=True)
var_z = _scalar("var_z", r"\operatorname{E}[z^2]", positive=True)
var_a = _scalar(
    "var_a", r"\operatorname{E}[\operatorname{ReLU}(z)^2]", "act"
)
wx_k = _known_as(
    _indexed("mean_square_of_term", k), r"\operatorname{E}[w_k^2 x_k^2]", ""
)

# A residual network: the slope of each block, and of all.
j_1, j_2, j_3 = (_scalar(f"j_{i}", f"f_{i}'") for i in (1, 2, 3))
through = _scalar("through", r"\frac{d a_3}{d a_0}")

# A Hessian times a vector: the direction, and the gradient along it.
v_w = _scalar("v_w", "v_w")
v_b = _scalar("v_b", "v_b")
g_w = _scalar("g_w", "g_w", "g")

# Dropout: the chance to be off, the mask of one neuron, what is passed on and its moments.
p_off = _scalar("p_off", "p", positive=True)
mask = _scalar("mask", "m")
a_in = _scalar("a_in", "a", "act")
passed_on = _scalar("passed_on", r"\tilde a", "act")
off = _scalar("off", r"\tilde a_{\text{off}}", "act")
on = _scalar("on", r"\tilde a_{\text{on}}", "act")
mean_out = _scalar("mean_out", r"\operatorname{E}[\tilde a]", "act")
var_out = _scalar("var_out", r"\operatorname{Var} \tilde a")

# Normalisation of three numbers: centred, spread, normalised, and two means.
x3 = _scalar("x3", "x_3", "act")
x4 = _scalar("x4", "x_4", "act")
x5 = _scalar("x5", "x_5", "act")
c_1, c_2, c_3 = (_scalar(f"c_{i}", f"c_{i}") for i in (1, 2, 3))
guard = _scalar("guard", r"\varepsilon", positive=True)
variance = _scalar("variance", "v", positive=True)
overlap = _scalar("overlap", r"q")
spread = _scalar("spread", "s", positive=True)
gamma = _scalar("gamma", r"\gamma", "w")
mean_g = _scalar("mean_g", r"\overline{g}", "g")
xhat_1, xhat_2, xhat_3 = (
    _scalar(f"xhat_{i}", rf"\hat x_{i}", "act") for i in (1, 2, 3)
)
mean_gx = _scalar("mean_gx", r"\overline{g \hat x}", "g")
shift_beta = _scalar("shift_beta", r"\beta", "w")
alpha = _scalar("alpha", r"\alpha", positive=True)

# A recurrent neuron over three steps, with a copy of its weight for each; the last step first.
h_3 = _scalar("h_3", "h_3", "act")
s_3 = _scalar("s_3", "z_3")
copy_3 = _scalar("copy_3", "w^{(3)}", "w")
h_2 = _scalar("h_2", "h_2", "act")
s_2 = _scalar("s_2", "z_2")
copy_2 = _scalar("copy_2", "w^{(2)}", "w")
h_1 = _scalar("h_1", "h_1", "act")
s_1 = _scalar("s_1", "z_1")
copy_1 = _scalar("copy_1", "w^{(1)}", "w")
h_0 = _scalar("h_0", "h_0", "act")
w_in = _scalar("w_in", r"w_{\text{in}}", "w")

# A convolution: three outputs.
y1, y2, y3 = (_scalar(f"y{i}", f"y_{i}", "act") for i in (1, 2, 3))

# One layer of a network of any depth: n_in inputs and n_out neurons; n_above neurons follow.
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
delta_1, delta_2, delta_3 = (
    _matrix(f"delta_{i}", rf"\delta_{i}", "g", n_out) for i in (1, 2, 3)
)
a_1, a_2, a_3 = (
    _matrix(f"a_{i}", f"a_{i}", "act", n_in) for i in (1, 2, 3)
)

# Attention: queries, keys, values, what is made of them, and the slopes in it.
n_queries, n_keys, n_inside, n_value = sp.symbols(
    "n_queries n_keys n_inside n_value", positive=True, integer=True
)
Q = _matrix("Q", "Q", "act", n_queries, n_inside)
K = _matrix("K", "K", "act", n_keys, n_inside)
V = _matrix("V", "V", "act", n_keys, n_value)
scores = _matrix("scores", "S", "", n_queries, n_keys)
P = _matrix("P", "P", "act", n_queries, n_keys)
Y = _matrix("Y", "Y", "act", n_queries, n_value)
dL_dY = _matrix(
    "dL_dY", r"\frac{\partial L}{\partial Y}", "g", n_queries, n_value
)
dL_dscores = _matrix(
    "dL_dscores", r"\frac{\partial L}{\partial S}", "g", n_queries, n_keys
)

# A product with a matrix on either side.
rows, height, breadth, columns = sp.symbols(
    "rows height breadth columns", positive=True, integer=True
)
A_left = _matrix("A_left", "A", "", rows, height)
X = _matrix("X", "X", "w", height, breadth)
B_right = _matrix("B_right", "B", "", breadth, columns)
AXB = _matrix("AXB", "Y", "", rows, columns)
G = _matrix("G", "G", "g", rows, columns)


def inner(u: Any, v: Any) -> Any:
    """The inner product of two matrices of one shape: the sum of entry times entry."""
    return sp.Trace(sp.MatMul(u.T, v))
