"""From a letter in words to a message on the wire."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from casework.letters import Rendered
from casework.letters.contents import one_line
from order_store import Letter, normalise_email
from worker.mail import Mail, NotDelivered, Refused


def compose(letter: Letter, rendered: Rendered, sender: str | None) -> Mail:
    """The message, the same at every try: Message-ID and date are those of the moment it was queued.

    From `sender`, else from the shop's own contact address; answers go to the shop. Raises Refused where the
    recipient has no address, NotDelivered where nobody has said whom it is from.
    """
    shop_address = letter.shop.contact.get("email")
    from_address = sender or shop_address
    if from_address is None:
        raise NotDelivered(
            "no_sender", f"shop {letter.shop_key} has no contact e-mail: add one, or set AFTERCARE_MAIL_FROM"
        )
    told = letter.customer.email if letter.customer else letter.address
    to_address = normalise_email(told or "")
    if to_address is None:
        raise Refused("no_recipient", "there is no e-mail address to send it to")
    name = letter.customer.name if letter.customer else None
    sent_from, to = _address(letter.shop.name, from_address), _address(name, to_address)
    answered_to = _address(letter.shop.name, shop_address) if shop_address else None
    international = not all(each.addr_spec.isascii() for each in (sent_from, to, answered_to) if each)
    message = EmailMessage(policy=SMTPUTF8 if international else SMTP)
    message["From"] = sent_from
    message["To"] = to
    if answered_to is not None:
        message["Reply-To"] = answered_to
    message["Subject"] = rendered.subject
    message["Date"] = format_datetime(letter.queued_at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    # Quoted-printable leaves nothing but ASCII in short lines: every server passes it on as it is.
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    for each in rendered.attachments:
        main, _, sub = each.kind.partition("/")
        parameters = {"charset": "utf-8"} if main == "text" else {}
        message.add_attachment(each.content, maintype=main, subtype=sub, filename=each.name, params=parameters)
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"{letter.message_id[1:17]}={number}")
    return Mail(letter.message_id, sent_from.addr_spec, to.addr_spec, bytes(message), international)


def _address(name: str | None, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise Refused("bad_domain", "the address has a domain that cannot exist") from None
    return Address(one_line(name or ""), local, domain)
