"""A neuron on the tape: product by product, and as one operation."""

from chainrule.neuron import weighted_sum
from chainrule.scalar import gradient, variables

weights = 30
numbers = [0.1 * (k % 7 - 3) for k in range(2 * weights + 1)]


def slopes(pre_activation) -> tuple[list[float], int]:
    """The slopes of tanh(z) in everything, and how many entries z took."""
    given = variables(*numbers)
    w, a, b = given[:weights], given[weights:-1], given[-1]
    z = pre_activation(w, a, b)
    return gradient(z.tanh(), given), z.place + 1 - len(given)


def product_by_product(w, a, b):
    for w_j, a_j in zip(w, a, strict=True):
        b = b + w_j * a_j
    return b


many, apart = slopes(product_by_product)
one, together = slopes(weighted_sum)
difference = max(abs(m - o) for m, o in zip(many, one, strict=True))
assert difference < 1e-15
print(f"product by product {apart} entries, as one operation {together}")
print(f"largest difference of the slopes {difference:.0e}")
