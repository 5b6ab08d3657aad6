"""Inverted dropout: in training some neurons are switched off, and the others made larger.

    a (B, n)       activations, one example a row
    mask (B, n)    0 where a neuron is off, else 1 / (1 - rate)

The mean over all masks is then a itself, so nothing is done at test time.
(Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, JMLR 15:1929)
"""

from __future__ import annotations

import numpy as np

from ..activations import Array


def mask_for(a: Array, rate: float, rng: np.random.Generator) -> Array:
    """A mask of the shape of a, each neuron off with the chance `rate`, 0 <= rate < 1."""
    return (rng.random(a.shape) >= rate) / (1 - rate)


def forward(a: Array, mask: Array) -> Array:
    """The activations that are passed on."""
    return a * mask


def backward(mask: Array, dL_dout: Array) -> Array:
    """dL/da: what was switched off gets nothing, the rest is scaled as on the way up."""
    return dL_dout * mask
