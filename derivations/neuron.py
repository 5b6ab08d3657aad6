# %% [markdown]
# # One neuron, one example
#
# A single sigmoid neuron makes a prediction, and we measure how wrong it
# is. Then we ask for the slope of that loss in the weight and in the bias.
# Everything larger is this page, repeated.

# %% [markdown]
# ## What is given
#
# The neuron takes $\act{x}$, forms the pre-activation
# $z = \w{w}\act{x} + \w{b}$ and puts out $\act{y} = \sigma(z)$. The target
# is $\act{t}$. The loss is half the squared error,
# $\loss{L} = \tfrac12(\act{y} - \act{t})^2$. The half is there to cancel a
# 2 later on.

# %%
from derivations import sigmoid, witnesses
from derivations.calculus import (
    Derivation,
    chain_rule,
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
from derivations.symbols import L, b, sigma, t, w, x, y, z

# %%
given = Given(
    arguments=(w, b, x, t),
    definitions={z: w * x + b, y: sigma(z), L: (y - t) ** 2 / 2},
    awkward=((0, 0, 0, 0), (30, 0, 1, 0), (-30, 0, 1, 0.5)),
)

# %% [markdown]
# ## The slope in the weight
#
# The weight reaches the loss through a chain: $\w{w}$ moves $z$, $z$ moves
# $\act{y}$, $\act{y}$ moves $\loss{L}$. The chain rule multiplies the three
# slopes. After that, each factor is one line of calculus.

# %%
dL_dw = (
    Derivation(
        "Slope of the loss in the weight",
        Slope(L, w),
        given,
        agrees_with=witnesses.neuron("w"),
    )
    .by(chain_rule)
    .by(chain_rule)
    .by(definition, because="open each name once")
    .by(constant_factor)
    .by(power_rule, because=r"the 2 from the exponent meets the $\tfrac12$")
    .by(known(sigmoid.slope))
    .by(
        straight_line,
        because="the slopes are 1 in $y$ and $x$ in $w$",
    )
    .by(named, because=r"$\sigma(z)$ has been computed already: it is $y$")
)
dL_dw

# %% [markdown]
# Three factors, one for each link. *How wrong* we are is
# $\act{y} - \act{t}$. *How steep* the sigmoid is here is
# $\act{y}(1 - \act{y})$. *What came in* is $\act{x}$. If any of the three
# is zero, this weight learns nothing from this example.

# %% [markdown]
# ## The slope in the bias
#
# The bias travels the same way, except for its first link: $z$ moves
# exactly as much as the bias does. So the slope is the same product with a
# 1 in place of $\act{x}$.

# %%
dL_db = (
    Derivation(
        "Slope of the loss in the bias",
        Slope(L, b),
        given,
        agrees_with=witnesses.neuron("b"),
    )
    .by(chain_rule)
    .by(chain_rule)
    .by(definition)
    .by(constant_factor)
    .by(power_rule)
    .by(known(sigmoid.slope))
    .by(straight_line, because="$w x + b$ has slope 1 in $b$")
    .by(named)
)
dL_db

# %% [markdown]
# The shared part, $(\act{y} - \act{t})\,\act{y}(1 - \act{y})$, is
# $\partial L/\partial z$. It is called the *error* $\g{\delta}$ of the
# neuron. Compute it once; every weight of the neuron then costs one
# multiplication.

# %% [markdown]
# ## Does it hold?

# %%
if __name__ == "__main__":
    report(dL_dw, dL_db)
