"""The same training step in libraries, each as its own tutorial writes it.

A peer is an installed package. Its builder is given a problem and returns a contender, or None
where the library has no such network. Nothing here is imported before it is raced.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.problems import LEARNING_RATE, Problem
from benchmarks.race import Arrays, Contender

Builder = Callable[[Problem], Contender | None]


# PyTorch ------------------------------------------------------------------------------------


def torch_parts(problem: Problem) -> tuple[Any, Callable[[Any, Any], Any], Any, Any]:
    """The model, its loss, and the batch."""
    import torch

    torch.set_num_threads(1)
    dtype = getattr(torch, problem.dtype)
    kinds = {"sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}
    model = torch.nn.Sequential()
    for layer, name in zip(problem.network(), problem.activations, strict=True):
        n_out, n_in = layer.affine.W.shape
        linear = torch.nn.Linear(n_in, n_out, dtype=dtype)
        state = {"weight": torch.tensor(layer.affine.W), "bias": torch.tensor(layer.affine.b)}
        linear.load_state_dict(state)
        model.append(linear)
        if name != "identity":
            model.append(kinds[name]())
    x, t = torch.tensor(problem.x), torch.tensor(problem.t)
    if problem.loss.takes_logits:
        return model, torch.nn.CrossEntropyLoss(), x, t.argmax(dim=1)
    squares = torch.nn.MSELoss(reduction="sum")
    factor = torch_factor(problem)
    if factor == 1:
        return model, squares, x, t
    return model, lambda y, t: factor * squares(y, t), x, t


def torch_factor(problem: Problem) -> float:
    """What the sum of squares is multiplied by, to be this problem's loss."""
    return {"half_squared_error": 0.5, "squared_error": 1.0}[problem.loss_name] / problem.batch_size


def torch_eager(problem: Problem) -> Contender:
    import torch

    model, loss, x, t = torch_parts(problem)
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)

    def step() -> None:
        optimizer.zero_grad()
        loss(model(x), t).backward()
        optimizer.step()

    return Contender(step, lambda: [p.detach().numpy().copy() for p in model.parameters()])


def torch_compiled(problem: Problem) -> Contender:
    """The whole step compiled, which is faster than a compiled model with an eager optimiser."""
    import torch

    model, loss, x, t = torch_parts(problem)
    parameters = {name: p.detach().clone() for name, p in model.named_parameters()}

    def whole(parameters: dict[str, Any]) -> Any:
        return loss(torch.func.functional_call(model, parameters, (x,)), t)

    @torch.compile
    def one_step(parameters: dict[str, Any]) -> dict[str, Any]:
        gradient = torch.func.grad(whole)(parameters)
        return {name: p - LEARNING_RATE * gradient[name] for name, p in parameters.items()}

    def step() -> None:
        nonlocal parameters
        parameters = one_step(parameters)

    return Contender(step, lambda: [p.numpy().copy() for p in parameters.values()])


def torch_products(problem: Problem) -> Contender:
    """The bare products by PyTorch: what its matrix library makes of this processor."""
    import torch

    torch.set_num_threads(1)
    products: list[tuple[Any, Any, Any]] = []
    for k, layer in enumerate(problem.network()):
        W = torch.tensor(layer.affine.W)
        a = torch.ones(problem.batch_size, W.shape[1], dtype=W.dtype)
        delta = torch.ones(problem.batch_size, W.shape[0], dtype=W.dtype)
        products.append((a, W.T, torch.empty_like(delta)))
        products.append((delta.T, a, torch.empty_like(W)))
        if k:
            products.append((delta, W, torch.empty_like(a)))

    def step() -> None:
        for left, right, out in products:
            torch.mm(left, right, out=out)

    return Contender(step)


# JAX and autograd: a loss as a function of a list of (W, b) ----------------------------------


def functional_loss(problem: Problem, numpy: Any, log_sum_exp: Any) -> Callable[[Any], Any]:
    """The loss, written with the functions of `numpy` and differentiable by their library."""
    sigmoid = lambda z: 0.5 * (1 + numpy.tanh(0.5 * z))  # noqa: E731
    kinds = {"sigmoid": sigmoid, "tanh": numpy.tanh, "relu": lambda z: numpy.maximum(z, 0)}
    kinds["identity"] = lambda z: z
    x, t = problem.x, problem.t

    def loss(parameters: Any) -> Any:
        a = x
        for (W, b), name in zip(parameters, problem.activations, strict=True):
            a = kinds[name](numpy.dot(a, W.T) + b)
        if problem.loss.takes_logits:
            return numpy.mean(log_sum_exp(a) - numpy.sum(t * a, axis=1))
        return torch_factor(problem) * numpy.sum((a - t) ** 2)

    return loss


def pairs(problem: Problem, array: Callable[[np.ndarray], Any]) -> list[tuple[Any, Any]]:
    return [(array(layer.affine.W), array(layer.affine.b)) for layer in problem.network()]


