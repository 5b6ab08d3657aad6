"""One training step on arrays: forward, loss, backward, update. Our peer is PyTorch, eager.

Both sides compute in double precision on one thread, from the same weights and data, and
must agree on every gradient before either is timed.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np

from benchmarks.race import Step
from chainrule import ACTIVATIONS, INITIALIZERS, LOSSES, Affine, dense_network, gradients, sgd

LEARNING_RATE = 1e-3  # small: the thousandth step must cost what the first did
LOSS = LOSSES["half_squared_error"]  # of the worked network, and of Nielsen's 784-30-10
REDUCTION = "sum"
TOLERANCE = 1e-12


def contenders(layer_sizes: Sequence[int], batch_size: int) -> dict[str, Step]:
    """The steps to be timed, on sigmoid networks of these sizes."""
    rng = np.random.default_rng(0)
    activations = [ACTIVATIONS["sigmoid"]] * (len(layer_sizes) - 1)
    network = dense_network(layer_sizes, activations, INITIALIZERS["xavier"], rng)
    x = rng.standard_normal((batch_size, layer_sizes[0]))
    t = rng.random((batch_size, layer_sizes[-1]))
    expected = gradients(network, x, t, LOSS, reduction=REDUCTION)

    def step() -> None:
        nonlocal network
        gradient = gradients(network, x, t, LOSS, reduction=REDUCTION)
        network = sgd(network, gradient, LEARNING_RATE)

    steps: dict[str, Step] = {"chainrule": step}
    if find_spec("torch"):
        starting_point = [layer.affine for layer in network]
        steps["PyTorch eager"] = torch_step(starting_point, x, t, expected)
    return steps


def torch_step(
    affines: Sequence[Affine], x: np.ndarray, t: np.ndarray, expected: Sequence[Affine]
) -> Step:
    """The same step as the PyTorch tutorials write it."""
    import torch

    torch.set_num_threads(1)
    model = torch.nn.Sequential()
    for affine in affines:
        n_out, n_in = affine.W.shape
        linear = torch.nn.Linear(n_in, n_out, dtype=torch.float64)
        linear.load_state_dict({"weight": torch.tensor(affine.W), "bias": torch.tensor(affine.b)})
        model.append(linear)
        model.append(torch.nn.Sigmoid())
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    loss = torch.nn.MSELoss(reduction=REDUCTION)
    x_tensor, t_tensor = torch.tensor(x), torch.tensor(t)

    def step() -> None:
        optimizer.zero_grad()
        (0.5 * loss(model(x_tensor), t_tensor)).backward()
        optimizer.step()

    step()
    found = [parameter.grad.numpy() for parameter in model.parameters()]
    ours = [part for affine in expected for part in (affine.W, affine.b)]
    for gradient, same in zip(found, ours, strict=True):
        np.testing.assert_allclose(gradient, same, rtol=TOLERANCE, atol=TOLERANCE)
    return step
