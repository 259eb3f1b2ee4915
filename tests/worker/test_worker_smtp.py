"""How letters are handed over: by whom, encrypted, logged in, and no line of them taken for a command."""

import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.worker.mail_server import MailServer
from worker.mail import Mail, NotDelivered, Refused
from worker.smtp import Encryption, SmtpMailbox, SmtpPatience, SmtpServer

LETTER = (
    b"Message-ID: <1@example.com>\r\nSubject: dots\r\n\r\n"
    b".\r\n.begins with a dot\r\nends.\r\nMAIL FROM:<x@example.com>\r\n"
)
MAIL = Mail("<1@example.com>", "shop@example.com", "ada@example.com", LETTER)


def nothing() -> None:
    """No gate."""


def mailbox(server: MailServer, encryption: Encryption = "none", password: str | None = None) -> SmtpMailbox:
    known = SmtpServer("localhost", server.port, encryption, "ada@shop" if password else None, password)
    return SmtpMailbox(known, SmtpPatience(to_talk=5, for_the_yes=5))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for localhost that nobody trusts who is not told to."""
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    made = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
        " -addext subjectAltName=DNS:localhost"
    )
    subprocess.run([*made.split(), "-keyout", file, "-out", file.with_suffix(".crt")], check=True, capture_output=True)
    with file.open("ab") as both:
        both.write(file.with_suffix(".crt").read_bytes())
    return file


@pytest.fixture
def encrypting(certificate: Path) -> Callable[[], ssl.SSLContext]:
    def context() -> ssl.SSLContext:
        made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        made.load_cert_chain(certificate)
        return made

    return context


def test_a_letter_arrives_byte_for_byte_dots_included(mail_server: MailServer) -> None:
    mailbox(mail_server).deliver(MAIL, nothing)
    (taken,) = mail_server.taken
    assert (taken.sender, taken.recipients) == ("shop@example.com", ["ada@example.com"])
    assert taken.message.get_payload() == LETTER.partition(b"\r\n\r\n")[2].decode()


def test_a_gate_that_is_closed_keeps_the_letter_from_being_ended(mail_server: MailServer) -> None:
    def closed() -> None:
        raise NotDelivered("stopping", "no more")

    with pytest.raises(NotDelivered, match="no more"):
        mailbox(mail_server).deliver(MAIL, closed)
    assert mail_server.reached["data"].is_set()
    assert mail_server.taken == []


def test_a_connection_the_server_has_closed_meanwhile_is_made_anew(mail_server: MailServer) -> None:
    box = mailbox(mail_server)
    for answer in ("421 closing, too long idle", "drop"):
        box.deliver(MAIL, nothing)
        mail_server.answers["mail"].append(answer)
        box.deliver(MAIL, nothing)
    assert len(mail_server.taken) == 4
    assert mail_server.connections == 3


def test_a_conversation_that_drags_on_is_ended(mail_server: MailServer) -> None:
    mail_server.answers["rcpt"].append("hang")
    box = SmtpMailbox(SmtpServer("localhost", mail_server.port, "none"), SmtpPatience(0.3, 0.3))
    with pytest.raises(NotDelivered):
        box.deliver(MAIL, nothing)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # the server's own, over TLS as it is
@pytest.mark.parametrize("encryption", ["starttls", "implicit"])
def test_over_tls_a_trusted_server_is_logged_in_to(
    certificate: Path,
    encrypting: Callable[[], ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
    encryption: Encryption,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    if encryption == "implicit":
        server = MailServer(implicit=encrypting(), auth_require_tls=False)
    else:
        server = MailServer(tls_context=encrypting(), require_starttls=True)
    server._how |= {"authenticator": server.authenticate, "auth_required": True}
    with server.listening():
        mailbox(server, encryption, "p@ss:word").deliver(MAIL, nothing)
        with pytest.raises(NotDelivered, match="535"):
            mailbox(server, encryption, "wrong").deliver(MAIL, nothing)
    assert len(server.taken) == 1
    assert set(server.logins) == {"ada@shop"}


@pytest.mark.parametrize("encryption", ["starttls", "implicit"])
def test_a_certificate_nobody_vouches_for_is_not_spoken_to(
    encrypting: Callable[[], ssl.SSLContext], encryption: Encryption
) -> None:
    how = {"implicit": encrypting()} if encryption == "implicit" else {"tls_context": encrypting()}
    server = MailServer(**how)
    with server.listening(), pytest.raises(NotDelivered, match="CERTIFICATE_VERIFY_FAILED"):
        mailbox(server, encryption).deliver(MAIL, nothing)
    assert server.taken == []


def test_a_server_without_encryption_gets_neither_password_nor_letter(mail_server: MailServer) -> None:
    with pytest.raises(NotDelivered, match="STARTTLS"):
        mailbox(mail_server, "starttls", "p@ss:word").deliver(MAIL, nothing)
    assert (mail_server.taken, mail_server.logins) == ([], [])


def test_an_address_beyond_ascii_goes_to_servers_that_take_one() -> None:
    letter = Mail("<1@example.com>", "shop@example.com", "jürgen@example.com", LETTER, international=True)
    with MailServer().listening() as server:
        mailbox(server).deliver(letter, nothing)
    assert server.taken[0].recipients == ["jürgen@example.com"]
    with MailServer(enable_SMTPUTF8=False).listening() as server, pytest.raises(Refused, match="beyond ASCII"):
        mailbox(server).deliver(letter, nothing)
