"""The number of paths is the number one gets by walking them."""

import runpy
from itertools import pairwise, product


def test_the_count_of_paths_is_what_walking_finds():
    sizes = [3, 4, 2]
    walked = sum(1 for _ in product(*(range(size) for size in sizes)))
    assert walked == 24
    assert runpy.run_path("docs/examples/paths.py")["count"] == 784 * 16 * 16 * 10
    assert sum(a * b for a, b in pairwise(sizes)) == 20
