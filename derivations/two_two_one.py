# %% [markdown]
# # The 2-2-1 network, all nine parameters
#
# Two inputs, two hidden neurons, one output: nine numbers to learn. Each gets
# its slope here. The point of the page is how little work is left for the
# second slope once the first is known.

# %% [markdown]
# ## What is given
#
# Every neuron is a sigmoid of a weighted sum. The loss is half the squared
# error of one example. The lines below are the forward pass, in the order
# in which it is computed.

# %%
# long: a slope for every quantity, each held against four witnesses.
import sympy as sp

from derivations import sigmoid, staging, witnesses
from derivations.calculus import (
    Derivation,
    chain_rule,
    common_factor,
    constant_factor,
    definition,
    known,
    named,
    power_rule,
    straight_line,
)
from derivations.checking import report
from derivations.given import Given
from derivations.nodes import Slope
from derivations.symbols import (
    L,
    b1,
    b2,
    b3,
    h1,
    h2,
    sigma,
    t,
    w11,
    w12,
    w21,
    w22,
    w31,
    w32,
    written_out,
    x1,
    x2,
    y,
    z1,
    z2,
    z3,
)

# %%
given = Given(
    arguments=(x1, x2, t, w11, w12, w21, w22, b1, b2, w31, w32, b3),
    definitions={
        z1: w11 * x1 + w12 * x2 + b1,
        z2: w21 * x1 + w22 * x2 + b2,
        h1: sigma(z1),
        h2: sigma(z2),
        z3: w31 * h1 + w32 * h2 + b3,
        y: sigma(z3),
        L: (y - t) ** 2 / 2,
    },
    awkward=(
        (0.5, 0.8, 1, 0.15, 0.20, 0.25, 0.30, 0.35, 0.35, 0.40, 0.45, 0.60),
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (1, -1, 0, 30, 0, 0, 30, 0, 0, 30, 30, 0),
    ),
)

# %% [markdown]
# The witness is the reference code: the same network, its loss, and its
# gradient by `chainrule.network.backward`.

# %%


def wanted(title: str, by: sp.Symbol) -> Derivation:
    """The slope of the loss in one quantity, to be derived."""
    witness = witnesses.two_two_one(str(by))
    return Derivation(title, Slope(L, by), given, agrees_with=witness)


# %% [markdown]
# ## The output neuron
#
# We start at the loss and walk back. First stop: how the loss changes with
# the output, and with the pre-activation before it.

# %%
dL_dy = (
    wanted("Slope of the loss in the output", y)
    .by(definition)
    .by(constant_factor)
    .by(power_rule)
    .by(straight_line)
)
dL_dy

# %%
dL_dz3 = (
    wanted("Error of the output neuron", z3)
    .by(chain_rule)
    .by(known(dL_dy))
    .by(definition)
    .by(known(sigmoid.slope))
    .by(named)
)
dL_dz3

# %% [markdown]
# This is the error of the output neuron, its $\g{\delta}$. Its three
# parameters each add one link: what $z_3$ gains when they grow.

# %%


def one_link(title: str, by: sp.Symbol, *above: Derivation) -> Derivation:
    """The slope in what goes straight into a sum whose slope is known."""
    return (
        wanted(title, by)
        .by(chain_rule)
        .by(definition)
        .by(straight_line)
        .by(known(*above))
    )


dL_dw31 = one_link(
    "Slope of the loss in the first output weight", w31, dL_dz3
)
dL_dw32 = one_link(
    "Slope of the loss in the second output weight", w32, dL_dz3
)
dL_db3 = one_link("Slope of the loss in the output bias", b3, dL_dz3)
dL_dw31

# %%
dL_dw32

# %%
dL_db3

# %% [markdown]
# ## The hidden neurons
#
# The loss reaches back to $\act{h_1}$ through the weight $\w{w_{31}}$. This
# is the slope in the *activation* of the neuron.

# %%
dL_dh1 = one_link(
    "Slope of the loss in the first hidden activation", h1, dL_dz3
)
dL_dh2 = one_link(
    "Slope of the loss in the second hidden activation", h2, dL_dz3
)
dL_dh1

# %%
dL_dh2

# %% [markdown]
# One more link takes us to the *pre-activation*. Do not confuse the two.
# They differ by the slope of the sigmoid, $\act{h_1}(1 - \act{h_1})$, which
# is never more than a quarter. Only this one is called the error of the
# neuron.

# %%


def through_the_sigmoid(
    title: str, by: sp.Symbol, above: Derivation
) -> Derivation:
    line = wanted(title, by).by(chain_rule).by(definition)
    return line.by(known(sigmoid.slope)).by(named).by(known(above))


