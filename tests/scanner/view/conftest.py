"""The same desk at the real service as the memory has."""

from tests.scanner.memory.conftest import app, counter, desk, made_world, service, world

__all__ = ["app", "counter", "desk", "made_world", "service", "world"]
