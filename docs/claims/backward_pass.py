"""Claims about what one backward pass computes, decided on small networks."""

from __future__ import annotations

import numpy as np

import chainrule as cr
from chainrule import slips
from docs.claims._claim import claim, verdict
from docs.claims._networks import demo, mazur, two_three_two

EIGENVUE = (
    "https://github.com/eigenvue/eigenvue/blob/3a9ac153da7d4aec3ff58871b960cdfbd97cc94c/"
    "docs/src/content/docs/algorithms/backpropagation.mdx"
)
LYNCH = (
    "https://github.com/proflynch/CRC-Press/blob/f1af1dc6410141f1490fef88206da0d22fcd5ff9/"
    "Anaconda%20Files/Program_17c.py"
)
TORCH_SLIDES = (
    "https://github.com/nicholas-leonard/slides/blob/"
    "01877e3d555e90e18bfac022a3280fc04b282f58/torch7.md"
)


@claim(
    wording=r"$\dfrac{\partial L}{\partial h_1} = \dfrac{\partial L}{\partial y} \cdot "
    r"\dfrac{\partial y}{\partial z_3} \cdot w_{31} \cdot h_1(1-h_1)$",
    source="Commonly said in worked 2-2-1 examples",
    right="""The right-hand side is needed, and the weight slopes that such pages compute
        from it are right. It is $\\partial L/\\partial z_1$, the error of the hidden neuron.""",
    correct=r"""$\partial L/\partial h_1 = \partial L/\partial y \cdot
        \partial y/\partial z_3 \cdot w_{31}$. The factor $h_1(1-h_1)$ comes with the next
        step, to $\partial L/\partial z_1$.""",
    finding="""Nudging the two hidden activations of the worked network gives
        {{ nudged | .6f }}. The printed formula gives {{ printed | .6f }}, smaller by
        {{ ratio | .4f }}, which is $h(1-h)$.""",
)
def C01():
    y, h = demo.y, demo.h
    printed = (y - demo.t) * y * (1 - y) * demo.W2[0] * h * (1 - h)

    def loss_of(h):
        (output,) = cr.forward(demo.network[1:], h[None])
        return demo.error.value(output.a, demo.t[None], reduction="sum")

    nudged = cr.central_difference(loss_of, h)
    return verdict(np.isclose(printed, nudged)), {
        "printed": printed,
        "nudged": nudged,
        "ratio": printed / nudged,
    }


@claim(
    wording="mean squared error loss: $L = \\frac{1}{2}(y - t)^2$",
    source="Commonly said; with the half it is half the squared error",
    right="""Both have the same minimum and the same direction of descent, and with the
        half the slope loses its 2.""",
    correct="""$\\frac12(y-t)^2$ is half the squared error. What libraries call mean
        squared error has no half, and its slope is twice as large.""",
    finding="""On the worked network $\\partial L/\\partial y$ is {{ half | .6f }} with the
        half and {{ mean | .6f }} as a mean without it. The two differ by a factor, so the
        same learning rate takes another step.""",
)
def C02():
    y, t = np.array([[demo.y]]), demo.t[None]
    half, mean = (
        cr.LOSSES[name].gradient(y, t, reduction="mean").item()
        for name in ("half_squared_error", "mean_squared_error")
    )
    same_direction = np.sign(half) == np.sign(mean)
    same_slope = np.isclose(half, mean)
    return verdict([same_direction, same_slope]), {
        "half": half,
        "mean": mean,
    }


@claim(
    wording="""When we update a weight … this ripples through to the final output and
        transforms the overall loss landscape.""",
    source="Commonly said",
    right="""The output and the slopes do change: after a step you stand elsewhere, and the
        ground is different there.""",
    correct="""An update moves a point over the loss landscape. The landscape changes only
        when the examples do, as from one mini-batch to the next.""",
    finding="""The loss of the 2-3-2 network at {{ places | ,d }} random places of its
        parameter space, before and after an update: the largest difference is
        {{ changed_by_update | g }}. It could not be otherwise: nothing that computes the
        landscape looks at where the network stands. From one half of the batch to the
        other half it is {{ changed_by_batch | .2f }}.""",
)
def C03():
    network, x, t = (
        two_three_two.network,
        two_three_two.x,
        two_three_two.t,
    )
    loss = two_three_two.error

    def landscape(x, t, places=1000):
        rng = np.random.default_rng(0)
        values = []
        for _ in range(places):
            place = [
                cr.Layer(
                    cr.Affine(
                        rng.standard_normal(layer.affine.W.shape),
                        rng.standard_normal(layer.affine.b.shape),
                    ),
                    layer.activation,
                )
                for layer in network
            ]
            y = cr.forward(place, x)[-1].a
            values.append(loss.value(y, t, reduction="mean"))
        return np.array(values)

    before = landscape(x, t)
    slopes = cr.gradients(network, x, t, loss, reduction="mean")
    network = cr.sgd(network, slopes, learning_rate=0.5)
    changed = np.abs(landscape(x, t) - before).max()
    halves = landscape(x[:2], t[:2]) - landscape(x[2:], t[2:])
    return verdict(changed > 0), {
        "places": len(before),
        "changed_by_update": changed,
        "changed_by_batch": np.abs(halves).max(),
    }


