"""Probes: small networks on which a mistake cannot hide, and what a function says to them.

A wrong transpose fits a square layer, a forgotten sum is invisible with one example, and a
path too few with one output. So neighbouring layers differ in width, the batch differs from
every width, biases are not zero and no neuron is off for all examples. Where a function cannot
run on such a network, square ones show what it computes where nothing complains.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from .activations import ACTIVATIONS, Activation, Array
from .losses import LOSSES, REDUCTIONS, Loss
from .network import Affine, Layer
from .spec import SpecError
from .training import gradients

LAYOUTS = ("rows", "columns")
WEIGHT_LAYOUTS = ("out_in", "in_out")
TALL, DEEP = (4, 5, 3), (3, 5, 2, 4)
SQUARES = (4, 4, 4), (4, 4, 4, 4)


@dataclass(frozen=True)
class Setting:
    """What a function under examination is meant to compute, and in which form."""

    activation: Activation
    output_activation: Activation
    loss: Loss
    reduction: str
    layer_sizes: tuple[int, ...] | None
    layout: str
    weight_layout: str


def check_setting(
    activation: str,
    output_activation: str | None,
    loss: str,
    reduction: str,
    layer_sizes: Sequence[int] | None,
    layout: str,
    weight_layout: str,
) -> Setting:
    """The setting with these names. Raises SpecError for a name that does not exist."""

    def known(key: str, value: object, names: Sequence[str]) -> str:
        if value not in names:
            raise SpecError(f"`{key}` must be one of {', '.join(names)}, got {value!r}")
        return str(value)

    chosen = LOSSES[known("loss", loss, list(LOSSES))]
    if output_activation is None:
        output_activation = "identity" if chosen.takes_logits else activation
    elif chosen.takes_logits and output_activation != "identity":
        raise SpecError(
            f'`output_activation` must be "identity", since {loss} takes logits and '
            f"applies its own squashing, got {output_activation!r}"
        )
    sizes = None if layer_sizes is None else tuple(layer_sizes)
    if sizes is not None and (len(sizes) < 2 or any(size < 1 for size in sizes)):
        raise SpecError(f"`layer_sizes` must be at least two numbers from 1, got {list(sizes)}")
    if chosen.name == "softmax_cross_entropy" and sizes is not None and sizes[-1] == 1:
        raise SpecError("`layer_sizes` must end with at least 2, since softmax of one logit is 1")
    return Setting(
        ACTIVATIONS[known("activation", activation, list(ACTIVATIONS))],
        ACTIVATIONS[known("output_activation", output_activation, list(ACTIVATIONS))],
        chosen,
        known("reduction", reduction, list(REDUCTIONS)),
        sizes,
        known("layout", layout, LAYOUTS),
        known("weight_layout", weight_layout, WEIGHT_LAYOUTS),
    )


@dataclass(frozen=True, eq=False)
class Probe:
    """A network and a batch, and the gradient that is right there."""

    network: list[Layer]
    x: Array
    t: Array
    setting: Setting

    @cached_property
    def right(self) -> list[Affine]:
        reduction = self.setting.reduction
        return gradients(self.network, self.x, self.t, self.setting.loss, reduction=reduction)

    @property
    def depth(self) -> int:
        return len(self.network)

    @property
    def n_out(self) -> int:
        return self.t.shape[1]

    def __str__(self) -> str:
        widths = [self.x.shape[1], *(len(layer.affine.b) for layer in self.network)]
        return f"{'-'.join(map(str, widths))} with a batch of {len(self.x)}"


def probe(setting: Setting, sizes: Sequence[int], batch_size: int, seed: int) -> Probe:
    """A random network of these sizes, with a batch, in which no neuron is on or off throughout."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((batch_size, sizes[0]))
    activations = [setting.activation] * (len(sizes) - 2) + [setting.output_activation]
    network: list[Layer] = []
    a = x
    for (n_in, n_out), activation in zip(pairwise(sizes), activations, strict=True):
        W = rng.standard_normal((n_out, n_in)) / np.sqrt(n_in)
        b = np.array([dividing_bias(z, rng) for z in (a @ W.T).T])
        network.append(Layer(Affine(W, b), activation))
        a = activation.f(a @ W.T + b)
    return Probe(network, x, targets(setting.loss, (batch_size, sizes[-1]), rng), setting)


