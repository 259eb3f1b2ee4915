"""What the worker's environment may say, and what is answered to the rest."""

from pathlib import Path

import pytest

from order_store.location import PROJECT_ROOT
from worker.folder import FolderMailbox
from worker.settings import Settings, SettingsError
from worker.smtp import SmtpMailbox, SmtpServer


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"AFTERCARE_DATABASE_URL": f"sqlite:///{tmp_path / 'store.db'}"}


def test_without_a_setting_letters_become_files_below_var(environment: dict[str, str]) -> None:
    settings = Settings.from_environment(environment)
    box = settings.mailbox()
    assert isinstance(box, FolderMailbox)
    assert box.folder == PROJECT_ROOT / "var" / "mail"
    assert (settings.tries, settings.sender, settings.public_url, settings.ready_file) == (16, None, None, None)


def test_at_home_the_chat_is_found_at_home(environment: dict[str, str]) -> None:
    demo = environment | {"AFTERCARE_ENV": "demo"}
    assert Settings.from_environment(demo).public_url == "http://localhost:8000"
    assert Settings.from_environment(demo | {"AFTERCARE_PORT": "8010"}).public_url == "http://localhost:8010"
    told = demo | {"AFTERCARE_PUBLIC_URL": "https://chat.example.com/help/"}
    assert Settings.from_environment(told).public_url == "https://chat.example.com/help"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", SmtpServer("mail.example.com", 587, "starttls")),
        ("smtp://mail.example.com:2525?starttls", SmtpServer("mail.example.com", 2525, "starttls")),
        ("smtps://mail.example.com", SmtpServer("mail.example.com", 465, "implicit")),
        ("smtp://127.0.0.1:2525?tls=none", SmtpServer("127.0.0.1", 2525, "none")),
        ("smtp://relay.example.com?tls=none", SmtpServer("relay.example.com", 25, "none")),
        (
            "smtp://ada%40shop:p%40ss%3Aword%2F@mail.example.com/",
            SmtpServer("mail.example.com", 587, "starttls", "ada@shop", "p@ss:word/"),
        ),
        ("smtp://ada:word@localhost?tls=none", SmtpServer("localhost", 25, "none", "ada", "word")),
    ],
)
def test_a_mail_server_is_told_as_a_url(environment: dict[str, str], url: str, server: SmtpServer) -> None:
    settings = Settings.from_environment(environment | {"AFTERCARE_SMTP_URL": url})
    assert settings.server == server
    assert isinstance(settings.mailbox(), SmtpMailbox)
    assert "word" not in settings.mailbox().name + repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "answer"),
    [
        ("AFTERCARE_SMTP_URL", "mail.example.com:587", "write smtp://user:password@"),
        ("AFTERCARE_SMTP_URL", "http://mail.example.com", "write smtp://user:password@"),
        ("AFTERCARE_SMTP_URL", "smtp://mail.example.com:many", "write smtp://user:password@"),
        ("AFTERCARE_SMTP_URL", "smtp://mail.example.com/inbox", "write smtp://user:password@"),
        ("AFTERCARE_SMTP_URL", "smtp://mail.example.com?tls=perhaps", "only tls=none is known"),
        ("AFTERCARE_SMTP_URL", "smtps://mail.example.com?tls=none", "only tls=none is known"),
        ("AFTERCARE_SMTP_URL", "smtp://ada:word@mail.example.com?tls=none", "anybody on the way can read the password"),
        ("AFTERCARE_SMTP_SECONDS", "0", "AFTERCARE_SMTP_SECONDS is '0'; write a whole number from 1 to 1000"),
        ("AFTERCARE_MAIL_TRIES", "many", "AFTERCARE_MAIL_TRIES is 'many'"),
        ("AFTERCARE_MAIL_FROM", "Shop <a@example.com>", "write a bare address such as service@example.com"),
        ("AFTERCARE_PUBLIC_URL", "chat.example.com", "write an address such as https://chat.example.com"),
        ("AFTERCARE_DATABASE_URL", "nonsense", "sqlite:///path/to/file.db"),
    ],
)
def test_what_cannot_be_used_is_answered_with_what_can_and_never_with_the_password(
    environment: dict[str, str], name: str, value: str, answer: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(environment | {name: value})
    assert answer in str(refused.value)
    assert "ada:word" not in str(refused.value)
