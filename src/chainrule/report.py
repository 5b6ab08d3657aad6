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
from .suspects import ONE, STATEFUL, Explanation, Factor, Search, computed, factor_between, flat

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


def error(answer: Answer) -> float:
    """The largest relative error of a gradient; infinite where the shape is wrong."""
    return max(wrong for _, wrong, _ in parts(answer))


def parts(answer: Answer) -> list[tuple[str, float, float | None]]:
    """Each gradient in the order of the way back: its name, its error, its ratio to the right one.

    The ratio is missing where it is not the same for all entries.
    """
    found: list[tuple[str, float, float | None]] = []
    assert answer.gradients is not None
    for k in reversed(range(answer.probe.depth)):
        mine, right = answer.gradients[k], answer.probe.right[k]
        for name, m, r in ("db", mine.b, right.b), ("dW", mine.W, right.W):
            found.append((f"{name}[{k}]", relative(m, r), ratio(m, r)))
    return found


def relative(mine: Array, right: Array) -> float:
    if mine.shape != right.shape or not np.isfinite(mine).all():
        return np.inf
    return float(np.abs(mine - right).max() / max(np.abs(right).max(), 1e-300))


def ratio(mine: Array, right: Array) -> float | None:
    if mine.shape != right.shape or not np.isfinite(mine).all() or not right.any():
        return None
    c = float((mine * right).sum() / (right * right).sum())
    return c if np.allclose(mine, c * right, rtol=1e-9, atol=1e-12) else None


def symptoms(answer: Answer) -> list[str]:
    """Which gradient is the first wrong one, how wrong, and what is right before and after."""
    every = parts(answer)
    wrong = [(name, size, factor) for name, size, factor in every if size > 1e-9]
    right = [name for name, size, _ in every if size <= 1e-9]
    name, size, factor = wrong[0]
    k = int(name[3:-1])
    assert answer.gradients is not None
    mine = getattr(answer.gradients[k], name[1])
    expected = getattr(answer.probe.right[k], name[1])
    if mine.shape != expected.shape:
        how = f"it has shape {mine.shape} where {expected.shape} is wanted"
    elif not np.isfinite(mine).all():
        how = "it is not finite"
    elif factor == 0:
        how = "it is zero"
    elif factor is not None:
        how = f"it is exactly {factor:.6g} times the right one"
    else:
        how = f"its relative error is {size:.2g}"
    kind = "weight" if name[1] == "W" else "bias"
    lines = [
        f"The first wrong quantity on the way back is {name}, the {kind} gradient of layer "
        f"{k + 1} of {answer.probe.depth}: {how} (network {answer.probe})."
    ]
    others = [name for name, _, _ in wrong[1:]]
    if others:
        lines.append(f"Also wrong: {', '.join(others)}.")
    if right:
        lines.append(f"Right: {', '.join(right)}.")
    return lines


def trouble(answers: Sequence[Answer]) -> list[str]:
    """What could not be used, once each."""
    lines: list[str] = []
    for answer in answers:
        if answer.trouble:
            line = f"{answer.trouble[0].upper()}{answer.trouble[1:]}\n  passed: {answer.passed}"
            lines.append(line)
    return list(dict.fromkeys(lines))[:1]


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
    what = [] if ok else [*symptoms(main), *trouble(examination.answers)]
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
    c = factor_between(main.gradients, main.probe.right)
    if c and agrees_but_for(main, c):
        found.append(
            f"Everything is exactly {c:.6g} times right. If that is your learning rate, or minus "
            "your learning rate, you return the step and not the gradient."
        )
    if not same_numbers(session[0], session[2]):
        found.append(
            "Called twice with the same numbers, your function gives different ones: "
            "something is kept between calls, or something is random."
        )
    right = [a for a in examination.answers if a.fits and error(a) < 1e-9]
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


def agrees_but_for(answer: Answer, c: float) -> bool:
    return all(
        factor is not None and np.isclose(factor, c, rtol=1e-9) for _, _, factor in parts(answer)
    )


def same_numbers(first: Answer, second: Answer) -> bool:
    if first.gradients is None or second.gradients is None:
        return first.gradients is second.gradients
    return np.array_equal(flat(first.gradients), flat(second.gradients), equal_nan=True)
