"""Questions with fresh numbers: a template, a seed, and the answers the reference computes.

    from chainrule.practice import TEMPLATES
    question = TEMPLATES["one-neuron.weight-gradient"].make(seed=7)

`TOPICS` lists the templates of each topic in the order they are best met.
"""

from . import (
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
from .question import Bank, Check, Question, Template, Wrong

BANKS: dict[str, Bank] = {
    bank.topic: bank
    for bank in [
        basics.BANK,
        one_neuron.BANK,
        chain_rule.BANK,
        by_hand.BANK,
        batches.BANK,
        losses.BANK,
        gradient_descent.BANK,
        depth.BANK,
        cost_and_checking.BANK,
    ]
}

TOPICS: dict[str, list[Template]] = {
    topic: list(bank.templates.values()) for topic, bank in BANKS.items()
}

TEMPLATES: dict[str, Template] = {
    template.id: template for templates in TOPICS.values() for template in templates
}

__all__ = ["BANKS", "TEMPLATES", "TOPICS", "Bank", "Check", "Question", "Template", "Wrong"]
