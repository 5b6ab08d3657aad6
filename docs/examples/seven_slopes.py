"""Seven activations: their slopes, and where each is steepest."""

import numpy as np

from chainrule import ACTIVATIONS, central_difference

places = np.array([-5.0, -1.0, 0.0, 1.0, 5.0])
grid = np.linspace(-8, 8, 16001)
slopes, steepest = {}, {}
print(f"{'z =':10}" + "".join(f"{z:9.0f}" for z in places) + "   steepest")
for name, activation in ACTIVATIONS.items():
    slopes[name] = activation.df(places, activation.f(places))
    on_grid = activation.df(grid, activation.f(grid))
    steepest[name] = {"slope": on_grid.max(), "z": grid[on_grid.argmax()]}
    row = "".join(f"{slope:9.4f}" for slope in slopes[name])
    print(f"{name:10}{row}   {on_grid.max():.4f}")

    smooth = places[places != 0]  # at zero, some have no slope
    nudged = central_difference(
        lambda z, f=activation.f: f(z).sum(), smooth
    )
    assert np.allclose(slopes[name][places != 0], nudged, atol=1e-9)


def steeper_is_tanh(z: float) -> bool:
    tanh, sigmoid = (
        f.df(z, f.f(z))
        for f in (ACTIVATIONS["tanh"], ACTIVATIONS["sigmoid"])
    )
    return tanh > sigmoid


# Near zero tanh is steeper than the sigmoid. Where does that end?
low, high = 0.0, 5.0
while high - low > 1e-9:
    middle = (low + high) / 2
    low, high = (middle, high) if steeper_is_tanh(middle) else (low, middle)
crossing = round(low, 6)
print(f"tanh is the steeper one only up to |z| = {crossing}")
