from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.components.cache.server import Server, valkey


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with valkey(tmp_path_factory.mktemp("valkey")) as running:
        yield running
