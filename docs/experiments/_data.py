"""The data sets of scikit-learn, read from its own files.

Importing scikit-learn takes longer than most of the experiments do.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from chainrule.activations import Array

DIGITS, BREAST_CANCER = "digits.csv.gz", "breast_cancer.csv"


def digits() -> tuple[Array, Array]:
    """1797 handwritten digits, 64 pixels from 0 to 1 each, and classes as rows with a one."""
    table = _table(DIGITS)
    return table[:, :-1] / 16, np.eye(10)[table[:, -1].astype(int)]


def breast_cancer() -> tuple[Array, Array]:
    """569 tumours, 30 measurements each, and a column of 0 and 1."""
    table = _table(BREAST_CANCER, skiprows=1)  # which says how many there are
    return table[:, :-1], table[:, -1:]


def _table(name: str, skiprows: int = 0) -> Array:
    package = find_spec("sklearn")
    assert package
    assert package.origin
    file = Path(package.origin).parent / "datasets/data" / name
    return np.loadtxt(file, delimiter=",", skiprows=skiprows)
