"""The catalogue of slips: the mistakes that people make in backpropagation, each told once.

A slip is the reference with one thing changed. Its `edits` say which: a function, an
expression that stands in it exactly once, and what is written there by mistake. There is
no second copy of the algorithm here, so a slip can never drift away from it.

The order is that of the algorithm: forward, loss, error, gradients, batch, update,
training, and then the tools around it. `slips` makes the edits and runs the result.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

Where = Literal["all", "hidden", "output"]


@dataclass(frozen=True)
class Edit:
    """One expression of one function of the reference, right and wrong.

    `function` is its dotted name within the package, as in "network.backward". The wrong
    expression may use whatever the function can see, and besides it `np`, `learning_rate`
    and `memory`, a dictionary that outlives the call.
    """

    function: str
    right: str
    wrong: str

    @property
    def right_line(self) -> str:
        """The line of the reference in which the expression stands."""
        (line,) = (line for line in source(self.function).splitlines() if self.right in line)
        return line.strip()

    @property
    def wrong_line(self) -> str:
        """The same line with the mistake in it."""
        return self.right_line.replace(self.right, self.wrong)


@dataclass(frozen=True)
class Seen:
    """Somebody who printed it, and where."""

    who: str
    url: str


@dataclass(frozen=True, eq=False)
class Slip:
    """One classic mistake.

    `edits` holds the same slip in each function where it can be made: a network with one
    loss meets only one of them. `where` is the widest set of layers it can be made in.
    `codes` are its numbers in the book's table of misconceptions. A slip of kind
    "convention", made wherever it can be, only multiplies everything by one factor or
    transposes everything: it is wrong against what was announced, not in itself.
    """

    id: str
    statement: str
    why: str
    symptom: str
    edits: tuple[Edit, ...]
    where: Where = "all"
    codes: tuple[str, ...] = ()
    seen: tuple[Seen, ...] = ()
    kind: Literal["slip", "convention"] = "slip"

    @property
    def right(self) -> str:
        return self.edits[0].right_line

    @property
    def wrong(self) -> str:
        return self.edits[0].wrong_line

    @property
    def changes(self) -> frozenset[str]:
        """What comes out different: forward, loss, gradient, update, training, check, start."""
        return frozenset(part_of(edit.function) for edit in self.edits)

    @property
    def is_factor(self) -> bool:
        """True if all it does is to multiply the whole gradient by one number."""
        return self.kind == "convention" and self.where == "output"

    @property
    def by_layer(self) -> bool:
        """True if it can be made in some layers and not in others."""
        return self.where == "all" and any(
            edit.function.startswith(("network.", "activations.", "optimizers."))
            for edit in self.edits
        )

    @property
    def needs_learning_rate(self) -> bool:
        """True when the mistake lets the step leak into the gradient."""
        return any("learning_rate" in edit.wrong for edit in self.edits) and (
            "gradient" in self.changes
        )


PARTS = {
    "network.forward": "forward",
    "network.backward": "gradient",
    "training.gradients": "gradient",
    "optimizers.sgd": "update",
    "training.train": "training",
    "gradient_check.central_difference": "check",
    "initializers.he": "start",
    "scalar.gradient": "engine",
}


def part_of(function: str) -> str:
    """The part of the algorithm that a function of the reference does."""
    if function.startswith(("activations.", "losses.")):
        return "gradient" if function.endswith("_slope") else "loss"
    return PARTS[function]


@cache
def find(function: str) -> Callable[..., Any]:
    """The function of the reference with this dotted name."""
    module, name = function.split(".")
    return getattr(importlib.import_module(f"{__package__}.{module}"), name)


def source(function: str) -> str:
    """The source text of the function of the reference with this dotted name."""
    return inspect.getsource(find(function))


EIGENVUE = "https://github.com/eigenvue/eigenvue/blob/3a9ac153da7d4aec3ff58871b960cdfbd97cc94c"
LYNCH = (
    "https://github.com/proflynch/CRC-Press/blob/f1af1dc6410141f1490fef88206da0d22fcd5ff9/"
    "Anaconda%20Files/Program_17c.py"
)

SLOPE = "layer.activation.df(record.z, record.a)"
DELTA = f"dL_da * {SLOPE}"
DW = "delta.T.dot(record.a_in)"
DB = "delta.sum(axis=0)"
PASSED_DOWN = "delta.dot(layer.affine.W)"
Z = "a_in.dot(layer.affine.W.T) + layer.affine.b"
LOSS_GRADIENT = "loss.gradient(tape[-1].a, t, reduction=reduction)"
SOFTMAX_ERROR = "softmax(logits) * t.sum(axis=1, keepdims=True) - t"


def backward(right: str, wrong: str) -> tuple[Edit, ...]:
    return (Edit("network.backward", right, wrong),)


FORWARD = [
    Slip(
        "bias_not_added",
        "The bias is left out of the pre-activation.",
        "In a sketch of the matrix product the small + b disappears.",
        "Invisible as long as every bias is zero, as it is right after initialisation.",
        (Edit("network.forward", Z, "a_in.dot(layer.affine.W.T)"),),
    ),
    Slip(
        "weights_transposed_forward",
        "The forward pass multiplies by W where Wᵀ is meant.",
        "One example reads W a, a batch of rows reads A Wᵀ; the two are mixed.",
        "A shape error between layers of different widths; no error at all between equal ones.",
        (Edit("network.forward", "layer.affine.W.T", "layer.affine.W"),),
    ),
    Slip(
        "activation_not_applied",
        "The pre-activation is passed on as if it were the activation.",
        "z and a have the same shape, and a loop that forgets f still runs.",
        "The network becomes linear in this layer; the gradient is off in every layer.",
        (Edit("network.forward", "layer.activation.f(z)", "z"),),
    ),
]

LOSS = [
    Slip(
        "half_forgotten",
        "The half of the half squared error is forgotten.",
        "Half squared error and squared error are both called mean squared error in print.",
        "Loss and gradient are exactly twice what was announced.",
        (
            Edit("losses.half_squared_error_slope", "y - t", "2 * (y - t)"),
            Edit("losses.half_squared_error", "0.5 * ((y - t) ** 2)", "((y - t) ** 2)"),
        ),
        where="output",
        codes=("M5",),
        kind="convention",
    ),
    Slip(
        "two_forgotten",
        "The 2 that comes down from the square is forgotten.",
        "With a half in front it cancels, and most derivations put a half in front.",
        "The gradient is exactly half of what was announced; the loss is right.",
        (
            Edit("losses.squared_error_slope", "2 * (y - t)", "(y - t)"),
            Edit("losses.mean_squared_error_slope", "2 * (y - t)", "(y - t)"),
        ),
        where="output",
        codes=("M5",),
        kind="convention",
    ),
    Slip(
        "mean_over_outputs",
        "The loss of one example is averaged over its outputs where a sum was announced.",
        "A call to mean() averages over everything it is given, outputs as well as examples.",
        "Loss and gradient are divided by the number of outputs; with one output nothing shows.",
        (
            Edit("losses.half_squared_error_slope", "y - t", "(y - t) / y.shape[1]"),
            Edit("losses.half_squared_error", "sum(axis=1)", "mean(axis=1)"),
            Edit("losses.squared_error_slope", "y - t", "(y - t) / y.shape[1]"),
            Edit("losses.squared_error", "sum(axis=1)", "mean(axis=1)"),
            Edit(
                "losses.binary_cross_entropy_slope",
                "sigmoid(logits) - t",
                "(sigmoid(logits) - t) / t.shape[1]",
            ),
            Edit("losses.binary_cross_entropy", "sum(axis=1)", "mean(axis=1)"),
        ),
        where="output",
        kind="convention",
    ),
    Slip(
        "sum_over_outputs",
        "The loss of one example is summed over its outputs where a mean was announced.",
        "The sum over outputs is the habit of textbooks, the mean that of libraries.",
        "Loss and gradient are multiplied by the number of outputs; with one output nothing shows.",
        (
            Edit("losses.mean_squared_error_slope", "2 * (y - t) / y.shape[1]", "2 * (y - t)"),
            Edit("losses.mean_squared_error", "mean(axis=1)", "sum(axis=1)"),
        ),
        where="output",
        kind="convention",
    ),
    Slip(
        "common_logarithm",
        "The cross-entropy is taken with log₁₀ instead of ln.",
        "On a pocket calculator the key called log is log₁₀.",
        "The loss is too small by the factor 2.3026; the gradient is right.",
        (
            Edit("losses.binary_cross_entropy", ".sum(axis=1)", ".sum(axis=1) / np.log(10)"),
            Edit("losses.softmax_cross_entropy", ".sum(axis=1)", ".sum(axis=1) / np.log(10)"),
        ),
        where="output",
        codes=("M18",),
    ),
    Slip(
        "binary_logarithm",
        "The cross-entropy is taken with log₂ instead of ln.",
        "Information is counted in bits, and cross-entropy comes from information theory.",
        "The loss is too large by the factor 1.4427; the gradient is right.",
        (
            Edit("losses.binary_cross_entropy", ".sum(axis=1)", ".sum(axis=1) / np.log(2)"),
            Edit("losses.softmax_cross_entropy", ".sum(axis=1)", ".sum(axis=1) / np.log(2)"),
        ),
        where="output",
        codes=("M18",),
    ),
]

OUTPUT_ERROR = [
    Slip(
        "reversed_error",
        "The error is taken as t − y instead of y − t.",
        "Target minus output is the older habit; it belongs with an update that adds.",
        "Every gradient has the right size and the wrong sign, and training climbs the loss.",
        (
            Edit("losses.half_squared_error_slope", "y - t", "t - y"),
            Edit("losses.squared_error_slope", "y - t", "t - y"),
            Edit("losses.mean_squared_error_slope", "y - t", "t - y"),
            Edit("losses.binary_cross_entropy_slope", "sigmoid(logits) - t", "t - sigmoid(logits)"),
            Edit("losses.softmax_cross_entropy_slope", SOFTMAX_ERROR, "t - softmax(logits)"),
        ),
        where="output",
        codes=("M4",),
        seen=(
            Seen(
                "Lynch, Python for Scientific Computing and AI, Program_17c.py",
                LYNCH,
            ),
        ),
    ),
    Slip(
        "loss_for_its_slope",
        "The loss itself is passed back instead of its slope.",
        "The word error is used for the loss and for what starts the backward pass.",
        "The sign of y − t is lost, so half of the examples push the wrong way.",
        (
            Edit("losses.half_squared_error_slope", "y - t", "0.5 * (y - t) ** 2"),
            Edit("losses.squared_error_slope", "2 * (y - t)", "(y - t) ** 2"),
            Edit("losses.mean_squared_error_slope", "2 * (y - t)", "(y - t) ** 2"),
        ),
        where="output",
    ),
    Slip(
        "sign_for_slope",
        "Only the sign of y − t is passed back: the slope of the absolute error.",
        "Absolute and squared error are named in one breath.",
        "The gradient does not shrink near the target, and the loss ends in a zigzag.",
        (
            Edit("losses.half_squared_error_slope", "y - t", "np.sign(y - t)"),
            Edit("losses.squared_error_slope", "2 * (y - t)", "np.sign(y - t)"),
            Edit("losses.mean_squared_error_slope", "2 * (y - t)", "np.sign(y - t)"),
        ),
        where="output",
    ),
    Slip(
        "target_not_subtracted",
        "The probability p is passed back instead of p − t.",
        "The formula is remembered as “softmax is its own derivative”.",
        "All outputs are pushed down, the true one too; the loss rises.",
        (
            Edit("losses.softmax_cross_entropy_slope", SOFTMAX_ERROR, "softmax(logits)"),
            Edit("losses.binary_cross_entropy_slope", "sigmoid(logits) - t", "sigmoid(logits)"),
        ),
        where="output",
        codes=("M17",),
    ),
    Slip(
        "softmax_elementwise",
        "Softmax is differentiated as if it worked element by element.",
        "Every other activation does, and the rule δ = ∂L/∂a ⊙ f′(z) is learned with those.",
        "Only the true class gets an error; it should reach every class.",
        (Edit("losses.softmax_cross_entropy_slope", SOFTMAX_ERROR, "t * (softmax(logits) - 1)"),),
        where="output",
        codes=("M16",),
    ),
    Slip(
        "extra_slope_after_cross_entropy",
        "The slope p(1 − p) is multiplied in although p − t already contains it.",
        "With squared error the factor belongs there, and the habit stays.",
        "Learning stalls when the output is confidently wrong, which cross-entropy was to prevent.",
        (
            Edit(
                "losses.binary_cross_entropy_slope",
                "sigmoid(logits) - t",
                "(sigmoid(logits) - t) * sigmoid(logits) * (1 - sigmoid(logits))",
            ),
            Edit(
                "losses.softmax_cross_entropy_slope",
                SOFTMAX_ERROR,
                "(softmax(logits) - t) * softmax(logits) * (1 - softmax(logits))",
            ),
        ),
        where="output",
        codes=("M19",),
    ),
    Slip(
        "slope_in_probability",
        "The loss is differentiated with respect to p and the step from p to z is forgotten.",
        "∂L/∂p is what a table of losses gives; delta is ∂L/∂z.",
        "The error is huge where p is near 0 or 1.",
        (
            Edit(
                "losses.binary_cross_entropy_slope",
                "sigmoid(logits) - t",
                "(sigmoid(logits) - t) / (sigmoid(logits) * (1 - sigmoid(logits)))",
            ),
            Edit("losses.softmax_cross_entropy_slope", SOFTMAX_ERROR, "-t / softmax(logits)"),
        ),
        where="output",
        codes=("M2",),
    ),
    Slip(
        "softmax_over_batch",
        "Softmax is normalised over the examples of the batch instead of over the classes.",
        "axis=0 and axis=1 both run, and with one example a row the classes are axis 1.",
        "The probabilities of one example do not sum to 1.",
        (Edit("losses.softmax_cross_entropy_slope", "softmax(logits)", "softmax(logits.T).T"),),
        where="output",
        seen=(
            Seen(
                "NRI, my_softmax (asked in issue 25)",
                "https://github.com/ethanfetaya/NRI/issues/25",
            ),
        ),
    ),
    Slip(
        "softmax_over_everything",
        "Softmax is normalised over the whole batch at once: a sum without an axis.",
        "e / e.sum() is right for one example, and runs just as well for a batch.",
        "The probabilities of all examples together sum to 1, those of one do not.",
        (
            Edit(
                "losses.softmax_cross_entropy_slope",
                "softmax(logits)",
                "softmax(logits.reshape(1, -1)).reshape(logits.shape)",
            ),
        ),
        where="output",
        seen=(
            Seen("ND4J (reported in issue 44)", "https://github.com/deeplearning4j/nd4j/issues/44"),
        ),
    ),
]

ERROR = [
    Slip(
        "missing_activation_derivative",
        "The slope f′(z) is left out of the error.",
        "∂L/∂a and ∂L/∂z are both called the error, and the step between them is lost.",
        "The right signs, so the loss still falls; every gradient below is too large.",
        backward(DELTA, "dL_da"),
        codes=("M1", "M2"),
        seen=(
            Seen(
                "Eigenvue, page “Backpropagation”, pseudocode (output layer)",
                f"{EIGENVUE}/docs/src/content/docs/algorithms/backpropagation.mdx",
            ),
            Seen(
                "Trask, Grokking Deep Learning, chapter 11 (reported in issue 50)",
                "https://github.com/iamtrask/Grokking-Deep-Learning/issues/50",
            ),
        ),
    ),
    Slip(
        "slope_of_layer_above",
        "The slope is taken at the layer above instead of at this one.",
        "An index off by one: z[layer] when the list starts with the first hidden layer.",
        "A shape error unless the two layers are equally wide or the upper one has one neuron.",
        backward(SLOPE, "layer.activation.df(tape[-len(gradients)].z, tape[-len(gradients)].a)"),
        where="hidden",
        codes=("M23",),
        seen=(
            Seen(
                "Eigenvue, page “Backpropagation”, pseudocode (hidden layers)",
                f"{EIGENVUE}/docs/src/content/docs/algorithms/backpropagation.mdx",
            ),
        ),
    ),
    Slip(
        "slope_twice",
        "The slope f′(z) is multiplied in twice.",
        "Once in a helper that returns delta, once more in the loop that calls it.",
        "The gradient shrinks faster with depth than it should.",
        backward(DELTA, f"{DELTA} * {SLOPE}"),
    ),
    Slip(
        "slope_for_error",
        "The error is the slope alone; what comes from above is lost.",
        "The slope is assigned to delta where it should be multiplied in: = for *=.",
        "The gradient does not know the target, and never becomes zero.",
        backward(DELTA, SLOPE),
        seen=(
            Seen(
                "Smile, ReLU layer (reported in issue 528)",
                "https://github.com/haifengl/smile/issues/528",
            ),
        ),
    ),
    Slip(
        "slope_added",
        "The slope is added to what comes from above instead of multiplied with it.",
        "Changes add up along a sum; along a chain they multiply.",
        "The error does not vanish when the one from above does.",
        backward(DELTA, f"dL_da + {SLOPE}"),
        codes=("M27",),
    ),
    Slip(
        "activation_for_slope",
        "The activation is used where its slope belongs: σ(z) for σ′(z).",
        "The call to the derivative is one letter away from the call to the function.",
        "Saturated neurons get the largest error instead of the smallest.",
        backward(SLOPE, "record.a"),
        codes=("M8",),
    ),
    Slip(
        "slope_at_activation",
        "The slope is taken at a instead of at z.",
        "The function sigmoid_prime(z) is handed a, which already went through the sigmoid.",
        "Nothing shows with ReLU; with a sigmoid the slope hardly varies.",
        backward(SLOPE, "layer.activation.df(record.a, layer.activation.f(record.a))"),
        seen=(
            Seen(
                "neural2d (reported in issue 40)",
                "https://github.com/davidrmiller/neural2d/issues/40",
            ),
        ),
    ),
    Slip(
        "slope_formula_on_z",
        "The formula a(1 − a) is fed with z.",
        "sigmoid_derivative(x) returns x (1 − x), which is right only if x is the activation.",
        "Slopes that are negative or large; for a sigmoid they lie between 0 and ¼.",
        (
            Edit("activations.sigmoid_slope", "a * (1 - a)", "z * (1 - z)"),
            Edit("activations.tanh_slope", "1 - a * a", "1 - z * z"),
        ),
        codes=("M7",),
        seen=(
            Seen(
                "Apache Horn, tanh (found in review of pull request 4)",
                "https://github.com/apache/incubator-retired-horn/pull/4",
            ),
        ),
    ),
    Slip(
        "slope_not_squared",
        "The slope of tanh is taken as 1 − a instead of 1 − a².",
        "The square is small print, and both vanish at a = 1.",
        "At a = −1 the slope is 2 where it should be 0.",
        (Edit("activations.tanh_slope", "1 - a * a", "1 - a"),),
        codes=("M22",),
    ),
    Slip(
        "other_squashing_slope",
        "The slopes of sigmoid and tanh are exchanged: a(1 − a) for tanh, 1 − a² for a sigmoid.",
        "One was replaced by the other in the forward pass only.",
        "With tanh and negative activations the slope turns negative.",
        (
            Edit("activations.tanh_slope", "1 - a * a", "a * (1 - a)"),
            Edit("activations.sigmoid_slope", "a * (1 - a)", "1 - a * a"),
        ),
    ),
    Slip(
        "relu_slope_z",
        "The slope of ReLU is taken as z instead of 1.",
        "ReLU passes z on, and “passes on” is applied to the slope as well.",
        "Neurons below zero still learn, and with the wrong sign.",
        (Edit("activations.relu_slope", "(z > 0).astype(z.dtype)", "z"),),
        codes=("M20",),
    ),
    Slip(
        "relu_slope_one",
        "The slope of ReLU is taken as 1 everywhere.",
        "ReLU is remembered as the activation whose slope is one.",
        "Neurons that are off receive an error although they did not take part.",
        (Edit("activations.relu_slope", "(z > 0).astype(z.dtype)", "np.ones_like(z)"),),
        codes=("M21",),
    ),
    Slip(
        "leak_forgotten",
        "The slope of leaky ReLU is set to 0 below zero.",
        "The mask z > 0 is copied from plain ReLU.",
        "The error is small: the leak is one hundredth.",
        (
            Edit(
                "activations.leaky_relu_slope",
                "LEAK + (1 - LEAK) * np.heaviside(z, 0)",
                "np.heaviside(z, 0)",
            ),
        ),
    ),
    Slip(
        "error_masked_by_its_sign",
        "ReLU's mask is applied to the sign of the error instead of the sign of z.",
        "relu() is called once more on the way back, now on what comes from above.",
        "Only positive errors get through, so the weights drift in one direction.",
        backward(DELTA, "dL_da * (dL_da > 0)"),
    ),
    Slip(
        "product_rule_forgotten",
        "The slope of GELU forgets that z stands in both factors.",
        "z Φ(z) is differentiated as if Φ were a constant.",
        "The slope is right far from zero and wrong around it.",
        (
            Edit(
                "activations.gelu_tanh_slope",
                "0.5 * (1 + gate) + 0.5 * z * gate_slope",
                "0.5 * (1 + gate)",
            ),
        ),
    ),
]

GRADIENTS = [
    Slip(
        "dropped_input",
        "The weight gradient leaves out the input: dW = δ instead of δ aᵀ.",
        "For a bias the gradient is δ; the same is written for the weight.",
        "All weights of a neuron get the same gradient.",
        backward(DW, "delta.T.dot(np.ones_like(record.a_in))"),
        codes=("M6",),
    ),
    Slip(
        "pre_activation_as_input",
        "The weight gradient uses z of the layer below instead of its activation.",
        "Both are kept, both have the right shape.",
        "The first layer is right, since its input is x; all others are wrong.",
        (Edit("network.forward", "Record(a_in, z, a)", "Record(tape[-1].z if tape else x, z, a)"),),
    ),
    Slip(
        "own_output_as_input",
        "The weight gradient uses the layer's own activation instead of its input.",
        "An index off by one in the list of activations.",
        "A shape error unless the layer is as wide as its input.",
        backward("record.a_in", "record.a"),
    ),
    Slip(
        "transposed_gradient",
        "The weight gradient comes out transposed: a δᵀ instead of δ aᵀ.",
        "The outer product is written in the order in which the forward pass meets the two.",
        "A wrong shape, unless the layer is square: then nothing complains.",
        backward(DW, "record.a_in.T.dot(delta)"),
        codes=("M26",),
        kind="convention",
    ),
    Slip(
        "bias_gradient_forgotten",
        "The bias gets no gradient.",
        "Update rules are written for the weights, and the biases are to follow “in the same way”.",
        "Training works, only worse: the biases stay where they started.",
        backward(DB, "np.zeros_like(layer.affine.b)"),
    ),
    Slip(
        "bias_times_activation",
        "The bias gradient is multiplied by the neuron's activation.",
        "The weight gradient has a factor a, so the bias is given one too.",
        "The bias gradients are too small, by a different factor in every neuron.",
        backward(DB, "(delta * record.a).sum(axis=0)"),
        codes=("M14",),
    ),
    Slip(
        "bias_times_input",
        "The bias gradient is multiplied by the neuron's input.",
        "A bias is a weight whose input is always 1; here it is given the neighbour's input.",
        "Right where the input is 1, and a shape error where it has several components.",
        backward(DB, "(delta * record.a_in).sum(axis=0)"),
        codes=("M14",),
    ),
    Slip(
        "dropped_weight",
        "The error is passed down without the weights.",
        "Every neuron is given the sum of the errors above, as if all connections were equal.",
        "All neurons of a layer receive the same ∂L/∂a.",
        backward(PASSED_DOWN, "delta.sum(axis=1, keepdims=True)"),
        codes=("M3",),
    ),
    Slip(
        "transposed_weights",
        "The error is passed down through W where Wᵀ is meant, or the other way round.",
        "The forward pass uses one of the two, and it is copied.",
        "A shape error between layers of different widths; no error at all between equal ones.",
        backward(PASSED_DOWN, "delta.dot(layer.affine.W.T)"),
        codes=("M13",),
        seen=(
            Seen(
                "CS231n notes, “always exactly one way … so that the dimensions work out”",
                "https://cs231n.github.io/optimization-2/",
            ),
        ),
    ),
    Slip(
        "updated_weights",
        "The error is passed down through weights that were already updated.",
        "The update stands inside the backward loop, one line too early.",
        "The last layer is right; below it the error grows with the learning rate.",
        backward(PASSED_DOWN, "delta.dot(layer.affine.W - learning_rate * gradients[-1].W)"),
        codes=("M10",),
        seen=(
            Seen(
                "Mazur, A Step by Step Backpropagation Example (the loss after one step)",
                "https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/",
            ),
            Seen(
                "Eigenvue, NumPy sample of the page “Backpropagation”",
                f"{EIGENVUE}/algorithms/deep-learning/backpropagation/meta.json",
            ),
            Seen(
                "Grus, Data Science from Scratch (asked in issue 31)",
                "https://github.com/joelgrus/data-science-from-scratch/issues/31",
            ),
            Seen(
                "The Coding Train, Toy Neural Network (reported in issue 72)",
                "https://github.com/CodingTrain/Toy-Neural-Network-JS/issues/72",
            ),
        ),
    ),
    Slip(
        "error_above_the_slope",
        "What is passed down is ∂L/∂a of this layer, not its error delta.",
        "The slope is multiplied into the gradient of this layer and then forgotten for the next.",
        "This layer is right; all below it lack one factor f′(z).",
        backward(PASSED_DOWN, "dL_da.dot(layer.affine.W)"),
        codes=("M1",),
    ),
    Slip(
        "one_path_only",
        "Only the path through the first neuron above is counted.",
        "“Multiply along the path” is taken literally; there are as many paths as neurons above.",
        "Right as long as the layer above has one neuron, as in a 2-2-1 network.",
        backward(PASSED_DOWN, "delta[:, :1].dot(layer.affine.W[:1])"),
        codes=("M9",),
    ),
    Slip(
        "overwritten_at_fork",
        "Where a value is used twice, the second gradient overwrites the first: = for +=.",
        "Assignment is what one writes for a variable that has no value yet.",
        "Right as long as nothing is used twice; only the last path remains.",
        (
            Edit("network.backward", PASSED_DOWN, "delta[:, -1:].dot(layer.affine.W[-1:])"),
            Edit(
                "scalar.gradient",
                "slopes[earlier] += slope * above",
                "slopes[earlier] = slope * above",
            ),
        ),
        codes=("M9", "M24"),
        seen=(
            Seen(
                "Karpathy, micrograd lecture (corrected in the notebook)",
                "https://github.com/karpathy/nn-zero-to-hero/blob/master/lectures/micrograd/micrograd_lecture_second_half_roughly.ipynb",
            ),
        ),
    ),
    Slip(
        "gradients_out_of_order",
        "The gradients are returned last layer first.",
        "The backward pass meets the last layer first, and the list is not turned round.",
        "A shape error in the update, unless the layers have the same shape.",
        backward("gradients[::-1]", "gradients"),
    ),
]

BATCH = [
    Slip(
        "sum_for_mean",
        "The batch is summed where a mean was announced.",
        "δᵀ A sums over the examples by itself; the 1/B must be put in by hand.",
        "Every gradient is exactly B times too large, like a learning rate that grows with B.",
        (Edit("training.gradients", LOSS_GRADIENT, "loss.df(tape[-1].a, t)"),),
        where="output",
        codes=("M15",),
        kind="convention",
        seen=(
            Seen(
                "Kim, Deep Learning Zero to All, lab 9 (noted in issue 173)",
                "https://github.com/hunkim/DeepLearningZeroToAll/issues/173",
            ),
        ),
    ),
    Slip(
        "mean_for_sum",
        "The batch is averaged once more than announced.",
        "The 1/B is put into the loss and again into the gradient, or into a sum.",
        "Every gradient is exactly B times too small.",
        (Edit("training.gradients", LOSS_GRADIENT, f"{LOSS_GRADIENT} / len(t)"),),
        where="output",
        kind="convention",
    ),
    Slip(
        "bias_mean_for_sum",
        "The bias gradient is averaged over the batch while the weight gradient is summed.",
        "A mean of rows looks tidy, and the matrix product hides that the weights are summed.",
        "Nothing shows with one example; with B the biases learn B times too slowly.",
        backward(DB, "delta.mean(axis=0)"),
        seen=(
            Seen(
                "Frans, notes on backpropagation (reported in issue 5)",
                "https://github.com/kvfrans/notes/issues/5",
            ),
        ),
    ),
    Slip(
        "bias_sum_for_mean",
        "The bias gradient lacks the 1/B that the weight gradient has.",
        "The weights are divided by B in their own line, and the biases forgotten.",
        "Nothing shows with one example; with B the biases learn B times too fast.",
        backward(DB, "delta.sum(axis=0) * len(delta)"),
    ),
    Slip(
        "weights_mean_for_sum",
        "The weight gradient is averaged over the batch while the bias gradient is not.",
        "A 1/B is put beside the matrix product although delta already carries it.",
        "Nothing shows with one example; with B the weights learn B times too slowly.",
        backward(DW, "delta.T.dot(record.a_in) / len(delta)"),
    ),
    Slip(
        "weights_sum_for_mean",
        "The weight gradient lacks the 1/B that the bias gradient has.",
        "delta.mean() divides the biases by B; the matrix product beside it only sums.",
        "Nothing shows with one example; with B the weights learn B times too fast.",
        backward(DW, "delta.T.dot(record.a_in) * len(delta)"),
    ),
    Slip(
        "only_last_example",
        "Only the last example of the batch counts.",
        "In a loop over examples the gradient is assigned, not added up.",
        "Nothing shows with one example; otherwise the order of the batch matters.",
        (
            Edit("network.backward", DW, "delta[-1:].T.dot(record.a_in[-1:])"),
            Edit("network.backward", DB, "delta[-1]"),
        ),
        codes=("M24",),
    ),
    Slip(
        "only_first_example",
        "Only the first example of the batch counts.",
        "A return stands inside the loop over the examples, one indentation too deep.",
        "Nothing shows with one example; otherwise the order of the batch matters.",
        (
            Edit("network.backward", DW, "delta[:1].T.dot(record.a_in[:1])"),
            Edit("network.backward", DB, "delta[0]"),
        ),
    ),
    Slip(
        "bias_of_last_example",
        "The bias gradient is that of the last example only.",
        "The weight gradient is added up over the examples, the bias gradient assigned.",
        "Nothing shows with one example.",
        backward(DB, "delta[-1]"),
    ),
    Slip(
        "sum_over_wrong_axis",
        "The bias gradient is summed over the neurons instead of over the examples.",
        "axis=0 and axis=1 are exchanged.",
        "B numbers where one for each neuron is wanted: a wrong shape, unless B happens to fit.",
        backward(DB, "delta.sum(axis=1)"),
    ),
    Slip(
        "bias_summed_over_units",
        "The bias gradient is summed over examples and neurons alike: sum() without an axis.",
        "With one neuron, or one example and one neuron, it is the same.",
        "One number that broadcasts silently onto all biases of the layer.",
        backward(DB, "delta.sum()"),
        seen=(
            Seen(
                "Raschka, course notebook on softmax regression (reported in issue 5)",
                "https://github.com/rasbt/stat453-deep-learning-ss21/issues/5",
            ),
        ),
    ),
    Slip(
        "product_of_means",
        "The weight gradient multiplies the total error with the mean input.",
        "The mean of a product is taken for the product of the means.",
        "Nothing shows with one example.",
        backward(DW, "np.outer(delta.sum(axis=0), record.a_in.mean(axis=0))"),
    ),
]

UPDATE = [
    Slip(
        "learning_rate_forgotten",
        "The whole gradient is subtracted, without the learning rate.",
        "The direction is right, so the step length is easily forgotten.",
        "The step is as long as if the learning rate were 1.",
        (
            Edit("optimizers.sgd", "learning_rate * gradient.W", "gradient.W"),
            Edit("optimizers.sgd", "learning_rate * gradient.b", "gradient.b"),
        ),
        codes=("M11",),
    ),
    Slip(
        "step_uphill",
        "The step is added instead of subtracted.",
        "The gradient points where the loss rises; the minus is all that makes it a descent.",
        "The loss rises at every step.",
        (
            Edit(
                "optimizers.sgd",
                "layer.affine.W - learning_rate * gradient.W",
                "layer.affine.W + learning_rate * gradient.W",
            ),
            Edit(
                "optimizers.sgd",
                "layer.affine.b - learning_rate * gradient.b",
                "layer.affine.b + learning_rate * gradient.b",
            ),
        ),
        codes=("M12",),
    ),
    Slip(
        "bias_not_updated",
        "The biases are never updated.",
        "The update is written for the weights only.",
        "The gradient is right and the gradient check passes; the loss falls more slowly.",
        (Edit("optimizers.sgd", "layer.affine.b - learning_rate * gradient.b", "layer.affine.b"),),
        seen=(
            Seen(
                "Mazur, simple-neural-network (asked for in issue 5)",
                "https://github.com/mattm/simple-neural-network/issues/5",
            ),
        ),
    ),
]

TRAINING = [
    Slip(
        "stale_cache",
        "The backward pass uses the activations of an earlier batch.",
        "The forward pass stores them on an object, and is not run again.",
        "The first call is right; the gradient then no longer follows the data.",
        (
            Edit(
                "training.gradients",
                "forward(network, x)",
                'memory.setdefault("tape", forward(network, x))',
            ),
        ),
    ),
    Slip(
        "accumulated_gradients",
        "The gradients of earlier calls are still in the sum.",
        "The lists are set to zero once, outside the function that adds to them.",
        "The first call is right, the second too large: steps grow until training diverges.",
        (
            Edit("network.backward", DW, f'memory.add(("W", len(gradients)), {DW})'),
            Edit("network.backward", DB, f'memory.add(("b", len(gradients)), {DB})'),
        ),
        seen=(
            Seen(
                "micrograd, backward() called twice (reported in issue 53)",
                "https://github.com/karpathy/micrograd/issues/53",
            ),
        ),
    ),
]

AROUND = [
    Slip(
        "not_divided_by_two_h",
        "The central difference is divided by h instead of 2h.",
        "The forward difference has h, and the points were moved without the denominator.",
        "The check reports a gradient twice the true one and accuses correct code.",
        (Edit("gradient_check.central_difference", "(2 * h)", "h"),),
        codes=("M35",),
    ),
    Slip(
        "forward_difference",
        "A one-sided difference is used where a central one is meant.",
        "It is the definition of the derivative, and needs one evaluation less.",
        "The check agrees to about five digits only: its error shrinks like h, not like h².",
        (
            Edit(
                "gradient_check.central_difference",
                "(f(w + nudge) - f(w - nudge)) / (2 * h)",
                "(f(w + nudge) - f(w)) / h",
            ),
        ),
        codes=("M36",),
    ),
    Slip(
        "fan_out_for_fan_in",
        "He initialisation is scaled by the number of outputs instead of inputs.",
        "W has shape (n_out, n_in), and the first of the two is taken.",
        "Nothing shows in square layers; elsewhere activations grow or shrink from layer to layer.",
        (Edit("initializers.he", "shape[1]", "shape[0]"),),
        codes=("M37",),
    ),
    Slip(
        "half_lost_to_relu_ignored",
        "ReLU layers are initialised with variance 1/n instead of 2/n.",
        "1/n is right for a linear layer; ReLU throws half of the variance away.",
        "Activations shrink by √2 a layer: by a thousand in twenty layers.",
        (Edit("initializers.he", "np.sqrt(2 / n_in)", "np.sqrt(1 / n_in)"),),
        codes=("M38",),
    ),
]

SLIPS: dict[str, Slip] = {
    slip.id: slip
    for slip in [
        *FORWARD,
        *LOSS,
        *OUTPUT_ERROR,
        *ERROR,
        *GRADIENTS,
        *BATCH,
        *UPDATE,
        *TRAINING,
        *AROUND,
    ]
}