@claim(
    wording="`dErrdw13=(yt-y)*sigmoid(o1)*(1-sigmoid(o1))*sigmoid(h1)`, then "
    "`w13 = w13 - eta * dErrdw13`",
    source=f"""[Lynch, Python for Scientific Computing and Artificial Intelligence,
        Program_17c.py]({LYNCH})""",
    right="""Every factor is there, and of the right size. Target minus output goes with an
        update that adds; both habits are in use, and this program mixes them.""",
    correct="""Take $y - t$ and subtract, or take $t - y$ and add.""",
    finding="""Run as printed, the weights become {{ printed | .6f }} and the loss rises
        from {{ before | .7f }} to {{ after_printed | .7f }}. With $y - t$ they become
        {{ right | .6f }} and it falls to {{ after_right | .7f }}.""",
)
def C06():
    sigmoid = cr.ACTIVATIONS["sigmoid"]
    hidden = cr.Affine(
        np.array([[0.2, 0.25], [0.15, 0.3]]), np.array([-1.0, -1.0])
    )
    output = cr.Affine(np.array([[0.15, 0.1]]), np.array([-1.0]))
    network = [cr.Layer(hidden, sigmoid), cr.Layer(output, sigmoid)]
    x, t = np.array([[1.0, 1.0]]), np.array([[0.0]])
    loss = cr.LOSSES["half_squared_error"]

    def step(mistakes):
        """The two output weights after the step, and the loss."""
        slope = slips.gradients(
            mistakes, network, x, t, loss, reduction="sum"
        )[1]
        W = output.W - 0.1 * slope.W
        after = [network[0], cr.Layer(cr.Affine(W, output.b), sigmoid)]
        y = cr.forward(after, x)[-1].a
        return W[0], loss.value(y, t, reduction="sum")

    y = cr.forward(network, x)[-1].a
    before = loss.value(y, t, reduction="sum")
    printed, after_printed = step(["reversed_error"])
    right, after_right = step([])
    return verdict(after_printed < before), {
        "printed": printed,
        "right": right,
        "before": before,
        "after_printed": after_printed,
        "after_right": after_right,
    }


def wrong_gradients(mistake):
    """The slopes of the worked network with a slip, and without."""
    batch = demo.network, demo.x[None], demo.t[None], demo.error
    return (
        slips.gradients([mistake], *batch, reduction="sum"),
        cr.gradients(*batch, reduction="sum"),
    )


@claim(
    wording="`delta = lossDeriv(activations[-1], target)`, then "
    "`weightGrad = delta × activations[layer].T`",
    source=f"[Eigenvue, Backpropagation, pseudocode]({EIGENVUE})",
    right="""The loop goes the right way, and its last line is the recursion that every
        textbook has. Only the start is one factor short.""",
    correct="""The first error is $\\partial L/\\partial a$ *times* $f'(z)$ of the last
        layer.""",
    finding="""On the worked network every slope comes out {{ ratios.W2[0][0] | .6f }} times
        too large, which is $1/(y(1-y))$. The signs are right, so training
        still goes downhill, and the mistake goes unnoticed.""",
)
def C07():
    wrong, right = wrong_gradients("missing_activation_derivative@output")
    ratios = {
        f"{name}{k}": getattr(w, name) / getattr(r, name)
        for k, (w, r) in enumerate(zip(wrong, right, strict=True), 1)
        for name in ("W", "b")
    }
    return verdict(np.allclose(r, 1) for r in ratios.values()), {
        "ratios": ratios,
        "one_over_slope": 1 / (demo.y * (1 - demo.y)),
    }


