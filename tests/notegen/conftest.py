from pathlib import Path

import pytest
from hypothesis import settings

from notegen.compose import compose
from tests.notegen import workshop

settings.register_profile("notegen", max_examples=60, deadline=None)
settings.load_profile("notegen")


@pytest.fixture(scope="session")
def designs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workshop.write_designs(tmp_path_factory.mktemp("art") / "designs")


@pytest.fixture(scope="session")
def job(tmp_path_factory: pytest.TempPathFactory, designs: Path) -> Path:
    """Thirty notes in bundles of five."""
    return workshop.write_job(tmp_path_factory.mktemp("job") / "CWL26-001.job.zip", designs)


@pytest.fixture(scope="session")
def composed(tmp_path_factory: pytest.TempPathFactory, job: Path) -> Path:
    """The thirty notes on SRA3, composed once; a test that changes the folder takes a copy."""
    out = tmp_path_factory.mktemp("composed") / "out"
    compose(job, out)
    return out
