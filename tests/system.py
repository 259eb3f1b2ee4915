"""A pytest plugin: the whole system, started once a run for all tests that talk to it."""

from collections.abc import Iterator

import pytest

from tests.running import System, running


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("system")) as started:
        yield started
