"""Every script in played/ is a conversation that has to go as written."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.running import System

from .over_http import HttpConversation
from .player import play
from .scripts import every_script
from .vouching import customer_token


@pytest.fixture(scope="module")
def client(system: System) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=system.url, timeout=40) as client:
        yield client


@pytest.mark.parametrize("script", every_script())
def test_the_conversation_goes_as_written(script: dict[str, Any], system: System, client: httpx.Client) -> None:
    token = customer_token(script)
    play(script, lambda address: HttpConversation(client, script["shop"], address, token), system)
