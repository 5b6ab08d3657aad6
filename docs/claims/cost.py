"""Claims about what a backward pass costs, decided by counting while the reference runs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

import chainrule as cr
from docs.claims._claim import claim, verdict
from docs.claims._networks import demo
from docs.claims.backward_pass import EIGENVUE


class Counted(np.ndarray):
    """An array that counts the multiplications of matrix products."""

    total = 0

    def dot(self, other):
        rows, inner = self.shape
        Counted.total += rows * inner * other.shape[1]
        return super().dot(other)


def multiplications(sizes):
    """Of the reference's forward pass and of its backward pass."""
    rng, sigmoid = np.random.default_rng(0), cr.ACTIVATIONS["sigmoid"]
    network = cr.dense_network(
        sizes, [sigmoid] * (len(sizes) - 1), cr.INITIALIZERS["zeros"], rng
    )
    network = [
        cr.Layer(
            cr.Affine(layer.affine.W.view(Counted), layer.affine.b),
            layer.activation,
        )
        for layer in network
    ]
    Counted.total = 0
    tape = cr.forward(network, np.ones((1, sizes[0])).view(Counted))
    forward = Counted.total
    cr.backward(network, tape, np.ones((1, sizes[-1])).view(Counted))
    return forward, Counted.total - forward


@claim(
    wording="Both passes have the same computational cost — O(number of weights).",
    source=f"""[Eigenvue, Backpropagation]({EIGENVUE}); “about the same” in [Nielsen, chapter
        2](http://neuralnetworksanddeeplearning.com/chap2.html)""",
    right="""Both grow in proportion to the number of weights. That is what makes training
        possible at all, and it is what both authors are after.""",
    correct="""Both cost a few multiplications for each weight. The backward pass does up to
        twice as many: one product for the slopes of the weights, one to go on.""",
    finding="""Counted in the reference as it runs: backward over forward is
        {{ ratios[0] | .2f }} for {{ shapes[0] }}, {{ ratios[3] | .2f }} for
        {{ shapes[3] }}, {{ ratios[1] | .2f }} with six layers of {{ widths[1] }} before ten
        outputs, and {{ ratios[2] | .2f }} with eleven layers of {{ widths[2] }}. It is
        $2 - n_0 n_1 / \\sum n_l n_{l+1}$, since nothing asks for the slopes of the data.""",
)
def C09():
    networks = [
        [512, 512, 512, 10],
        [512] * 6 + [10],
        [256] * 11,
        [1024] * 5,
    ]
    ratios, predicted = [], []
    for sizes in networks:
        forward, backward = multiplications(sizes)
        ratios.append(backward / forward)
        products = [n * m for n, m in pairwise(sizes)]
        predicted.append(2 - products[0] / sum(products))
    return verdict(0.9 < ratio < 1.1 for ratio in ratios), {
        "shapes": ["-".join(map(str, sizes)) for sizes in networks],
        "widths": [sizes[0] for sizes in networks],
        "ratios": ratios,
        "predicted": predicted,
    }


@claim(
    wording="Space Complexity: O(Σ n_l × n_{l+1})",
    source=f"[Eigenvue, Backpropagation]({EIGENVUE})",
    right="""That is the room for the weights and for their slopes, and for a small batch
        it is nearly all.""",
    correct="""Backpropagation also keeps every activation of every example: the room is
        that of the weights *plus* the batch size times the number of neurons.""",
    finding="""A 64-128-64-10 network has {{ parameters | ,d }} parameters and keeps
        {{ activations }} activations for each example. From {{ equal | .0f }} examples on,
        the activations are more. With the {{ batches[3] | ,d }} of the digits data they are
        {{ shares[3] | .1f }} times as many.""",
)
def C10():
    sizes, batches = [64, 128, 64, 10], [1, 32, 256, 1797]
    network = cr.dense_network(
        sizes,
        [cr.ACTIVATIONS["relu"]] * 3,
        cr.INITIALIZERS["he"],
        np.random.default_rng(0),
    )
    parameters = sum(
        layer.affine.W.size + layer.affine.b.size for layer in network
    )
    kept = [
        sum(r.a.size for r in cr.forward(network, np.ones((batch, 64))))
        for batch in batches
    ]
    return verdict(a <= parameters for a in kept), {
        "parameters": parameters,
        "activations": kept[0],
        "equal": parameters / kept[0],
        "batches": batches,
        "shares": [a / parameters for a in kept],
    }


@claim(
    wording="""This process is repeated, layer by layer, moving backward until it reaches
        the input layer.""",
    source="Commonly said",
    right="""The error does have to reach the first layer that has weights. And whoever wants
        the slopes of the inputs, to see what the network looks at, does go on.""",
    correct="""The walk ends at the first layer with weights. The error is not taken through
        them to the inputs, since nothing there can be updated.""",
    finding="""Disturb what is passed down. Between the two layers of the worked network
        that changes the slopes of the first layer, by {{ changes[0] | pct }}. Below the
        first layer it changes nothing. In a 64-32-10 network leaving the last product
        out saves a good part of the backward pass: {{ without | .3f }} instead of
        {{ all_the_way | .3f }} times the forward pass.""",
)
def C19():
    x, t = demo.x[None], demo.t[None]
    right = cr.gradients(demo.network, x, t, demo.error, reduction="sum")

    def walk(disturbed):
        """The slopes of W when one thing passed down is 10 % off."""
        dL_da, slopes = demo.dL_dy, []
        for k in (1, 0):
            layer, r = demo.network[k], demo.tape[k]
            delta = dL_da * layer.activation.df(r.z, r.a)
            slopes.append(delta.T @ r.a_in)
            dL_da = delta @ layer.affine.W
            if k == disturbed:
                dL_da = 1.1 * dL_da
        return slopes[::-1]

    first = right[0].W
    changes = [
        np.abs(walk(disturbed=k)[0] / first - 1).max() for k in (1, 0)
    ]
    forward, backward = multiplications([64, 32, 10])
    return verdict(change > 1e-9 for change in changes), {
        "changes": changes,
        "without": backward / forward,
        "all_the_way": (backward + 64 * 32) / forward,
    }
