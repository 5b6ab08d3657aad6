"""The numbers behind the claims about one backward pass, about its cost and about batches."""

import numpy as np
import pytest

from docs.examples import demo


def near(*expected, rel=1e-5):
    return pytest.approx(list(expected), rel=rel)


def test_the_printed_slope_of_a_hidden_activation_is_that_of_its_pre_activation(numbers):
    found = numbers("C01")
    assert found["nudged"] == near(-0.017368, -0.019539, rel=1e-4)
    assert found["printed"] == near(*demo.delta_hidden)
    assert found["ratio"] == near(*(demo.h * (1 - demo.h)), rel=1e-6)


def test_the_half_halves_the_slope(numbers):
    found = numbers("C02")
    assert found["mean"] == pytest.approx(2 * found["half"])
    assert found["half"] == pytest.approx(-0.238837, rel=1e-5)


def test_an_update_leaves_the_landscape_as_it_is_to_the_last_bit(numbers):
    assert numbers("C03")["changed_by_update"] == 0
    assert numbers("C03")["changed_by_batch"] > 0.1


def test_the_printed_step_goes_uphill(numbers):
    found = numbers("C06")
    assert found["printed"] == near(0.152152, 0.102152)
    assert found["right"] == near(0.147848, 0.097848)
    assert found["after_right"] < found["before"] < found["after_printed"]


def test_without_the_slope_at_the_output_everything_is_too_large_by_one_factor(numbers):
    found = numbers("C07")
    ratios = np.concatenate([np.ravel(ratio) for ratio in found["ratios"].values()])
    assert ratios == pytest.approx(found["one_over_slope"], rel=1e-12)
    assert found["one_over_slope"] == pytest.approx(5.500729, rel=1e-6)


def test_an_index_off_by_one_takes_the_wrong_slope(numbers):
    assert numbers("C08")["wrong"] == near(-0.003157, -0.003552, rel=1e-3)
    assert numbers("C08")["right"] == near(-0.003991, -0.004310, rel=1e-3)


def test_two_paths_add_up_to_the_slope(numbers):
    found = numbers("C13")
    assert found["by_path"] == near(0.000668396, -0.000229828)
    assert sum(found["by_path"]) == pytest.approx(found["slope"], rel=1e-12)
    assert found["paths"] == 2_007_040


def test_softmax_takes_the_whole_jacobian(numbers):
    found = numbers("C15")
    assert found["nudged"] == near(0.231224, 0.628532, -0.859756)
    assert found["p_minus_t"] == pytest.approx(found["nudged"], abs=1e-9)
    assert found["rule"][:2] == [0, 0]


def test_descent_does_without_backpropagation_and_backpropagation_without_descent(numbers):
    found = numbers("C17")
    assert found["apart"] < 1e-9
    assert found["adam"] < found["descent"] / 10


def test_the_cause_of_the_loss_has_next_to_no_slope(numbers):
    assert numbers("C18")["slope"] == pytest.approx(6.1e-6, rel=0.02)
    assert numbers("C18")["loss"] == pytest.approx(0.5, abs=1e-4)


def test_a_batch_sums(numbers):
    assert numbers("C16")["sum_over_mean"] == pytest.approx(64, rel=1e-6)
    assert numbers("C16")["one_example"] > 1


def test_the_count_of_products_is_the_formula(numbers):
    found = numbers("C09")
    assert found["ratios"] == pytest.approx(found["predicted"], rel=1e-12)
    assert found["ratios"] == near(1.50, 1.80, 1.90, 1.75, rel=0.01)


def test_activations_overtake_parameters_at_eighty_five_examples(numbers):
    found = numbers("C10")
    assert (found["parameters"], found["activations"]) == (17_226, 202)
    assert found["equal"] == pytest.approx(85.3, abs=0.1)
    assert found["shares"][-1] == pytest.approx(21.1, abs=0.05)


def test_nothing_needs_the_error_of_the_inputs(numbers):
    found = numbers("C19")
    assert found["changes"] == [pytest.approx(0.1), 0]
    assert (found["without"], found["all_the_way"]) == (pytest.approx(1.135, abs=5e-4), 2)


def test_the_dates_are_in_order_and_begin_before_the_claim(numbers):
    years = numbers("C11")["years"]
    assert years == sorted(years)
    assert years[0] < years[-1] == 1986
