"""The numbers that figures show or hand to the prose, held against what is known of them.

The ranges are those of the claims that the pages quote: wide enough for another draw of random
weights, narrow enough to notice a wrong slope, a lost weight or a forgotten factor.
"""

from __future__ import annotations

import runpy

import numpy as np
import pytest

from chainrule import LOSSES, numerical_gradients, relative_error
from docs.experiments import depth
from docs.figures import _networks, chain, descent

EXACT = {
    "matrices.products": {"Wh": 0.1933, "dL_dh": -0.1612, "dL_dW": -0.0509},
    "batches.bias": {"sum": -0.0570},
    "losses.confident_mistake": {"by_squares": 0.00660, "by_entropy": 0.99331},
    "slopes.lost_and_missing": {"sigmoid_at_10": 4.5396e-5, "tanh_at_10": 8.2446e-9},
    "basics.zoom": {"gap_0": 1 / 3, "gap_1": 1 / 12, "gap_2": 1 / 120},
    "neuron.graph": {"dL_dw": 0.2213883478, "dL_dy": 0.6899744811, "dL_dz": 0.1475922319},
    "neuron.slope": {"dL_dw": 0.2213883478},
    "network.forward": {"y": 0.7611626158, "loss": 0.0285216480},
    "network.backward": {
        "dL_dw11": -0.00199532, "dL_dw31": -0.0278846, "delta_3": -0.0434192,
    },
    "graphs.output_unit": {
        "dL_dw31": -0.0278846, "dL_dw32": -0.0291562, "dL_db3": -0.0434192,
        "dL_dh1": -0.017368, "dL_dh2": -0.019539, "dL_dy": -0.238837, "dL_dL": 1,
    },
    "graphs.fork": {"df_da": 7, "first": 3, "second": 3, "third": 1},
    "descent.one_dimension": {
        "after_0.4": 1.6 * 0.6**5, "after_1.8": -1.6 * 0.8**5, "after_2.1": -1.6 * 1.1**5,
    },
    "descent.bowl": {"limit": 0.2},
    "descent.overshoot": {"before_target_1": 0.5957, "before_target_half": 0.0739},
    "depth.by_layer": {"quarter_power": 8.673617e-19, "relu_1": 0.5**0.5, "relu_1.41": 1},
    "depth.gain": {"relu_crossing": 2**0.5},
    "checking.step_size": {"double_predicted_error": 6.7e-11},
    "bowls.angle": {"angle_10": 54.9, "angle_100": 78.6},  # C36
    "bowls.limit": {  # C14
        "limit": 0.150584, "steepest": 13.2816, "least": 0.026378, "just_below": 0.026899,
        "at": 0.0990,
    },
    "bowls.momentum": {  # C38, counted until it stays that near
        "plain_2": 13, "plain_100": 709, "plain_1000": 7082, "best_2": 10, "best_100": 95,
        "best_1000": 321,
    },
    "bowls.adam": {"largest": 3.1516, "bound": 3.1623, "first": 1},  # C39
    "bowls.roots": {"size_without": 0.8, "size_at_last": 0.95**0.5},
    "cost.ratio": {  # C09, C19
        "wide": 1.5048, "digits": 1.1351, "one_layer": 1, "twelve_layers": 2 - 1 / 12,
    },
    "cost.swell": {"loss_6": 28, "shared_6": 60},
    "runs.mazur": {
        "after_one_right_order": 0.291027773694, "after_one_weights_updated_first": 0.291027923905,
        "after_one_own_biases": 0.280471446791, "after_one_shared_biases": 0.285750886699,
        "last_right_order": 3.510187783e-5, "last_weights_updated_first": 3.508478630e-5,
    },
    "runs.slow_start": {
        "half_squares_near_first": 0.8176, "half_squares_near_last": 0.0940,
        "half_squares_far_first": 0.9820, "half_squares_far_last": 0.2030,
    },
    "runs.valley": {  # as Dive into Deep Learning prints them
        "below_x1": -0.943467, "above_x1": -0.387814, "above_x2": -1673.365109,
    },
}  # fmt: skip

