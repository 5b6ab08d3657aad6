"""How many paths there are, and how few products replace them."""

from itertools import pairwise
from math import prod

layer_sizes = [784, 16, 16, 10]

count = prod(layer_sizes)
products = sum(n_in * n_out for n_in, n_out in pairwise(layer_sizes))

print(f"paths            {count:10,d}")
print(f"weights          {products:10,d}")
print(f"paths per weight {count / products:10.0f}")
