"""What `make bench` found when it was last run: medians; nan if nothing."""

from math import nan
from typing import Any

from docs.measured import measured

results = measured("benchmarks/results.json")
NETWORKS = [
    "paper", "digits", "middle", "deep", "wide", "squares",
    "digits_double", "middle_double", "deep_double", "wide_double",
]  # fmt: skip
NAMES = [
    "taught", "tuned", "tuned_scipy", "bare", "pytorch",
    "pytorch_compiled", "pytorch_products", "jax", "autograd",
    "scikit_learn", "micrograd",
]  # fmt: skip
CALLS = [
    "python_product", "numpy_product", "numpy_dot_out", "numpy_sum",
    "numpy_tanh", "numpy_column_sum",
    "pytorch_product", "pytorch_sum", "pytorch_followed",
]  # fmt: skip
PEERS = ["torch", "jax", "autograd", "scikit-learn", "micrograd", "scipy"]


def at(*path: str | int) -> Any:
    """What was found there."""
    found = results
    for step in path:
        try:
            found = found[step]
        except (KeyError, IndexError):
            return nan
    return found


def by_network(*path: str | int) -> dict[str, dict[str, Any]]:
    """What was found at this path, by network and contender."""
    return {
        network: {
            name: at("steps", "found", network, "times", name, *path)
            for name in NAMES
        }
        for network in NETWORKS
    }


us, over_bare = by_network("us", 1), by_network("of_bare", 1)
speed = {
    network: {name: 1 / ratio for name, ratio in ratios.items()}
    for network, ratios in by_network("of_pytorch", 1).items()
}
level = {  # if PyTorch's products took no longer than NumPy's
    network: (of["pytorch"] - of["pytorch_products"] + of["bare"])
    / of["taught"]
    for network, of in us.items()
}
call = {name: at("calls", "found", "nanoseconds", name) for name in CALLS}
whole = {
    name: {
        "seconds": at("processes", "found", "times", name, "seconds", 1),
        "of_taught": at(
            "processes", "found", "times", name, "of_taught", 1
        ),
    }
    for name in NAMES
}
tape = {
    network: {
        kind: {
            "speed": 1 / at(*path, kind, "of_micrograd", 1),
            "memory": at(*path, kind, "peak_of_micrograd"),
        }
        for kind in ("taught", "neuron")
    }
    for network in ("small", "larger")
    for path in [("scalars", "found", network, "times")]
}
cold = [
    at("build", "found", "cold", times, "processor")
    for times in ("1", "2", "4")
]
again = {
    kind: at("build", "found", name, "clock")
    for kind, name in {
        "warm": "warm",
        "page": "edited page",
        "source": "edited source",
    }.items()
}
chapters = at("build", "found", "chapters")
chapter = (cold[2] - cold[0]) / (
    3 * chapters
)  # without what every build costs
ways = {
    name: {
        kind: {
            unit: at("build", "found", "ways", way, kind, unit)
            for unit in ("seconds", "of_woven")
        }
        for kind in ("clock", "processor")
    }
    for name, way in {
        "woven": "woven",
        "mkdocs_jupyter": "mkdocs-jupyter",
        "jupyter_book": "jupyter-book",
    }.items()
}
book = {
    name: at("build", "found", "whole", name, "clock")
    for name in ("ours", "material")
}
step_calls = {
    kind: {
        unit: at("calls", "found", "tuned_step", kind, unit)
        for unit in ("calls", "us")
    }
    for kind in ("products", "update", "others")
}
update_kilobytes = (
    at("calls", "found", "tuned_step", "update", "bytes") / 1000
)
compared = at("build", "found", "ways", "chapters")
only_here = {
    what: at("build", "found", "ways", "only_here", what)
    for what in ("formulas", "setting", "compressing")
}
about = at("steps", "about")
version = {
    package.replace("-", "_"): at("steps", "about", "versions", package)
    for package in PEERS
}
settings = [f"{k}={v}" for k, v in about["left_out"].items()]
left_out = ", ".join(settings) or "nothing"
for network in NETWORKS[:5]:
    mine, ratio = us[network]["taught"], speed[network]["taught"]
    print(f"{network:8}{mine:8.1f} us, {ratio:5.1f} times PyTorch's speed")
