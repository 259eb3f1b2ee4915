"""What the environment may say, and what it is told when it says something else."""

import stat

import pytest

from gateway.secret import SecretFileError, kept_secret, key_for
from gateway.settings import Environment, Settings, SettingsError


def test_an_empty_environment_is_production_with_the_defaults(monkeypatch, tmp_path):
    monkeypatch.setattr("gateway.settings.ROOT", tmp_path)
    settings = Settings.from_environment({})
    assert settings.environment is Environment.PRODUCTION
    assert settings.rasa_url == "http://127.0.0.1:5005"
    assert settings.actions_url == "http://127.0.0.1:5055/webhook"
    assert (settings.host, settings.port) == ("0.0.0.0", 8000)
    assert settings.trusted_proxies == ()
    assert (tmp_path / "var" / "secret").exists()


def test_outside_production_it_listens_at_home_only(environ):
    assert Settings.from_environment({**environ, "AFTERCARE_ENV": "demo"}).host == "127.0.0.1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AFTERCARE_ENV", "staging"),
        ("AFTERCARE_DATABASE_URL", "mysql://localhost/x"),
        ("AFTERCARE_RASA_URL", "127.0.0.1:5005"),
        ("AFTERCARE_ACTIONS_URL", "ftp://127.0.0.1/webhook"),
        ("AFTERCARE_TRUSTED_PROXIES", "my-proxy"),
        ("AFTERCARE_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("AFTERCARE_SESSION_HOURS", "0"),
        ("AFTERCARE_SESSION_HOURS", "a day"),
        ("AFTERCARE_TURN_SECONDS", "-5"),
        ("AFTERCARE_TURN_SECONDS", "1.5"),
        ("AFTERCARE_MESSAGES_PER_MINUTE", "²"),
        ("AFTERCARE_CALLS_PER_MINUTE", ""),
        ("AFTERCARE_SESSIONS_PER_MINUTE", "10000000"),
        ("AFTERCARE_PORT", "http"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(environ, name, value):
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({**environ, name: value})


def test_a_secret_that_can_be_guessed_is_refused_in_production_only(environ):
    weak = {**environ, "AFTERCARE_SECRET": "secret"}
    assert Settings.from_environment(weak).secret == b"secret"
    with pytest.raises(SettingsError, match="32 random"):
        Settings.from_environment({**weak, "AFTERCARE_ENV": "production", "AFTERCARE_CLOCK": ""})


def test_no_secret_is_ever_printed(environ):
    printed = repr(Settings.from_environment(environ))
    assert environ["AFTERCARE_SECRET"] not in printed
    assert environ["INKWELL_TOKEN_SECRET"] not in printed


def test_a_secret_is_made_once_and_kept_for_the_owner_alone(tmp_path):
    path = tmp_path / "var" / "secret"
    secret = kept_secret(path)
    assert len(secret) == 64
    assert kept_secret(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_secret_that_was_emptied_is_not_used(tmp_path):
    (tmp_path / "secret").touch()
    with pytest.raises(SecretFileError, match="delete it"):
        kept_secret(tmp_path / "secret")


def test_a_secret_that_cannot_be_kept_says_what_to_do(environ, monkeypatch, tmp_path):
    (tmp_path / "var").touch()
    monkeypatch.setattr("gateway.settings.ROOT", tmp_path)
    with pytest.raises(SettingsError, match="AFTERCARE_SECRET"):
        Settings.from_environment({**environ, "AFTERCARE_SECRET": ""})


def test_each_purpose_has_a_key_of_its_own():
    assert key_for("chat token", b"s") != key_for("client address", b"s")
    assert key_for("chat token", b"s") != key_for("chat token", b"t")
