"""Numbers with the classic mistake in them are told so."""

import runpy


def test_the_missing_slope_is_found():
    program = runpy.run_path("docs/examples/check_by_hand.py")
    assert program["report"].returncode == 1
    assert "delta[0]" in program["report"].stdout
    assert "missing_activation_derivative" in program["report"].stdout
