"""The worked network in JAX. A function goes in, its gradient comes out."""

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)  # the default is single precision
parameters = {
    "W1": jnp.array([[0.15, 0.20], [0.25, 0.30]]),
    "b1": jnp.array([0.35, 0.35]),
    "W2": jnp.array([[0.40, 0.45]]),
    "b2": jnp.array([0.60]),
}
x, t = jnp.array([0.5, 0.8]), jnp.array([1.0])


def loss(p, x, t):
    h = jax.nn.sigmoid(p["W1"] @ x + p["b1"])
    y = jax.nn.sigmoid(p["W2"] @ h + p["b2"])
    return 0.5 * ((y - t) ** 2).sum()


gradients = jax.grad(loss)(parameters, x, t)
for name, slope in gradients.items():
    print(name, slope.tolist())
