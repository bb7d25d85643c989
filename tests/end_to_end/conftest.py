"""Fixtures of the real-engine tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cloud import warm_host
from tests.cloud.cli import Unavailable, distribution


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A language host whose programs start with the SDKs imported: the value for PULUMI_DEBUG_LANGUAGES."""
    try:
        cli = distribution()
    except Unavailable as reason:
        pytest.fail(str(reason))
    server, host, address = warm_host.start(cli, tmp_path_factory.mktemp("programs"))
    yield address
    server.stop(grace=None)
    host.close()
