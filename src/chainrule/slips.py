"""Slips at work: the reference, run with one or several mistakes in it.

A mistake is named by the id of its slip, and may say in which layers it is made:
"missing_activation_derivative" is made wherever it can be, "…@hidden" in the hidden
layers, "…@output" in the last one, "…@2" in the second.

    slips.gradients(["updated_weights"], network, x, t, loss, reduction="sum", learning_rate=0.5)

runs `training.gradients` as it stands, except for one expression. Several slips can be
made together as long as they do not change the same expression of the same layer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import combinations
from types import CodeType
from typing import Any

import numpy as np

from .activations import Activation, Array
from .catalogue import SLIPS, Edit, Seen, Slip, find, source
from .losses import Loss
from .network import Affine, Layer, Record

__all__ = [
    "SLIPS",
    "Edit",
    "Memory",
    "Seen",
    "Slip",
    "SlipError",
    "errors_and_gradients",
    "forward",
    "function",
    "gradients",
    "loss_value",
    "train",
    "update",
]


class SlipError(ValueError):
    """A slip that is not in the catalogue, or cannot be made as asked."""


class Memory(dict[Any, Any]):
    """What a program with a stale variable remembers from call to call."""

    def add(self, key: Any, amount: Any) -> Any:
        """The running total under this key, which nothing sets back to zero."""
        self[key] = self.get(key, 0) + amount
        return self[key]


@dataclass(frozen=True)
class Mistake:
    """A slip, and the layers in which it is made, counted from 0."""

    slip: Slip
    layers: frozenset[int]


@cache
def mistake(name: str, depth: int) -> Mistake:
    """The mistake that a name such as "dropped_input@hidden" stands for in `depth` layers."""
    slip_id, _, place = name.partition("@")
    if slip_id not in SLIPS:
        raise SlipError(f"there is no slip called {slip_id!r}")
    slip = SLIPS[slip_id]
    return Mistake(slip, layers_at(place or slip.where, depth) & layers_at(slip.where, depth))


def layers_at(place: str, depth: int) -> frozenset[int]:
    """The layers that a place means: "all", "hidden", "output", or a number from 1."""
    if place == "all":
        return frozenset(range(depth))
    if place == "hidden":
        return frozenset(range(depth - 1))
    if place == "output":
        return frozenset([depth - 1])
    if place.isdecimal() and 1 <= int(place) <= depth:
        return frozenset([int(place) - 1])
    raise SlipError(
        f"{place!r} is no place in {depth} layers: all, hidden, output, or 1 to {depth}"
    )


def refuse_conflicts(mistakes: Sequence[Mistake]) -> None:
    """Raise SlipError if two mistakes change the same expression of the same layer."""
    for first, second in combinations(mistakes, 2):
        if first.layers & second.layers and conflicting(first.slip, second.slip):
            raise SlipError(f"{first.slip.id} and {second.slip.id} change the same expression")


@cache
def conflicting(first: Slip, second: Slip) -> bool:
    """True if an expression that one changes is part of an expression that the other changes."""
    return first is not second and any(
        a.function == b.function and (a.right in b.right or b.right in a.right)
        for a in first.edits
        for b in second.edits
    )


@cache
def compiled(name: str, slips: tuple[Slip, ...]) -> CodeType:
    """The code of the function of the reference of this name, with these slips made in it."""
    wrongs: dict[str, list[tuple[str, str]]] = {}
    for slip in slips:
        for edit in slip.edits:
            if edit.function == name:
                wrongs.setdefault(edit.right, []).append((slip.id, edit.wrong))
    by_layer = "layer" in find(name).__code__.co_varnames
    longest_first = sorted(wrongs.items(), key=lambda item: len(item[0]), reverse=True)
    text = rewritten(source(name), longest_first, by_layer)
    return compile(text, f"<{name} with {', '.join(slip.id for slip in slips)}>", "exec")


def rewritten(
    text: str, longest_first: Sequence[tuple[str, list[tuple[str, str]]]], by_layer: bool
) -> str:
    """The text with every right expression exchanged for its wrong one.

    In a loop over layers the exchange is a choice that depends on the layer: `layer in
    made_in[id]`. The right branch of a choice may hold the choice of a shorter expression.
    """
    if not longest_first:
        return text
    (right, wrongs), *shorter = longest_first
    before, found, after = text.partition(right)
    if not found:
        return rewritten(text, shorter, by_layer)
    expression = rewritten(right, shorter, by_layer)
    for slip_id, wrong in wrongs:
        choice = f"({wrong} if layer in made_in[{slip_id!r}] else {expression})"
        expression = choice if by_layer else wrong
    return rewritten(before, shorter, by_layer) + expression + rewritten(after, shorter, by_layer)


def function(name: str, slips: Iterable[Slip], **names: Any) -> Callable[..., Any]:
    """The function of the reference of this name with these slips made in it.

    `names` are put into its namespace, over those of its module.
    """
    here = tuple(slip for slip in slips if any(edit.function == name for edit in slip.edits))
    original = find(name)
    if not here and not names:
        return original
    namespace: dict[str, Any] = {**original.__globals__, "np": np, **names}
    exec(compiled(name, here), namespace)
    return namespace[original.__name__]


@dataclass(frozen=True)
class Slipped:
    """A network and the mistakes made in running it."""

    network: list[Layer]
    slips: list[Slip]
    made_in: dict[str, list[Layer]]

    def function(self, name: str, **names: Any) -> Callable[..., Any]:
        return function(name, self.slips, made_in=self.made_in, **names)


def slipped(names: Iterable[str], network: Sequence[Layer]) -> Slipped:
    """The network with the mistakes of these names: slopes exchanged, the rest noted."""
    mistakes = [mistake(name, len(network)) for name in names]
    refuse_conflicts(mistakes)
    layers = [
        replace(layer, activation=slipped_activation(layer.activation, here))
        if (here := [m.slip for m in mistakes if k in m.layers])
        else layer
        for k, layer in enumerate(network)
    ]
    made_in: dict[str, list[Layer]] = {}
    for m in mistakes:
        made_in.setdefault(m.slip.id, []).extend(layers[k] for k in m.layers)
    return Slipped(layers, list({m.slip.id: m.slip for m in mistakes}.values()), made_in)


def slipped_activation(activation: Activation, slips: Collection[Slip]) -> Activation:
    """The activation with these slips in its function or slope."""
    df = function(f"activations.{activation.df.__name__}", slips)
    return replace(activation, df=df)


def slipped_loss(loss: Loss, slips: Collection[Slip]) -> Loss:
    """The loss with these slips in its function or slope."""
    if not slips:
        return loss
    return replace(
        loss,
        f=function(f"losses.{loss.f.__name__}", slips),
        df=function(f"losses.{loss.df.__name__}", slips),
    )


def forward(names: Iterable[str], network: Sequence[Layer], x: Array) -> list[Record]:
    """What `network.forward` returns when these mistakes are made."""
    run = slipped(names, network)
    return run.function("network.forward")(run.network, x)


def gradients(
    names: Iterable[str],
    network: Sequence[Layer],
    x: Array,
    t: Array,
    loss: Loss,
    *,
    reduction: str,
    learning_rate: float | None = None,
    memory: Memory | None = None,
) -> list[Affine]:
    """What `training.gradients` returns when these mistakes are made.

    The learning rate matters only to mistakes that let the step leak into the gradient.
    `memory` is what a stale variable holds: hand in the same one again for a second call.
    Shapes may come out wrong, and unequal widths may raise ValueError: some slips do that.
    """
    return errors_and_gradients(names, network, x, t, loss, reduction, learning_rate, memory)[1]


def errors_and_gradients(
    names: Iterable[str],
    network: Sequence[Layer],
    x: Array,
    t: Array,
    loss: Loss,
    reduction: str,
    learning_rate: float | None = None,
    memory: Memory | None = None,
) -> tuple[list[Array], list[Affine]]:
    """Delta of every layer, shape (B, n_out), and the gradients, when these mistakes are made."""
    run = slipped(names, network)
    if learning_rate is None and any(slip.needs_learning_rate for slip in run.slips):
        raise SlipError("this slip needs a learning rate")
    memory = Memory() if memory is None else memory
    errors: list[Array] = []
    backward = function(
        "network.backward",
        [*run.slips, NOTING],
        made_in={**run.made_in, NOTING.id: run.network},
        memory=memory,
        learning_rate=learning_rate,
        note=errors.append,
    )
    found = run.function(
        "training.gradients",
        memory=memory,
        forward=run.function("network.forward"),
        backward=backward,
    )(run.network, x, t, slipped_loss(loss, run.slips), reduction=reduction)
    return errors[::-1], found


# No mistake, but made like one: `backward` keeps delta to itself, and here it is noted down.
NOTING = Slip(
    "noting",
    "",
    "",
    "",
    (Edit("network.backward", "gradients.append", "note(delta) or gradients.append"),),
)


def loss_value(
    names: Iterable[str],
    network: Sequence[Layer],
    x: Array,
    t: Array,
    loss: Loss,
    *,
    reduction: str,
) -> float:
    """The loss of the batch when these mistakes are made."""
    run = slipped(names, network)
    y = run.function("network.forward")(run.network, x)[-1].a
    return float(slipped_loss(loss, run.slips).value(y, t, reduction=reduction))


def update(
    names: Iterable[str],
    network: Sequence[Layer],
    gradients: Sequence[Affine],
    learning_rate: float,
) -> list[Layer]:
    """The network after one step with these gradients when these mistakes are made."""
    run = slipped(names, network)
    updated = run.function("optimizers.sgd")(run.network, gradients, learning_rate)
    return [
        replace(new, activation=old.activation) for new, old in zip(updated, network, strict=True)
    ]


def train(
    names: Collection[str],
    network: Sequence[Layer],
    x: Array,
    t: Array,
    loss: Loss,
    *,
    reduction: str,
    learning_rate: float,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> tuple[list[Layer], list[float]]:
    """What `training.train` returns when these mistakes are made; its loss is the true one."""
    memory = Memory()

    def slipped_gradients(
        network: Sequence[Layer], x: Array, t: Array, loss: Loss, *, reduction: str
    ) -> list[Affine]:
        return gradients(
            names, network, x, t, loss,
            reduction=reduction, learning_rate=learning_rate, memory=memory,
        )  # fmt: skip

    run = function(
        "training.train",
        [],
        forward=partial(forward, names),
        gradients=slipped_gradients,
        sgd=partial(update, names),
    )
    return run(
        network, x, t, loss,
        reduction=reduction, learning_rate=learning_rate,
        epochs=epochs, batch_size=batch_size, rng=rng,
    )  # fmt: skip
