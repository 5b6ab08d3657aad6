"""What classic mistakes make of one slope of the worked network."""

from contextlib import redirect_stdout

from chainrule import LOSSES, forward, slips, spec

with redirect_stdout(None):  # what it prints belongs on its own page
    from docs.examples import one_step

worked = spec.check_spec(one_step.specification)


def slope_of_w11(*mistakes: str, learning_rate: float = 0.5) -> float:
    return (
        slips.gradients(
            mistakes,
            *(worked.network, worked.x, worked.t, worked.loss),
            reduction="sum",
            learning_rate=learning_rate,
        )[0]
        .W[0, 0]
        .item()
    )


right = slope_of_w11()
no_output_slope = slope_of_w11("missing_activation_derivative@output")
no_hidden_slope = slope_of_w11("missing_activation_derivative@hidden")
no_input = slope_of_w11("dropped_input")
updated_weights = slope_of_w11("updated_weights")
print(f"right                    {right:10.6f}")
print(f"no slope at the output   {no_output_slope:10.6f}")
print(f"no slope in the middle   {no_hidden_slope:10.6f}")
print(f"input left out           {no_input:10.6f}")
print(f"through updated weights  {updated_weights:10.6f}")

# How far off, as factors; and the same update mistake with a longer step.
no_output_slope_factor = no_output_slope / right
updated_too_large = updated_weights / right - 1
updated_at_10 = slope_of_w11("updated_weights", learning_rate=10)
updated_too_large_at_10 = updated_at_10 / right - 1

# Another loss convention, and W where its transpose belongs.
y = forward(worked.network, worked.x)[-1].a
other_loss = LOSSES["mean_squared_error"]
mean_squared_error = other_loss.value(y, worked.t, reduction="sum").item()
hidden = worked.network[0].affine
z_swapped = worked.x @ hidden.W + hidden.b
swapped_h1, swapped_h2 = (
    worked.network[0].activation.f(z_swapped)[0].tolist()
)