dL_dz1 = through_the_sigmoid("Error of the first hidden neuron", z1, dL_dh1)
dL_dz2 = through_the_sigmoid(
    "Error of the second hidden neuron", z2, dL_dh2
)
dL_dz1

# %%
dL_dz2

# %% [markdown]
# With both errors known, the six hidden parameters are one link each.

# %%
dL_dw11 = one_link(
    "Slope of the loss in the weight from input 1 to hidden neuron 1",
    w11,
    dL_dz1,
)
dL_dw12 = one_link(
    "Slope of the loss in the weight from input 2 to hidden neuron 1",
    w12,
    dL_dz1,
)
dL_db1 = one_link(
    "Slope of the loss in the bias of hidden neuron 1", b1, dL_dz1
)
dL_dw21 = one_link(
    "Slope of the loss in the weight from input 1 to hidden neuron 2",
    w21,
    dL_dz2,
)
dL_dw22 = one_link(
    "Slope of the loss in the weight from input 2 to hidden neuron 2",
    w22,
    dL_dz2,
)
dL_db2 = one_link(
    "Slope of the loss in the bias of hidden neuron 2", b2, dL_dz2
)
dL_dw11

# %%
dL_dw12

# %%
dL_db1

# %%
dL_dw21

# %%
dL_dw22

# %%
dL_db2

# %% [markdown]
# ## One path, written out
#
# The same slope without using what was known: five links from $\w{w_{11}}$
# to the loss. Each link has a *local* slope, which needs nothing but the
# two quantities it joins.

# %%


def local(of: sp.Symbol, by: sp.Symbol) -> Derivation:
    title = f"Slope of {of} in {by}"
    return Derivation(title, Slope(of, by), given).by(definition)


dy_dz3 = local(y, z3).by(known(sigmoid.slope)).by(named)
dz3_dh1 = local(z3, h1).by(straight_line)
dh1_dz1 = local(h1, z1).by(known(sigmoid.slope)).by(named)
dz1_dw11 = local(z1, w11).by(straight_line)

dL_dw11_in_full = (
    wanted("Slope of the loss in one hidden weight, all five links", w11)
    .by(chain_rule)
    .by(chain_rule)
    .by(chain_rule)
    .by(chain_rule)
    .by(known(dL_dy, dy_dz3, dz3_dh1, dh1_dz1, dz1_dw11))
)
dL_dw11_in_full

# %% [markdown]
# Nine such walks would compute the first two links nine times.

# %% [markdown]
# ## Two paths, and a sum
#
# Each weight above has one way to the loss. An input has two, one through
# each hidden neuron. The chain rule adds the paths. Nobody updates an input,
# but a layer further down would need exactly this.

# %%
dL_dx1 = one_link(
    "Slope of the loss in the first input", x1, dL_dz1, dL_dz2
).by(common_factor)
dL_dx2 = one_link(
    "Slope of the loss in the second input", x2, dL_dz1, dL_dz2
).by(common_factor)
dL_dx1

# %%
dL_dx2

# %% [markdown]
# ## What sharing saves
#
# Let SymPy differentiate the loss as one long formula, nine times over, and
# count the operations. Then let it compute each repeated part once. The
# second count is close to what backpropagation does by hand. Not forgetting
# what is already known is the whole trick.

# %%
in_order = (
    *(
        dL_dy,
        dL_dz3,
        dL_dw31,
        dL_dw32,
        dL_db3,
        dL_dh1,
        dL_dh2,
        dL_dz1,
        dL_dz2,
    ),
    *(dL_dw11, dL_dw12, dL_db1, dL_dw21, dL_dw22, dL_db2, dL_dx1, dL_dx2),
)
parameters = (w11, w12, w21, w22, b1, b2, w31, w32, b3)


def count_operations() -> dict[str, int]:
    """For the loss, for nine slopes one by one, and for all with shared parts."""
    loss = written_out(given.composed(L))
    slopes = [loss.diff(parameter) for parameter in parameters]
    parts, rest = sp.cse([loss, *slopes])
    return {
        "loss": int(loss.count_ops()),
        "separate": int(sum(slope.count_ops() for slope in slopes)),
        "shared": int(sp.count_ops([*(part for _, part in parts), *rest])),
    }


operations = count_operations()
operations


# %%
def javascript_module() -> str:
    """Both passes as one JavaScript function, with a local for each stage."""
    return staging.javascript("two_two_one", given, in_order)


if __name__ == "__main__":
    print(javascript_module())

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(*in_order, dL_dw11_in_full)
