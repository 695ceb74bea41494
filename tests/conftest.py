"""What all tests share: a cache of their own, and how a missing tool is dealt with."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from builders import SMALL_CAMPAIGN, make_folder
from commands import ledgergen

pytest_plugins = ["mail_fixtures"]

settings.register_profile("suite", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", deadline=None, max_examples=3000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("soak" if os.environ.get("LEDGERGEN_SOAK") else "suite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the whole of the big loops to ``make soak``."""
    if not os.environ.get("LEDGERGEN_SOAK"):
        for item in items:
            if "soak" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="a big loop: make soak"))
    del config


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's cache folder out of it."""
    monkeypatch.setenv("LEDGERGEN_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """Make the small campaign: three units, three tasks."""
    return make_folder(tmp_path / "campaign", SMALL_CAMPAIGN)


@pytest.fixture
def issued_campaign(campaign: Path) -> Path:
    """Make the small campaign with its ledgers issued."""
    assert ledgergen("generate", at=campaign).code == 0
    return campaign


def need(tool: str) -> str:
    """Give the path of a program; without it skip the test with the reason, or fail under CI."""
    found = shutil.which(tool)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{tool} is missing; tests/prepare.py should have got it")
        pytest.skip(f"{tool} is not installed")
    return found