BETWEEN = {
    "frameworks.agreement": {"worst": (0, 1e-14), "single": (1e-8, 1e-6)},
    "six_ways.distances": {"all_others": (0, 1e-15), "central_difference": (1e-14, 1e-10)},
    "depth.by_layer": {  # C12: the factor of one layer
        "sigmoid_0.5": (0.115, 0.130), "sigmoid_4": (0.60, 0.65), "sigmoid_16": (1.08, 1.30),
        "tanh_0.5": (0.48, 0.505), "tanh_1": (0.92, 0.95), "tanh_2": (1.13, 1.18),
        "relu_2": (1.38, 1.45),
    },
    "depth.gain": {"sigmoid_crossing": (10, 12.5), "tanh_crossing": (1.15, 1.35)},
    "checking.step_size": {  # C50, C51, C53
        "double_best_nudge": (5e-6, 6.5e-6), "double_nudge_of_least_error": (2e-6, 2e-5),
        "double_least_error": (1e-11, 2e-10), "single_nudge_of_least_error": (1e-3, 1e-2),
        "single_least_error": (1e-5, 2e-4), "double_error_at_smallest_nudge": (1e-5, 1e-2),
    },
    "descent.xor": {"learned": (10, 15), "median_round": (150, 500)},  # C04
    "descent.overshoot": {"best_rate": (5, 9), "no_gain_from": (12, 18)},
    "bowls.limit": {"just_above": (1e7, 1e8)},
    "signals.spread": {  # C24
        "tanh_2": (0.35, 0.45), "tanh_20": (0.02, 0.035), "relu_10": (1e-3, 4e-3),
        "relu_20": (3e-7, 6e-6), "sigmoid_10": (0.2, 0.35), "he_10": (0.8, 3),
    },
    "signals.saturation": {"share_1_3": (0, 0.01), "share_4_3": (0.3, 0.5)},
    "signals.dead": {"dead_1": (0, 0.2), "dead_4": (0.9, 1), "accuracy_1": (0.95, 1)},  # C26
    "signals.rank": {"zero": (0, 0), "constant": (1, 1), "random": (3, 3)},  # C20 to C23
    "deeper.gaussian": {"crossing": (0.56, 0.585), "power_at_one": (23.5, 26)},  # C32
    "deeper.residual": {"plain_100": (1e-33, 1e-29), "residual_100": (5, 200)},  # C31
    "deeper.recurrent": {"after_nine_tenths": (2e-5, 3.5e-5), "after_one": (0.95, 1)},
    "deeper.nielsen": {"within": (7, 9), "slower": (3, 7)},
    "minibatches.noise": {"times_size_256": (0.78, 0.93), "times_size_1024": (0.38, 0.48)},  # C43
    "minibatches.rising": {"share_1": (0.35, 0.5), "share_8": (0.15, 0.4), "share_300": (0, 0)},
    "runs.symmetric": {"second": (1.9, 2.1), "third": (3.8, 4.2), "stuck_error": (3.99, 4)},  # C59
    "runs.spiral": {"linear_high": (0.45, 0.6), "ReLU_low": (0.97, 1)},
}  # fmt: skip

LARGEST_SLOPE = {
    "identity": 1, "sigmoid": 0.25, "tanh": 1, "relu": 1,
    "leaky_relu": 1, "softplus": 0.982, "gelu_tanh": 1.1289,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "key", "value"), [(n, k, v) for n, keys in EXACT.items() for k, v in keys.items()]
)
def test_a_number_is_the_known_one(drawn, name: str, key: str, value: float):
    assert drawn[name].numbers[key] == pytest.approx(value, rel=2e-3)


@pytest.mark.parametrize(
    ("name", "key", "bounds"), [(n, k, b) for n, keys in BETWEEN.items() for k, b in keys.items()]
)
def test_a_measured_number_is_in_its_range(drawn, name: str, key: str, bounds):
    low, high = bounds
    assert low <= drawn[name].numbers[key] <= high


