"""What the formulas of the book may say beyond TeX: the colours of four roles, and short words."""

MACROS = {
    r"\w": r"\htmlClass{t-weight}{#1}",
    r"\act": r"\htmlClass{t-act}{#1}",
    r"\g": r"\htmlClass{t-grad}{#1}",
    r"\loss": r"\htmlClass{t-loss}{#1}",
    r"\pd": r"\frac{\partial #1}{\partial #2}",
    r"\T": r"\mathsf{T}",  # speech engines read \top as "down tack"
}
