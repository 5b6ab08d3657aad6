"""The listings in other frameworks: what they print, now or when last run, is the gradient."""

import sys
from importlib.util import find_spec

import numpy as np
import pytest

from chainrule import Affine, relative_error
from docs.examples import demo
from tools import frameworks

REFERENCE = demo.gradients
LISTINGS = sorted(path.stem for path in frameworks.FOLDER.glob("with_*.py"))


def off(printed) -> float:
    """How far a listing's gradients are from those of the reference."""
    layers = [(np.array(printed[f"W{k}"]), np.array(printed[f"b{k}"])) for k in (1, 2)]
    return relative_error([Affine(W, b) for W, b in layers], REFERENCE)


def test_every_listing_has_a_package_and_a_record():
    assert LISTINGS == sorted(frameworks.PACKAGES) == sorted(frameworks.recorded())


@pytest.mark.parametrize("listing", LISTINGS)
def test_what_a_listing_printed_is_the_gradient(listing):
    assert off(frameworks.recorded()[listing]) < 1e-14


@pytest.mark.parametrize("listing", LISTINGS)
def test_what_a_listing_prints_is_the_gradient(listing):
    package = frameworks.PACKAGES[listing]
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    assert off(frameworks.printed(listing)) < 1e-14


def test_a_wrong_listing_would_be_noticed():
    wrong = dict(frameworks.recorded()["with_pytorch"])
    wrong["W1"] = np.array(wrong["W1"]).T
    assert off(wrong) > 1e-3


def test_a_run_says_what_ran_and_a_missing_package_nothing(monkeypatch):
    monkeypatch.setitem(frameworks.PACKAGES, "with_jax", "no_such_package")
    assert frameworks.run("with_jax", [sys.executable]) is None
    about = frameworks.run("with_autograd", [sys.executable])
    assert about is not None
    assert {"python", "version", "day", "W1", "b1", "W2", "b2"} == set(about)