def dividing_bias(z: Array, rng: np.random.Generator) -> float:
    """The bias with which some of these pre-activations end above zero and some below."""
    ordered = np.unique(z)
    if len(ordered) == 1:
        return float(rng.standard_normal())
    k = rng.integers(len(ordered) - 1)
    return float(-(ordered[k] + ordered[k + 1]) / 2)


def targets(loss: Loss, shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Targets that any implementation of the loss accepts: one class, zeros and ones, numbers."""
    if loss.name == "softmax_cross_entropy":
        return np.eye(shape[1])[rng.integers(shape[1], size=shape[0])]
    if loss.takes_logits:
        return rng.integers(2, size=shape).astype(float)
    return 0.5 + rng.standard_normal(shape)


def another_batch(first: Probe, seed: int) -> Probe:
    """The same network with another batch of the same size."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(first.x.shape)
    return Probe(first.network, x, targets(first.setting.loss, first.t.shape, rng), first.setting)


@dataclass(frozen=True, eq=False)
class Answer:
    """What a function returned for a probe, or why that cannot be used.

    `gradients` have the reference's form, as far as their shapes allow. `kind` says what is
    wrong where they are missing: "exception", "depth" if it runs on another number of layers
    only, "form" if it did not return two lists of arrays.
    """

    probe: Probe
    passed: str
    gradients: list[Affine] | None = None
    kind: str = ""
    trouble: str = ""
    changed: tuple[str, ...] = ()
    single_precision: bool = False

    @property
    def fits(self) -> bool:
        """True if every gradient has the shape of its parameter."""
        return self.gradients is not None and all(
            found.W.shape == right.W.shape and found.b.shape == right.b.shape
            for found, right in zip(self.gradients, self.probe.right, strict=True)
        )


Examined = Callable[[list[Array], list[Array], Array, Array], Any]


@dataclass(frozen=True, eq=False)
class Examination:
    """All that a function answered.

    `session` holds its answers to a batch, to another one for the same network, and to the
    first again; `further` those for other networks; `squares` those for networks of square
    layers, asked only if something did not fit before; `alone` those to single examples,
    which show whether a mistake lies in how a batch is put together.
    """

    session: list[Answer]
    further: list[Answer]
    squares: list[Answer]
    alone: list[Answer]

    @property
    def answers(self) -> list[Answer]:
        """Those that count: a function made for two layers is judged on two layers."""
        every = [*self.session, *self.further, *self.squares]
        return [answer for answer in every if answer.kind != "depth"] or every

    @property
    def off_depth(self) -> list[Answer]:
        """The answers on numbers of layers that the function is not made for."""
        counting = self.answers
        return [a for a in (*self.session, *self.further) if a not in counting]


def examine(examined: Examined, setting: Setting) -> Examination:
    """What the function answers to every probe."""
    sizes = setting.layer_sizes or TALL
    batch_size, other_batch_size = [size for size in (7, 5, 6, 8) if size not in sizes][:2]
    first = probe(setting, sizes, batch_size, seed=1)
    upright = setting.layout == "columns" and wants_upright_biases(examined, first)

    def asked(*probes: Probe) -> list[Answer]:
        return [ask(examined, p, upright_biases=upright) for p in probes]

    session = asked(first, another_batch(first, seed=2), first)
    if setting.layer_sizes:
        further = asked(probe(setting, sizes, other_batch_size, seed=3))
    else:
        further = asked(probe(setting, DEEP, 6, seed=3))
    squares: list[Answer] = []
    if not all(answer.fits for answer in (*session, *further)):
        squares = asked(*(probe(setting, widths, widths[0], seed=4) for widths in SQUARES))
    alone = asked(*(probe(setting, sizes, 1, seed) for seed in (5, 6, 7)))
    return Examination(session, further, squares, alone)


def wants_upright_biases(examined: Examined, first: Probe) -> bool:
    """With examples in columns, biases are usually columns too; but a list of numbers may be
    wanted, and then a column leads to wrong shapes."""
    return (
        ask(examined, first, upright_biases=True).fits
        or not ask(examined, first, upright_biases=False).fits
    )


def ask(examined: Examined, probe: Probe, *, upright_biases: bool = False) -> Answer:
    """What the function answers, called in the layout it wants, on copies of everything.

    With `upright_biases` the biases are passed as columns, shape (n_out, 1).
    """
    setting = probe.setting
    weights = [layer.affine.W.copy() for layer in probe.network]
    biases = [layer.affine.b.copy() for layer in probe.network]
    x, t = probe.x.copy(), probe.t.copy()
    if setting.weight_layout == "in_out":
        weights = [W.T.copy() for W in weights]
    if setting.layout == "columns":
        x, t = x.T.copy(), t.T.copy()
    if upright_biases:
        biases = [b[:, None] for b in biases]
    passed = f"weights {shapes(weights)}; biases {shapes(biases)}; x {x.shape}; target {t.shape}"
    names = [f"{kind}[{k}]" for kind in ("weights", "biases") for k in range(probe.depth)]
    before = [part.copy() for part in (*weights, *biases, x, t)]
    try:
        with np.errstate(all="ignore"):
            returned = examined(weights, biases, x, t)
    except Exception as error:
        kind = "depth" if unpacking(error) else "exception"
        return Answer(probe, passed, kind=kind, trouble=told(error))
    try:
        gradients, single_precision = read(returned, probe)
    except FormError as error:
        return Answer(probe, passed, kind=error.kind, trouble=str(error))
    after = zip([*names, "x", "target"], before, (*weights, *biases, x, t), strict=False)
    changed = tuple(name for name, old, new in after if not np.array_equal(old, new))
    return Answer(
        probe, passed, gradients=gradients, changed=changed, single_precision=single_precision
    )


class FormError(Exception):
    """Raised for what is not a list of gradients for each kind of parameter."""

    def __init__(self, kind: str, trouble: str):
        super().__init__(trouble)
        self.kind = kind


def read(returned: Any, probe: Probe) -> tuple[list[Affine], bool]:
    """The returned gradients in the form of the reference, and whether they are imprecise.

    Raises FormError where they cannot be brought into that form.
    """
    wanted = "two lists, the gradients of the weights and those of the biases"
    try:
        dWs, dbs = (list(part) for part in returned)
    except (TypeError, ValueError):
        came = described(returned)
        raise FormError("form", f"it must return {wanted}; it returned {came}") from None
    if len(dWs) != probe.depth or len(dbs) != probe.depth:
        came = f"{len(dWs)} gradients of weights and {len(dbs)} of biases"
        kind = "depth" if len(dWs) == len(dbs) else "form"
        raise FormError(kind, f"for {probe.depth} layers it returned {came}")
    found: list[Affine] = []
    single_precision = False
    for k, (dW, db, right) in enumerate(zip(dWs, dbs, probe.right, strict=True)):
        try:
            for part in np.asarray(dW), np.asarray(db):
                single_precision |= part.dtype in SINGLE
            gradient = Affine(np.asarray(dW, dtype=float), np.asarray(db, dtype=float))
        except (TypeError, ValueError):
            trouble = f"the gradients of layer {k + 1} are not arrays of numbers"
            raise FormError("form", trouble) from None
        found.append(in_reference_form(gradient, right, probe.setting.weight_layout))
    return found, single_precision


def in_reference_form(gradient: Affine, right: Affine, weight_layout: str) -> Affine:
    """The gradient with W as (n_out, n_in), and b as a list if it is a row or a column."""
    turned = weight_layout == "in_out" and gradient.W.ndim == 2
    a_row = gradient.b.size == right.b.size and gradient.b.ndim == 2 and 1 in gradient.b.shape
    return Affine(
        gradient.W.T if turned else gradient.W, gradient.b.ravel() if a_row else gradient.b
    )


SINGLE = (np.float32, np.float16)


def shapes(arrays: Sequence[Array]) -> str:
    return ", ".join(str(array.shape) for array in arrays)


def described(returned: Any) -> str:
    """A returned value in a few words."""
    if returned is None:
        return "nothing"
    if isinstance(returned, np.ndarray):
        return "an array"
    return f"a {type(returned).__name__}" + (
        f" of {len(returned)}" if hasattr(returned, "__len__") else ""
    )


def unpacking(error: Exception) -> bool:
    """True for `W1, W2 = weights` with three layers: the function is made for another depth."""
    return isinstance(error, ValueError) and "values to unpack" in str(error)


def told(error: BaseException) -> str:
    """What was raised and where, in one line."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)[1:]
        if "site-packages" not in frame.filename and "<frozen" not in frame.filename
    ]
    if not frames:
        return f"{type(error).__name__}: {error}"
    code = f": {frames[-1].line}" if frames[-1].line else ""
    where = f"line {frames[-1].lineno}, in {frames[-1].name}{code}"
    return f"{type(error).__name__}: {error} ({where})"
