"""Reports: what the doctor found, in words.

A report says which number is the first wrong one on the way back, by how much, which slip
gives exactly these numbers, what to change, and what was ruled out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .activations import Array
from .catalogue import SLIPS, Edit, Slip
from .probes import Answer, Examination, Setting
from .suspects import ONE, STATEFUL, Explanation, Factor, Search, computed, flat, same

VISIBLE = 1e-9  # a relative error that rounding does not make
Kind = Literal["slip", "convention", "exception", "form", "unknown"]

IN_LAYERS = {
    "all": "in every layer",
    "hidden": "in the hidden layers",
    "output": "in the output layer",
}
FACTORS_IN_WORDS = {
    "sum_for_mean": "you sum over the batch where the mean was announced",
    "mean_for_sum": "you divide by the batch size once more than was announced",
    "half_forgotten": "there is a 2 that the loss announced does not have",
    "two_forgotten": "there is a ½ that the loss announced does not have",
    "sum_over_outputs": "you sum over the outputs where the mean was announced",
    "mean_over_outputs": "you divide by the number of outputs, which was not announced",
}


@dataclass(frozen=True)
class Finding:
    """One thing that is different, and what to do about it.

    `slip` is an id of the catalogue, or empty if no slip is to blame. `layers` says where it
    is made: "all", "hidden", "output", a layer's number from 1, or empty. `confidence` is 1
    where nothing else explains the numbers; of n explanations that give the same numbers, it
    is the share in which this finding occurs.
    """

    slip: str
    layers: str
    confidence: float
    explanation: str
    fix: str
    kind: Kind


@dataclass(frozen=True)
class Report:
    """What was found: `ok` if the gradients are right, up to the convention of a finding.

    The findings come most likely first. `verdict` is the report in a sentence, `symptoms` say
    what is wrong and by how much, `evidence` what was tried.
    """

    ok: bool
    findings: list[Finding]
    verdict: str
    symptoms: list[str]
    evidence: list[str]

    def __str__(self) -> str:
        """The report as a colleague would give it."""
        paragraphs = [self.verdict, "\n".join(self.symptoms)]
        for finding in self.findings:
            fix = "\n".join(f"    {line}" for line in finding.fix.splitlines())
            paragraphs.append(f"{finding.explanation}\n{fix}".rstrip())
        paragraphs.append("\n".join(self.evidence))
        return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


# What is wrong, and by how much


@dataclass(frozen=True, eq=False)
class Part:
    """One gradient of an answer, beside the right one."""

    letter: str
    layer: int
    mine: Array
    right: Array

    def __str__(self) -> str:
        return f"d{self.letter}[{self.layer}]"

    @property
    def comparable(self) -> bool:
        return self.mine.shape == self.right.shape and bool(np.isfinite(self.mine).all())

    @property
    def error(self) -> float:
        """The largest error relative to the largest entry; infinite where shapes differ."""
        if not self.comparable:
            return np.inf
        return float(np.abs(self.mine - self.right).max() / (np.abs(self.right).max() or 1))

    @property
    def ratio(self) -> float | None:
        """The c for which this is c times the right gradient, if there is one."""
        if not self.comparable or not self.right.any():
            return None
        c = float((self.mine * self.right).sum() / (self.right * self.right).sum())
        return c if same(self.mine, c * self.right, VISIBLE) else None

    @property
    def what_is_wrong(self) -> str:
        if self.mine.shape != self.right.shape:
            return f"it has shape {self.mine.shape} where {self.right.shape} is wanted"
        if not self.comparable:
            return "it is not finite"
        if not self.mine.any():
            return "it is zero"
        if self.ratio is not None:
            return f"it is exactly {self.ratio:.6g} times the right one"
        return f"its relative error is {self.error:.2g}"


def parts(answer: Answer) -> list[Part]:
    """The gradients of an answer in the order in which the way back meets them."""
    assert answer.gradients is not None
    return [
        Part(
            letter, k, getattr(answer.gradients[k], letter), getattr(answer.probe.right[k], letter)
        )
        for k in reversed(range(answer.probe.depth))
        for letter in ("b", "W")
    ]


def error(answer: Answer) -> float:
    """The largest relative error of a gradient; infinite where a shape is wrong."""
    return max(part.error for part in parts(answer))


def symptoms(answer: Answer) -> list[str]:
    """Which gradient is the first wrong one, what is wrong with it, and how the others are."""
    wrong = [part for part in parts(answer) if part.error > VISIBLE]
    right = [part for part in parts(answer) if part.error <= VISIBLE]
    if not wrong:
        return ["Every gradient is nearly right, but not to all digits."]
    first, *others = wrong
    kind = "weight" if first.letter == "W" else "bias"
    lines = [
        f"The first wrong quantity on the way back is {first}, the {kind} gradient of layer "
        f"{first.layer + 1} of {answer.probe.depth}: {first.what_is_wrong} "
        f"(network {answer.probe})."
    ]
    if others:
        lines.append(f"Also wrong: {', '.join(map(str, others))}.")
    if right:
        lines.append(f"Right: {', '.join(map(str, right))}.")
    return lines


def first_trouble(answers: Sequence[Answer]) -> list[str]:
    """The first answer that could not be used, if there is one, with what was passed."""
    for answer in answers:
        if answer.trouble:
            return [f"{answer.trouble[0].upper()}{answer.trouble[1:]}\n  passed: {answer.passed}"]
    return []


def notes(examination: Examination) -> list[str]:
    """What is worth knowing, though it is no mistake in the gradient."""
    lines: list[str] = []
    if examination.off_depth:
        depths = sorted({answer.probe.depth for answer in examination.off_depth})
        lines.append(
            f"Your function is not made for {' or '.join(map(str, depths))} layers, "
            "so it was not judged there."
        )
    changed = Counter(name for answer in examination.answers for name in answer.changed)
    if changed:
        lines.append(
            f"Your function changes what it is given ({', '.join(changed)}) while it runs: "
            "a gradient is taken at the numbers given, so leave the update to whoever calls."
        )
    return lines


# The reports


def success(examination: Examination) -> Report:
    """The gradients are right."""
    worst = max(error(answer) for answer in examination.answers)
    tried = list(dict.fromkeys(str(answer.probe) for answer in examination.answers))
    digits = "to all digits" if worst < 1e-11 else f"to a relative error of {worst:.1g}"
    evidence = [f"They agree with the reference {digits} on {', '.join(tried)}."]
    return Report(True, [], "Your gradients are right.", [], [*evidence, *notes(examination)])


def unusable(examination: Examination) -> Report:
    """The function could not be judged at all."""
    answer = examination.answers[0]
    finding = finding_of_trouble(answer)
    return Report(False, [finding], "Your function could not be judged.", [], [])


def unfinished(examination: Examination, raised: Sequence[Answer]) -> Report:
    """The gradients are right wherever there are any, but not everywhere are there any."""
    right = dict.fromkeys(str(a.probe) for a in examination.answers if a.gradients is not None)
    evidence = [f"Where it ran it is right: {', '.join(right)}.", *notes(examination)]
    findings = [finding_of_trouble(raised[0])]
    return Report(False, findings, "Your function could not be judged everywhere.", [], evidence)


def finding_of_trouble(answer: Answer) -> Finding:
    what = "raised an exception" if answer.kind == "exception" else "has another form"
    explanation = f"Your function {what}: {answer.trouble}."
    fix = f"It was called with {answer.passed}."
    kind: Kind = "exception" if answer.kind == "exception" else "form"
    return Finding("", "", 1.0, explanation, fix, kind)


def explained(examination: Examination, main: Answer, found: Search, left: list[Answer]) -> Report:
    """Slips or conventions give the numbers; `left` are answers that they do not account for."""
    counted: dict[tuple[str, str], list[Explanation]] = {}
    for explanation in found.explanations:
        for name in explanation.names:
            slip, _, place = name.partition("@")
            counted.setdefault((slip, place or SLIPS[slip].where), []).append(explanation)
    share = 1 / len(found.explanations)
    findings = [
        finding_of_slip(SLIPS[slip], place, main, explanations, share * len(explanations))
        for (slip, place), explanations in counted.items()
    ]
    findings.sort(key=lambda finding: finding.confidence, reverse=True)
    for slip, share in found.explanations[0].factor.slips:
        findings.append(finding_of_factor(slip, share, main))
    findings += [finding_of_trouble(answer) for answer in left[:1]]
    ok = all(finding.kind == "convention" for finding in findings)
    evidence = [*ruled_out(found), *notes(examination)]
    what = [] if ok else [*symptoms(main), *first_trouble(examination.answers)]
    return Report(ok, findings, verdict(ok, findings, found), what, evidence)


def verdict(ok: bool, findings: Sequence[Finding], found: Search) -> str:
    mistakes = [finding for finding in findings if finding.kind == "slip"]
    if ok:
        return "Your gradients are right, but for a convention."
    if len(found.explanations) > 1:
        return "Your gradients are wrong, and more than one explanation gives exactly your numbers."
    if len(mistakes) == 1:
        return "Your gradients are wrong, and one slip explains all of it."
    return f"Your gradients are wrong, and {len(mistakes)} slips together explain all of it."


def finding_of_slip(
    slip: Slip, place: str, main: Answer, explanations: Sequence[Explanation], confidence: float
) -> Finding:
    edit = edit_in_use(slip, main.probe.setting)
    transposed = slip.kind == "convention" and place == slip.where
    where = "" if slip.where == "output" else f", {IN_LAYERS.get(place, f'in layer {place}')}"
    lines = [f"{slip.id}{where}: {slip.statement} {slip.why}"]
    rate = explanations[0].learning_rate
    if slip.needs_learning_rate and rate is not None:
        lines.append(f"The learning rate that leaks in is {rate:.6g}.")
    lines.append(f"{agreement(explanations[0], main)} {slip.symptom}")
    fix = (
        f"where the reference has   {edit.right_line}\nyou compute               {edit.wrong_line}"
    )
    kind: Kind = "convention" if transposed else "slip"
    return Finding(slip.id, place, confidence, "\n".join(lines), fix, kind)


def finding_of_factor(slip: str, factor: Factor, main: Answer) -> Finding:
    meaning = FACTORS_IN_WORDS[slip]
    value = factor.value(main.probe)
    letters = [
        letter
        for letter in ("B is the batch size", "n the number of outputs")
        if letter[0] in str(factor)
    ]
    explained = f" ({', '.join(letters)})" if letters else ""
    explanation = (
        f"Everything is {factor} times what was announced{explained}: {meaning}. "
        "A learning rate that is as many times smaller gives the same training."
    )
    if main.probe.n_out == 2 and (factor.two or factor.outputs):
        explanation += " With two outputs, a 2 and the number of outputs cannot be told apart."
    setting = main.probe.setting
    fix = (
        f"announced: {setting.loss.convention}, {setting.reduction} over the batch\n"
        f"divide by {factor}, which is {value:.6g} with {main.probe}, or announce it"
    )
    return Finding(slip, "all", 1.0, explanation, fix, "convention")


def edit_in_use(slip: Slip, setting: Setting) -> Edit:
    """The edit of a slip that matters for this loss and these activations."""
    used = {f"losses.{setting.loss.df.__name__}"}
    for activation in (setting.activation, setting.output_activation):
        used.add(f"activations.{activation.df.__name__}")
    for edit in slip.edits:
        if edit.function in used or not edit.function.startswith(("losses.", "activations.")):
            return edit
    return slip.edits[0]


def agreement(explanation: Explanation, main: Answer) -> str:
    """To how many digits the explanation gives the numbers of the main answer."""
    expected = computed(explanation.names, main.probe, explanation.learning_rate)
    mine = main.gradients
    kept = any(slip.id == name.partition("@")[0] for slip in STATEFUL for name in explanation.names)
    if expected is None or mine is None or kept or explanation.factor != ONE:
        return "With it the reference gives your numbers."
    difference = np.abs(flat(mine) - flat(expected)).max() / (np.abs(flat(expected)).max() or 1)
    digits = min(16, int(-np.log10(difference + 1e-17)))
    return f"With it the reference gives your numbers to {digits} digits."


def ruled_out(found: Search) -> list[str]:
    """What was tried and does not give the numbers."""
    named = len(found.explanations)
    if found.pairs:
        pairs = f"{found.pairs - named:,} pairs"
        return [f"Ruled out: {found.singles} single slips, counting their places, and {pairs}."]
    return [f"Ruled out: {found.singles - named} other slips, counting their places."]


def mystery(examination: Examination, main: Answer, found: Search, clues: list[str]) -> Report:
    """The numbers are wrong, and nothing in the catalogue gives them."""
    first, *others = symptoms(main)
    explanation = f"Wrong, and no known slip explains it; {first[0].lower()}{first[1:]}"
    findings = [Finding("", "", 0.0, explanation, "\n".join(clues), "unknown")]
    findings += [finding_of_trouble(a) for a in examination.answers if a.gradients is None][:1]
    evidence = [*others, *ruled_out(found), *notes(examination)]
    return Report(False, findings, "Your gradients are wrong.", [], evidence)


def clues(examination: Examination, main: Answer, alone: Search | None) -> list[str]:
    """What the numbers have in common with the right ones, where no slip gives them."""
    found: list[str] = []
    session = examination.session
    ratios = [part.ratio for part in parts(main)]
    c = ratios[0]
    if c and all(ratio is not None and np.isclose(ratio, c, rtol=VISIBLE) for ratio in ratios):
        found.append(
            f"Everything is exactly {c:.6g} times right. If that is your learning rate, or minus "
            "your learning rate, you return the step and not the gradient."
        )
    if not same_numbers(session[0], session[2]):
        found.append(
            "Called twice with the same numbers, your function gives different ones: "
            "something is kept between calls, or something is random."
        )
    right = [a for a in examination.answers if a.fits and error(a) <= VISIBLE]
    if right:
        tried = ", ".join(dict.fromkeys(str(answer.probe) for answer in right))
        found.append(f"It is right on {tried}.")
    if alone is None:
        found.append(
            "With one example at a time it is right: look at how the batch is put together."
        )
    elif alone.explanations:
        named = " and ".join(in_words(name) for name in alone.explanations[0].names)
        found.append(
            f"With one example at a time, {named} gives exactly your numbers; "
            "with a batch, something else is wrong too."
        )
    if 0 < error(main) < 1e-3:
        found.append(
            "So small an error looks like a numerical derivative or low precision, "
            "not like a mistake in the chain rule."
        )
    return found


def in_words(name: str) -> str:
    """A mistake as a report names it: "dropped_input in the hidden layers"."""
    slip, _, place = name.partition("@")
    return f"{slip} {IN_LAYERS.get(place, f'in layer {place}')}"


def same_numbers(first: Answer, second: Answer) -> bool:
    if first.gradients is None or second.gradients is None:
        return first.gradients is second.gradients
    return np.array_equal(flat(first.gradients), flat(second.gradients), equal_nan=True)