@claim(
    wording="`delta = (weights[layer].T × delta) * activDeriv(z[layer])`",
    source=f"[Eigenvue, Backpropagation, pseudocode]({EIGENVUE})",
    right="The formula is right if `z[layer]` belongs to the lower of the two layers.",
    correct="""The slope is taken at the layer that the error goes *to*:
        $\\delta^{(k)} = (W^{(k+1)})^{\\mathsf T}\\delta^{(k+1)} \\odot f'(z^{(k)})$.""",
    finding="""With the inputs stored as `z[0]` the hidden errors of the worked network are
        {{ right | .6f }}. With a list that begins with the first hidden layer, as most
        programs keep it, the index is off by one: {{ wrong | .6f }}. At the bottom of the
        loop it also asks for the slope of the input, which has none.""",
)
def C08():
    wrong, right = wrong_gradients("slope_of_layer_above")
    nudged = cr.numerical_gradients(
        *(demo.network, demo.x[None], demo.t[None], demo.error),
        reduction="sum",
    )
    starts_with_inputs = np.allclose(right[0].b, nudged[0].b)
    starts_with_hidden = np.allclose(wrong[0].b, nudged[0].b)
    return verdict([starts_with_inputs, starts_with_hidden]), {
        "right": right[0].b,
        "wrong": wrong[0].b,
    }


@claim(
    wording="""We multiply the local gradients along the path from the loss back to that
        weight.""",
    source=f"[Eigenvue, Backpropagation]({EIGENVUE})",
    right="Along one path the local slopes do multiply. That is the chain rule.",
    correct="""Multiply along each path, and add up all paths. Backpropagation does both
        without listing them.""",
    finding="""In the worked network there is one path to each hidden weight. In Mazur's,
        with two outputs, there are two to his $w_1$: {{ by_path | .9f }}, and the slope is
        their sum, {{ slope | .9f }}. The first path alone is {{ off | pct }} off. A
        784-16-16-10 network has {{ paths | ,d }} paths from inputs to outputs.""",
)
def C13():
    def by_path(network, x, dL_dy):
        """What each output contributes to the first weight of all."""
        hidden, output = cr.forward(network, x)
        delta = dL_dy * output.a * (1 - output.a)
        h = hidden.a[0, 0]
        back = delta[0] * network[1].affine.W[:, 0]
        return back * h * (1 - h) * x[0, 0]

    one = by_path(demo.network, demo.x[None], demo.dL_dy)
    two = by_path(mazur.network, mazur.x, mazur.dL_dy)
    slope_one = demo.dW1[0, 0]
    slope_two = mazur.gradients[0].W[0, 0]
    cases = [
        np.isclose(one[0], slope_one),
        np.isclose(two[0], slope_two),
    ]
    return verdict(cases), {
        "by_path": two,
        "slope": slope_two,
        "sum": two.sum(),
        "off": two[0] / slope_two - 1,
        "paths": 784 * 16 * 16 * 10,
    }


@claim(
    wording=r"For the output layer, $\delta^{(L)} = \frac{\partial L}{\partial a^{(L)}} "
    r"\odot f'(z^{(L)})$, where $\odot$ is element-wise multiplication.",
    source="""Commonly said; see [Nielsen, chapter
        2](http://neuralnetworksanddeeplearning.com/chap2.html), where it is stated for
        networks of sigmoids and so is right""",
    right="It is right for every activation that works element by element.",
    correct="""With softmax every output depends on every pre-activation. Then
        $\\delta = J^{\\mathsf T}\\,\\partial L/\\partial a$ with the whole Jacobian $J$.
        For cross-entropy that is $p - t$.""",
    finding="""For softmax of (1, 2, ½) with the third class true, nudging gives
        {{ nudged | .6f }}; $p - t$ is the same, and the element-wise rule gives
        {{ rule | .6f }}: the errors of the other classes are gone. Sigmoid outputs agree
        with nudging to {{ sigmoid_error | sci }}.""",
)
def C15():
    z, t = np.array([[1.0, 2.0, 0.5]]), np.array([[0.0, 0.0, 1.0]])
    cross_entropy = cr.LOSSES["softmax_cross_entropy"]
    nudged = cr.central_difference(
        lambda z: cross_entropy.value(z, t, reduction="sum"), z
    )
    p = cr.softmax(z)
    rule = (-t / p) * (p * (1 - p))
    p_minus_t = cross_entropy.gradient(z, t, reduction="sum")

    error, sigmoid = demo.error, cr.ACTIVATIONS["sigmoid"]
    a = sigmoid.f(z)
    rule_for_sigmoid = (a - t) * sigmoid.df(z, a)
    nudged_sigmoid = cr.central_difference(
        lambda z: error.value(sigmoid.f(z), t, reduction="sum"), z
    )
    cases = [
        np.allclose(rule_for_sigmoid, nudged_sigmoid),
        np.allclose(rule, nudged),
    ]
    return verdict(cases), {
        "nudged": nudged[0],
        "p_minus_t": p_minus_t[0],
        "rule": rule[0],
        "sigmoid_error": np.abs(rule_for_sigmoid - nudged_sigmoid).max(),
    }


