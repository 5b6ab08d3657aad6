"""The worked network in micrograd, one number at a time."""

from math import exp

from micrograd.engine import Value

W1 = [[Value(0.15), Value(0.20)], [Value(0.25), Value(0.30)]]
b1 = [Value(0.35), Value(0.35)]
W2, b2 = [[Value(0.40), Value(0.45)]], [Value(0.60)]
x, t = [0.5, 0.8], [1.0]


def sigmoid(z):
    """It is not among micrograd's operations, so this adds it."""
    a = 1 / (1 + exp(-z.data))
    out = Value(a, (z,), "sigmoid")

    def backward():
        z.grad += a * (1 - a) * out.grad  # += because a value may fork

    out._backward = backward
    return out


def neuron(weights, bias, inputs):
    products = [w * a for w, a in zip(weights, inputs, strict=True)]
    return sigmoid(sum(products, bias))


h = [neuron(W1[i], b1[i], x) for i in range(2)]
y = neuron(W2[0], b2[0], h)
L = (y - t[0]) ** 2 * 0.5
L.backward()

for name, matrix in {"W1": W1, "W2": W2}.items():
    print(name, [[w.grad for w in row] for row in matrix])
for name, biases in {"b1": b1, "b2": b2}.items():
    print(name, [b.grad for b in biases])
