"""ReLU where it has no slope, a maximum at a tie, and a dead neuron."""

from chainrule.scalar import Value, gradient, variables

# One step to the right, one to the left, and both at once.
h = 1e-6
from_right = (max(h, 0) - max(0, 0)) / h
from_left = (max(0, 0) - max(-h, 0)) / h
both_sides = (max(h, 0) - max(-h, 0)) / (2 * h)
print(f"right {from_right:g}, left {from_left:g}, both {both_sides:g}")

# The same maximum in two ways, at a tie.
p, q = variables(2.0, 2.0)
first_way = gradient(q + (p - q).relu(), [p, q])
second_way = gradient(p + (q - p).relu(), [p, q])
print(f"max at a tie: {first_way} or {second_way}")
claimed = [float(p.data >= q.data), float(q.data >= p.data)]
together = (max(2 + h, 2 + h) - max(2, 2)) / h  # move both inputs
print(f"by the formula: {claimed}, but both together: {together:.0f}")


# A neuron behind another one: y = a relu(w2 h + b2) + h, h = tanh(w1 x).
def unit(parameters: list[Value], x: float) -> tuple[Value, Value]:
    w1, w2, b2, a = parameters
    hidden = (w1 * x).tanh()
    z = w2 * hidden + b2
    return z, a * z.relu() + hidden


numbers, learning_rate = [1.0, -1.0, 0.5, 1.0], 0.1
examples = [(1.0, -0.9), (2.0, -0.95)]
alive, own_slopes = [], []
for _ in range(12):
    parameters = variables(*numbers)
    answers = [unit(parameters, x) for x, _ in examples]
    alive.append(sum(z.data > 0 for z, _ in answers))
    (_, y1), (_, y2) = answers
    (_, t1), (_, t2) = examples
    L = ((y1 - t1) ** 2 + (y2 - t2) ** 2) * 0.25  # half, and the mean
    slopes = gradient(L, parameters)
    own_slopes.append(slopes[1])
    numbers = [
        w - learning_rate * slope
        for w, slope in zip(numbers, slopes, strict=True)
    ]
print(f"examples for which the neuron is on, step by step: {alive}")
revived_after = next(k for k, count in enumerate(alive) if count)
