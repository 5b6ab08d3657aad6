"""Claims about what a gradient costs, one way and the other."""

from __future__ import annotations

from itertools import pairwise

from docs.claims._claim import claim, verdict


def reverse(sizes):
    """Multiplications for the Jacobian, from the output down."""
    *below, outputs = sizes
    return sum(outputs * n_in * n_out for n_in, n_out in pairwise(below))


def forward(sizes):
    """The same, from the input up: the mirror image."""
    return reverse(sizes[::-1])


@claim(
    wording="""Reverse mode AD is faster and more memory-efficient than forward mode AD for
        many applications.""",
    source="""[Qeeebo, an answer on automatic
        differentiation](https://qeeebo.com/questions/whe/65/f9d/when-should-i-use-reverse-mode-ad-instead-of-forward-mode-ad)""",
    right="""It is about gradients of a loss, which is one number: there it is faster by far, and
        backpropagation is exactly that.""",
    correct="""Reverse mode needs fewer multiplications where there are fewer outputs than
        inputs; and it needs *more* memory, since it keeps every activation.""",
    finding="""Multiplications for the Jacobian of a chain of layers, forward and reverse. Sizes
        {{ chains[0] }}: {{ forward[0] | , }} and {{ reverse[0] | , }}. Sizes
        {{ chains[1] }}: {{ forward[1] | , }} and {{ reverse[1] | , }}. Sizes
        {{ chains[2] }}: {{ forward[2] | , }} either way. In the first of them reverse mode
        keeps {{ kept | , }} activations until it needs them. Forward mode keeps none.""",
)
def C56():
    chains = [[1000, 100, 10, 1], [1, 10, 100, 1000], [50, 50, 50, 50]]
    counts = {
        "forward": [forward(sizes) for sizes in chains],
        "reverse": [reverse(sizes) for sizes in chains],
    }
    pairs = zip(counts["reverse"], counts["forward"], strict=True)
    return verdict(back < ahead for back, ahead in pairs), {
        "chains": ["-".join(map(str, sizes)) for sizes in chains],
        **counts,
        "kept": sum(chains[0][:-1]),
    }


@claim(
    wording="""Before backpropagation, training a network with many layers was essentially
        impractical. […] The only options were slow numerical approximations that did not
        scale.""",
    source="""[Sarath Tharayil,
        Backpropagation](https://www.saraththarayil.com/concepts/backpropagation), dating it by
        the paper of 1986; said in many places""",
    right="""Numerical approximation does not scale, as the count shows, and the page says that
        the algorithm was known in other forms before.""",
    correct="""Slopes by nudging cost one forward pass for every weight; exact and cheap ways
        were known to a few since the 1960s, and to many since 1986.""",
    finding="""The cost can be counted. A {{ sizes }} network has {{ parameters }} weights and
        biases. Nudging takes {{ passes }} forward passes. Forward and backward together cost
        {{ both | .3f }} of them, so nudging costs {{ times | .0f }} times as much. The
        history cannot: the chain rule from the end to the start stands in Kelley 1960 and
        Bryson 1961 for rockets, in Dreyfus 1962, in Linnainmaa's thesis of 1970 for any
        program, and in Werbos's of 1974
        ([Schmidhuber 2015, on backpropagation](https://arxiv.org/abs/1404.7828)).""",
)
def C57():
    sizes = [64, 4, 10]
    products = sum(n_in * n_out for n_in, n_out in pairwise(sizes))
    backward = 2 * products - sizes[0] * sizes[1]  # none for the data
    parameters = products + sum(sizes[1:])
    both = (products + backward) / products
    return "sourced", {
        "sizes": "-".join(map(str, sizes)),
        "parameters": parameters,
        "passes": parameters + 1,
        "both": both,
        "times": (parameters + 1) / both,
    }