@pytest.mark.parametrize(("name", "slope"), LARGEST_SLOPE.items())
def test_an_activation_is_no_steeper_than_it_is(drawn, name: str, slope: float):
    assert drawn["activations.all"].numbers[name]["largest_slope"] == pytest.approx(slope, rel=1e-3)


@pytest.mark.parametrize("network", [_networks.demo, _networks.two_three_two])
def test_the_drawn_gradients_agree_with_nudging(network):
    p = network()
    nudged = numerical_gradients(p.network, p.x, p.t, LOSSES["half_squared_error"], reduction="sum")
    assert relative_error(p.gradients, nudged) < 1e-9


def test_two_paths_add_up_to_the_slope(drawn):
    numbers = drawn["network.paths"].numbers
    together = numbers["through_y1"] + numbers["through_y2"]
    assert numbers["dL_dh"] == pytest.approx(together, rel=1e-14)


def test_a_wiggle_is_stretched_by_the_product_of_the_slopes(drawn):
    numbers = drawn["chain.wiggle"].numbers
    slopes = chain.chain.slope_u * chain.chain.slope_v * chain.chain.slope_L
    assert numbers["dL"] / numbers["dx"] == pytest.approx(slopes, rel=0.05)


def test_a_step_can_be_too_long_only_where_the_target_can_be_missed():
    """Loss after one step: 0.0073 at a learning rate of 5, 0.0132 at 10, 0.1371 at 20."""
    after = [descent.step.loss_after(rate, 0.5) for rate in (5, 10, 20)]
    assert after == pytest.approx([0.0073, 0.0132, 0.1371], abs=5e-5)
    falling = [descent.step.loss_after(rate, 1.0) for rate in np.geomspace(0.01, 1000, 50)]
    assert max(falling) < 0.5957


def test_the_xor_figure_is_the_xor_example(drawn, capsys):
    example = runpy.run_path("docs/examples/train_xor.py")
    numbers = drawn["descent.xor"].numbers
    assert numbers["learned"] == example["solved"]
    assert numbers["rounds"] == example["rounds"]
    stuck = [loss for loss in example["losses"] if loss > example["good_enough"]]
    assert numbers["stuck_loss"] == pytest.approx(np.mean(stuck), rel=1e-3)


def test_above_the_limit_a_valley_throws_one_out_and_below_it_does_not(drawn):
    numbers = drawn["descent.bowl"].numbers
    assert numbers["loss_after_zigzag"] < numbers["loss_after_slow"] < numbers["loss_after_leaving"]


def test_with_half_squares_the_far_start_stays_behind_and_with_cross_entropy_it_does_not(drawn):
    numbers = drawn["runs.surface"].numbers
    ways = ("half_squares", "cross_entropy")
    behind = {way: numbers[f"{way}_far_w"] - numbers[f"{way}_near_w"] for way in ways}
    assert behind["half_squares"] > 0.4 > 0.05 > behind["cross_entropy"] > 0


def test_one_quarter_per_layer_is_wrong_on_both_sides(drawn):
    """C27: with small weights a sigmoid network vanishes faster, with large ones it explodes."""
    numbers = drawn["depth.by_layer"].numbers
    assert numbers["sigmoid_0.5"] < 0.25 < numbers["sigmoid_4"] < 1 < numbers["sigmoid_16"]


def test_relu_vanishes_too():
    """C25: with variance 1/n it loses the square root of two a layer."""
    sizes = depth.error_sizes("relu", 1)
    assert (sizes[:, 0] / sizes[:, -1]).max() < 1e-3


def test_some_starts_of_xor_stay_at_a_quarter(drawn):
    numbers = drawn["descent.xor"].numbers
    assert numbers["learned"] + numbers["stuck"] == numbers["seeds"]
    assert numbers["stuck"] > 0
    assert numbers["stuck_loss"] == pytest.approx(0.25, abs=0.01)
