"""What experiments read from scikit-learn's files is what scikit-learn gives."""

from __future__ import annotations

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits

from docs.experiments import _data as data


def test_the_digits_are_those_of_scikit_learn():
    x, t = data.digits()
    theirs = load_digits()
    np.testing.assert_array_equal(16 * x, theirs.data)
    np.testing.assert_array_equal(t.argmax(axis=1), theirs.target)
    assert set(t.sum(axis=1)) == {1}


def test_the_tumours_are_those_of_scikit_learn():
    x, t = data.breast_cancer()
    theirs = load_breast_cancer()
    np.testing.assert_array_equal(x, theirs.data)
    np.testing.assert_array_equal(t[:, 0], theirs.target)
