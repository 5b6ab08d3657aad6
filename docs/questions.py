"""Which questions stand on which page, in the order the pages are read.

A page's own questions close it. Two from earlier pages open it: what is asked again after a
while is kept.
"""

PAGES: dict[str, list[str]] = {
    "one_neuron": [
        "one-neuron.output",
        "one-neuron.sigmoid-slope",
        "one-neuron.weight-gradient",
        "one-neuron.step",
        "one-neuron.tanh-slope",
    ],
    "chain_rule": [
        "chain-rule.gears",
        "chain-rule.two-functions",
        "chain-rule.three-functions",
        "chain-rule.fork",
    ],
    "graphs": [
        "chain-rule.add-times",
        "chain-rule.used-twice",
        "chain-rule.max-gate",
        "chain-rule.paths",
        "chain-rule.scales",
    ],
}
