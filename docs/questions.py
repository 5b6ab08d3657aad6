"""Which questions stand on which page, in the order the pages are read."""

from chainrule.practice import chain_rule, one_neuron
from chainrule.practice.question import Template

PAGES: dict[str, list[Template]] = {
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
}
