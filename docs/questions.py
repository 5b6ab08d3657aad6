"""Which questions stand on which page, in the order the pages are read.

A page's own questions close it, and two from earlier pages open it: what is asked again after
a while is kept (Dunlosky and others 2013, on practice testing and on distributed practice).
"""

from chainrule.practice import (
    basics,
    batches,
    by_hand,
    chain_rule,
    cost_and_checking,
    depth,
    gradient_descent,
    losses,
    one_neuron,
)
from chainrule.practice.question import Template

PAGES: dict[str, list[Template]] = {
    "five_minutes": [
        by_hand.four_steps,
        gradient_descent.who_moves,
        by_hand.nudge,
        cost_and_checking.runs_for_nudging,
        gradient_descent.what_for,
    ],
    "what_you_need": [
        basics.slope_at_a_place,
        basics.partial,
        basics.matrix_vector,
        basics.transpose,
    ],
    "one_neuron": [
        one_neuron.output,
        one_neuron.slope_of_sigmoid,
        one_neuron.weight_gradient,
        one_neuron.step,
        one_neuron.slope_of_tanh,
    ],
    "chain_rule": [
        chain_rule.gears,
        chain_rule.two_functions,
        chain_rule.three_functions,
        chain_rule.fork,
    ],
    "graphs": [
        chain_rule.add_times,
        chain_rule.used_twice,
        chain_rule.max_gate,
        chain_rule.paths,
        chain_rule.scales,
    ],
    "forward": [
        by_hand.index,
        by_hand.hidden,
        by_hand.output,
        by_hand.loss,
    ],
    "backward": [
        by_hand.output_weight,
        by_hand.hidden_activation,
        by_hand.hidden_error,
        by_hand.hidden_weight,
        by_hand.two_outputs,
    ],
    "update": [
        by_hand.new_weight,
        by_hand.old_weights,
        by_hand.predicted_drop,
    ],
    "six_ways": [
        cost_and_checking.complex_step,
        by_hand.output_error,
        by_hand.sum_over_paths,
    ],
    "matrices": [
        batches.any_depth,
        batches.what_goes_below,
        batches.parameters,
    ],
    "shapes": [
        basics.what_fits,
        batches.shape_of_gradient,
        batches.which_product,
        batches.shape_of_error,
    ],
    "batches": [
        batches.bias_of_batch,
        batches.weight_of_batch,
        batches.doubled_batch,
        batches.shared_bias,
        losses.which_convention,
    ],
    "losses": [
        losses.what_cancels,
        losses.binary_error,
        losses.softmax_slope,
        losses.shifted_logits,
        losses.mean_over_outputs,
    ],
    "activations": [
        one_neuron.steepest,
        one_neuron.relu_on_batch,
        one_neuron.leaky,
        one_neuron.at_zero,
    ],
    "blocks": [
        losses.softmax_across,
        losses.cross_entropy,
        depth.residual,
    ],
    "descent": [
        gradient_descent.overshoot,
        gradient_descent.largest_step,
        gradient_descent.after_steps,
        gradient_descent.small_batch,
    ],
    "learning": [
        depth.twins,
        depth.all_zero,
        losses.saturated_output,
    ],
    "depth": [
        depth.one_layer,
        depth.six_layers,
        depth.weights_counted,
        depth.weight_to_keep,
        depth.dead_relu,
    ],
    "initialisation": [
        depth.rows_alike,
        depth.he_variance,
        depth.how_deep,
    ],
    "optimisers": [
        gradient_descent.adam,
        gradient_descent.best_step,
        gradient_descent.worst_angle,
    ],
    "whole_run": [
        gradient_descent.steps_in_epochs,
        gradient_descent.batch_noise,
        gradient_descent.which_epoch,
    ],
    "code": [
        cost_and_checking.spot_the_slip,
        cost_and_checking.what_it_spoils,
        cost_and_checking.two_losses,
    ],
    "gradient_checking": [
        cost_and_checking.best_nudge,
        cost_and_checking.error_of_nudging,
        cost_and_checking.blind_check,
    ],
    "autodiff": [
        basics.weighted_sum,
        cost_and_checking.backward_cost,
        cost_and_checking.which_mode,
    ],
    "frameworks": [
        cost_and_checking.added_to_the_store,
        cost_and_checking.other_layout,
        cost_and_checking.logits_wanted,
    ],
    "pitfalls": [
        cost_and_checking.spot_the_slip,
        cost_and_checking.blind_check,
        depth.dead_relu,
    ],
}

KNOWLEDGE_CHECK: list[Template] = [
    gradient_descent.who_moves,
    chain_rule.fork,
    by_hand.hidden_error,
    batches.doubled_batch,
    depth.weights_counted,
]


def earlier(page: str) -> list[tuple[Template, int]]:
    """What opens a page: a question of the last page and one from farther back, with its seed.

    Farther back is seven pages ago, or three, or the first page there is. So each page is met
    again after one page, after three, and after seven.
    """
    place = list(PAGES).index(page)
    back = [1, *(gap for gap in (7, 3, 2) if gap <= place)][:2] if place else []
    pages = list(PAGES.values())
    return [(pages[place - gap][1 + k], gap) for k, gap in enumerate(back)]
