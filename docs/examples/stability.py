"""Cross-entropy as its formula stands, and as the reference computes it."""

import numpy as np

from chainrule.losses import binary_cross_entropy, softmax


def as_written(z: float, t: float) -> float:
    p = 1 / (1 + np.exp(-z))
    return -t * np.log(p) - (1 - t) * np.log(1 - p)


def in_the_reference(z: float, t: float) -> float:
    return binary_cross_entropy(np.array([[z]]), np.array([[t]])).item()


sure, far = 37.0, 1000.0  # 1 / (1 + exp(-37)) is 1 to the last digit
assert 1 / (1 + np.exp(-sure)) == 1


def compare() -> None:
    print("target 0      as written   in the reference")
    for z in (-far, -10.0, 10.0, sure, far):
        ours, plain = in_the_reference(z, 0.0), as_written(z, 0.0)
        print(f"z = {z:6.0f}   {plain:12.6g}   {ours:12.6g}")
    logits = far + np.arange(3)
    plain = np.exp(logits) / np.exp(logits).sum()
    print(f"softmax as written:       {plain}")
    print(f"softmax in the reference: {softmax(logits[None])[0].round(4)}")


with np.errstate(all="ignore"):  # the warnings are the point of the table
    compare()

loss_far = in_the_reference(far, 0.0)
largest_exponent = np.log(np.finfo(float).max).item()
