"""The gateway of the gateway's tests with one channel switched on, and the worker's end of it run by hand."""

from contextlib import closing

import pytest

from tests.channels.desk import Desk
from tests.channels.people import PEOPLE
from tests.gateway.conftest import (  # noqa: F401 - fixtures
    database,
    ending,
    environ,
    known,
    later_rasa,
    migrated_file,
    rasa,
    start,
)
from tests.running import ROOT


@pytest.fixture
def domain():
    """The product's own, for what the channels say themselves."""
    return ROOT / "domain.yml"


@pytest.fixture(params=list(PEOPLE))
def channel(request):
    """Every channel in turn; a test about one says so by parametrizing it."""
    return request.param


@pytest.fixture
def provider(channel):
    with closing(PEOPLE[channel].STAND_IN()) as stand_in:
        yield stand_in
        assert stand_in.wrong == []


@pytest.fixture
def shop():
    return "inkwell"


@pytest.fixture
def ada(channel, provider, shop):
    return PEOPLE[channel](provider, shop)


@pytest.fixture
def desk(start, environ, database, ada, tmp_path):  # noqa: F811
    return Desk(start, environ, database, ada, tmp_path)


@pytest.fixture
def asks(rasa):  # noqa: F811
    """Lets the bot ask something with choices, whatever is said."""

    def asking(text="Which shall it be?", labels=("Send it back", "Exchange it")):
        buttons = [{"title": label, "payload": f'/inform{{"n": {n}}}'} for n, label in enumerate(labels, start=1)]
        rasa.says({"text": text, "buttons": buttons, "custom": {"v": 1, "kind": "question", "asks": "goal"}})

    return asking
