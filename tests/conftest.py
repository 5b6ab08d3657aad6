"""The same inputs every time, and no limit on how slow a busy machine may be."""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")
