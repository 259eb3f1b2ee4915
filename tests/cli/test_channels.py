"""`aftercare channels check`: what is on, where its provider delivers to, and what is missing."""

from contextlib import closing

import pytest
from typer.testing import CliRunner

from cli.main import app
from gateway.channels.accounts import APIS, SHOPS, WANTED
from order_store import Database
from tests.casework.orders import open_shops
from tests.channels.people import OnTelegram
from tests.channels.standing_in import TelegramStandIn
from tests.running import ROOT


@pytest.fixture
def check(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", sqlite_database.engine.url.render_as_string())
    monkeypatch.setenv("COLUMNS", "200")
    open_shops(sqlite_database)

    def run(*arguments: str, **variables: str):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(app, ["channels", "check", *arguments])

    return run


def test_without_a_channel_it_says_how_to_switch_one_on(check):
    done = check()
    assert done.exit_code == 0
    assert "set AFTERCARE_TELEGRAM_SHOP to switch it on" in done.output


def test_it_says_what_is_missing_and_shows_no_token(check):
    done = check(AFTERCARE_TELEGRAM_SHOP="quill", AFTERCARE_TELEGRAM_TOKEN="4242:secret")
    assert done.exit_code == 1
    assert "telegram (quill): AFTERCARE_TELEGRAM_SECRET is missing" in done.output
    assert "4242" not in done.output


def test_what_signs_the_address_needs_the_public_one(check):
    names = {f"AFTERCARE_SMS_{name}": "x" for name in ("ACCOUNT_SID", "AUTH_TOKEN", "NUMBER")}
    done = check(AFTERCARE_SMS_SHOP="quill", **names)
    assert "AFTERCARE_PUBLIC_URL is missing" in done.output


def test_a_shop_the_store_does_not_have_is_told(check):
    secrets = {"AFTERCARE_TELEGRAM_TOKEN": "t", "AFTERCARE_TELEGRAM_SECRET": "s"}
    done = check(AFTERCARE_TELEGRAM_SHOP="nowhere", **secrets)
    assert done.exit_code == 1
    assert "no shop of this key" in done.output


def test_several_shops_have_variables_and_addresses_of_their_own(check):
    named = {f"AFTERCARE_TELEGRAM_{what}_QUILL": "x" for what in ("TOKEN", "SECRET")}
    done = check(AFTERCARE_TELEGRAM_SHOP="quill, voltaic", AFTERCARE_PUBLIC_URL="https://help.example.com", **named)
    assert "https://help.example.com/channels/telegram?shop=voltaic" in done.output
    assert "telegram (voltaic): AFTERCARE_TELEGRAM_TOKEN_VOLTAIC is missing" in done.output
    assert "QUILL is missing" not in done.output


@pytest.mark.parametrize(("token", "exit_code"), [(TelegramStandIn.TOKEN, 0), ("another", 1)])
def test_a_provider_is_asked_whether_it_knows_the_token(check, token, exit_code, tmp_path):
    with closing(TelegramStandIn()) as provider:
        variables = OnTelegram(provider, "quill").variables(tmp_path) | {"AFTERCARE_TELEGRAM_TOKEN": token}
        assert check("--ask", **variables).exit_code == exit_code


def test_every_variable_is_documented():
    page = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
    named = {wanted.variable for each in WANTED.values() for wanted in each}
    for variable in {*SHOPS.values(), *named, *(name for name, _ in APIS.values() if name)}:
        assert f"`{variable}`" in page, f"docs/channels.md does not say what {variable} is"
