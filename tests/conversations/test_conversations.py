"""Every script in played/ is a conversation that has to go as written."""

from typing import Any

import httpx
import pytest

from tests.running import System

from .player import HttpConversation, play
from .scripts import every_script


@pytest.mark.parametrize("script", every_script())
def test_the_conversation_goes_as_written(script: dict[str, Any], system: System) -> None:
    with httpx.Client(base_url=system.url, timeout=40) as client:
        play(script, lambda address: HttpConversation(client, script["shop"], address), system)
