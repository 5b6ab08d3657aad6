"""What the book's code costs beside what a reader would pick instead.

`python -m benchmarks` runs the parts of `PARTS` in `__main__` and keeps what they find in
`results.json`, which the page *How fast* reads. The modules `diagnose`, `explorers` and `player`
measure one thing each and are run by their own names.
"""
