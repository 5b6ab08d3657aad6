"""One module for each kind of program: `run(name)` returns what JSON can hold.

They run in a clean child of the worker, in the root of the project. What a runner imports is
part of what its results depend on, so each imports only what it needs.
"""
