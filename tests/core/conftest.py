"""Hypothesis as these tests use it: no clock decides whether a test passes."""

from hypothesis import settings

settings.register_profile("hournote", deadline=None)
settings.load_profile("hournote")