@claim(
    wording="Backpropagation is gradient descent using the chain rule.",
    source=f"[Torch7 slides, Neural Network library]({TORCH_SLIDES})",
    right="The two nearly always come together, and the chain rule is what one of them is.",
    correct="""Backpropagation computes the gradient. Gradient descent is one of many ways
        to use it.""",
    finding="""On the 2-3-2 network, {{ steps }} steps of descent with slopes by nudging
        end within {{ apart | sci }} of those with slopes by backpropagation: descent
        without backpropagation. Adam, fed with the same backpropagated slopes, ends at the
        loss {{ adam | .4f }}, descent at {{ descent | .4f }}: backpropagation without
        descent.""",
)
def C17():
    x, t, loss = two_three_two.x, two_three_two.t, two_three_two.error
    steps, rate = 100, 0.1

    def loss_of(network):
        y = cr.forward(network, x)[-1].a
        return loss.value(y, t, reduction="mean")

    def descend(slopes_of):
        network = two_three_two.network
        for _ in range(steps):
            slopes = slopes_of(network, x, t, loss, reduction="mean")
            network = cr.sgd(network, slopes, rate)
        return network

    by_backprop = descend(cr.gradients)
    by_nudging = descend(cr.numerical_gradients)
    apart = cr.relative_error(
        [layer.affine for layer in by_nudging],
        [layer.affine for layer in by_backprop],
    )
    network, states = two_three_two.network, None
    for _ in range(steps):
        slopes = cr.gradients(network, x, t, loss, reduction="mean")
        network, states = cr.update(cr.Adam(rate), network, slopes, states)
    descent_needs_it = apart > 1e-6
    it_is_descent = np.isclose(loss_of(network), loss_of(by_backprop))
    return verdict([descent_needs_it, it_is_descent]), {
        "steps": steps,
        "apart": apart,
        "descent": loss_of(by_backprop),
        "adam": loss_of(network),
    }


@claim(
    wording="""The algorithm walks backwards through every weight, telling each one how much
        it contributed to the error.""",
    source="""[Prime Learn Point, Backpropagation solved
        numerically](https://primelearnpoint.com/deep-learning/backpropagation-solved-numerical-2x2/),
        and many others""",
    right="As a first picture it helps: what comes back is one number for each weight.",
    correct="""A gradient says how much the loss would *change* if the weight changed a
        little. It does not say how much of the loss is there because of the weight.""",
    finding="""One saturated hidden neuron feeds a linear output. It is the whole cause of the
        loss: with it the loss is {{ loss | .5f }}, without it {{ without | g }}. Yet
        the slope of its weight is {{ slope | sci }}, next to nothing.""",
)
def C18():
    unit = cr.Affine(np.array([[8.0]]), np.array([4.0]))
    output = cr.Affine(np.array([[1.0]]), np.array([0.0]))
    network = [
        cr.Layer(unit, cr.ACTIVATIONS["sigmoid"]),
        cr.Layer(output, cr.ACTIVATIONS["identity"]),
    ]
    x, t = np.array([[1.0]]), np.array([[0.0]])
    loss = cr.LOSSES["half_squared_error"]
    y = cr.forward(network, x)[-1].a
    slope = cr.gradients(network, x, t, loss, reduction="sum")[0].W
    with_it = loss.value(y, t, reduction="sum")
    without = loss.value(0 * y, t, reduction="sum")
    share = abs(slope.item()) / (with_it - without)
    return verdict(share > 0.01), {
        "loss": with_it,
        "without": without,
        "slope": slope.item(),
    }
