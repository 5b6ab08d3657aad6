"""The output neuron of the worked network, differentiated on a tape."""

from chainrule.scalar import gradient, variables

h1, h2, w31, w32, b3 = variables(0.642217, 0.671505, 0.40, 0.45, 0.60)
y = (w31 * h1 + w32 * h2 + b3).sigmoid()
L = (y - 1.0) ** 2 * 0.5

slopes = gradient(L, [w31, w32, b3, h1, h2])
for name, slope in zip(
    ["w31", "w32", "b3", "h1", "h2"], slopes, strict=True
):
    print(f"dL/d{name:4} {slope:9.6f}")

# A value used three times: its gradients add. f = a·a + a has slope 2a + 1.
(a,) = variables(3.0)
f = a * a + a
print(f"fork: {gradient(f, [a])[0]:.0f}")
print(f"once more: {gradient(f, [a])[0]:.0f}")
