"""The networks of the examples, without what the examples print."""

from contextlib import redirect_stdout

with redirect_stdout(None):
    from docs.examples import demo as demo
    from docs.examples import mazur as mazur
    from docs.examples import two_three_two as two_three_two
