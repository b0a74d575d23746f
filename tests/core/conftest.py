"""Hypothesis as these tests use it: no clock decides whether a test passes."""

from hypothesis import HealthCheck, settings

settings.register_profile("hournote", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hournote")
