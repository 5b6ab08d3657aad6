"""How far off a sample is that updates before it propagates."""

import runpy

import pytest


@pytest.mark.parametrize(("rate", "off"), [(0.1, 0.007), (0.5, 0.035), (1.0, 0.071)])
def test_the_first_weights_are_off_by_the_published_amounts(rate, off):
    found = runpy.run_path("docs/examples/published_sample.py")["off"]
    assert found[rate] == pytest.approx(off, abs=0.0005)