def flat(parameters: Any) -> Arrays:
    return [np.array(part) for pair in parameters for part in pair]


def jax_jit(problem: Problem) -> Contender:
    import jax

    jax.config.update("jax_enable_x64", True)  # allows double precision; single stays single
    loss = functional_loss(problem, jax.numpy, lambda z: jax.scipy.special.logsumexp(z, axis=1))
    parameters = pairs(problem, jax.numpy.asarray)

    @jax.jit
    def one_step(parameters: Any) -> Any:
        gradient = jax.grad(loss)(parameters)
        return jax.tree.map(lambda p, g: p - LEARNING_RATE * g, parameters, gradient)

    def step() -> None:
        nonlocal parameters
        parameters = jax.block_until_ready(one_step(parameters))

    return Contender(step, lambda: flat(parameters))


def hips_autograd(problem: Problem) -> Contender:
    import autograd.numpy
    import autograd.scipy.special

    gradient_of = autograd.grad(
        functional_loss(
            problem, autograd.numpy, lambda z: autograd.scipy.special.logsumexp(z, axis=1)
        )
    )
    parameters = pairs(problem, np.array)

    def step() -> None:
        nonlocal parameters
        parameters = [
            (W - LEARNING_RATE * dW, b - LEARNING_RATE * db)
            for (W, b), (dW, db) in zip(parameters, gradient_of(parameters), strict=True)
        ]

    return Contender(step, lambda: flat(parameters))


# scikit-learn and micrograd -------------------------------------------------------------------


def scikit_learn(problem: Problem) -> Contender | None:
    """Only for cross-entropy: its squares come with a last layer of their own.

    A call of `partial_fit` goes through several batches, since each call checks its data anew.
    """
    if not problem.loss.takes_logits:
        return None
    from sklearn.neural_network import MLPClassifier

    batches = 10
    x, t = np.tile(problem.x, (batches, 1)), np.tile(problem.t.argmax(axis=1), batches)
    model = MLPClassifier(
        problem.layer_sizes[1:-1], activation=problem.hidden, solver="sgd", alpha=0.0,
        batch_size=problem.batch_size, learning_rate_init=LEARNING_RATE, momentum=0.0,
        nesterovs_momentum=False, shuffle=False,
    )  # fmt: skip
    model.partial_fit(x, t, classes=np.arange(problem.layer_sizes[-1]))
    for k, layer in enumerate(problem.network()):
        model.coefs_[k][...] = layer.affine.W.T
        model.intercepts_[k][...] = layer.affine.b

    def parameters() -> Arrays:
        both = zip(model.coefs_, model.intercepts_, strict=True)
        return [part.copy() for W, b in both for part in (W.T, b)]

    return Contender(lambda: model.partial_fit(x, t), parameters, steps=batches)


def micrograd(problem: Problem) -> Contender | None:
    """Only for the smallest network: of the others a step takes seconds."""
    if problem.key != "paper":
        return None
    from micrograd.engine import Value
    from micrograd.nn import MLP, Layer

    def sigmoid(z: Value) -> Value:
        """micrograd has none; this is one as its own operations are written."""
        a = 0.5 * (1 + np.tanh(0.5 * z.data).item())
        out = Value(a, (z,), "sigmoid")

        def _backward() -> None:
            z.grad += a * (1 - a) * out.grad

        out._backward = _backward
        return out

    model = MLP(problem.layer_sizes[0], list(problem.layer_sizes[1:]))
    for layer, ours in zip(model.layers, problem.network(), strict=True):
        for neuron, w, b in zip(layer.neurons, ours.affine.W, ours.affine.b, strict=True):
            neuron.nonlin = False
            neuron.b.data = b.item()
            for mine, value in zip(neuron.w, w, strict=True):
                mine.data = value.item()
    (x,), (t,) = problem.x.tolist(), problem.t.tolist()

    def step() -> None:
        a: Any = x
        for layer in model.layers:
            a = [sigmoid(neuron(a)) for neuron in layer.neurons]
        loss = sum((0.5 * (y - target) ** 2 for y, target in zip(a, t, strict=True)), Value(0.0))
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= LEARNING_RATE * p.grad

    def parameters() -> Arrays:
        return [part for layer in model.layers for part in neurons(layer)]

    def neurons(layer: Layer) -> Arrays:
        W = np.array([[w.data for w in neuron.w] for neuron in layer.neurons])
        return [W, np.array([neuron.b.data for neuron in layer.neurons])]

    return Contender(step, parameters)


PEERS: dict[str, tuple[str, Builder]] = {
    "pytorch": ("torch", torch_eager),
    "pytorch_compiled": ("torch", torch_compiled),
    "pytorch_products": ("torch", torch_products),
    "jax": ("jax", jax_jit),
    "autograd": ("autograd", hips_autograd),
    "scikit_learn": ("sklearn", scikit_learn),
    "micrograd": ("micrograd", micrograd),
}
