"""A classic mistake put into an exercise, and what the exercise prints."""

from chainrule.exercises import check
from chainrule.network import Affine


def backward(network, tape, dL_da):
    gradients = []
    for layer, record in zip(
        reversed(network), reversed(tape), strict=True
    ):
        delta = dL_da * record.a  # filled in, and not right
        gradients.append(
            Affine(W=delta.T @ record.a_in, b=delta.sum(axis=0))
        )
        if record is not tape[0]:
            dL_da = delta @ layer.affine.W
    return gradients[::-1]


verdict = check("error", backward)
print(verdict)
