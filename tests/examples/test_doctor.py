"""The doctor names the mistake in the patient."""

import runpy


def test_the_doctor_finds_the_missing_slope_in_the_hidden_layer():
    report = runpy.run_path("docs/examples/doctor.py")["report"]
    assert not report.ok
    assert report.findings[0].slip.startswith("missing_activation_derivative")
