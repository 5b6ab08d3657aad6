"""Training steps against their peers, all on one thread."""

import os

for library in ("OMP", "OPENBLAS", "MKL", "VECLIB"):  # read once, when NumPy is imported
    os.environ[f"{library}_NUM_THREADS"] = "1"
