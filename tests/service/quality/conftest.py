from __future__ import annotations

import pytest

from tests.service.conftest import House
from tests.service.quality.world import World, build_world


@pytest.fixture
def world(house: House) -> World:
    """A world on both databases."""
    return build_world(house)


@pytest.fixture
def sqlite_world(sqlite_house: House) -> World:
    """A world on SQLite."""
    return build_world(sqlite_house)
