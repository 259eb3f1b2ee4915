"""What a dispatch says, in the shape of its channel: worked out when it is sent, links and all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from casework.words import Words
from gateway.channels.accounts import Accounts
from gateway.channels.brief import in_few_words
from gateway.channels.choosing import choices_of
from gateway.channels.errors import Refused
from gateway.channels.handover_codes import HandoverCodes
from gateway.channels.leading import links_to
from gateway.channels.shapes import Part, Said, Shape, parts
from gateway.channels.telling import messages_of
from gateway.links import Links
from order_store import Correspondent, Dispatch, Letter, Message

_LISTED = "\u2022"
_CONTINUE_ON = ("page", "email", "telegram", "whatsapp", "messenger", "sms")


class NothingToSay(Exception):  # noqa: N818 - not an error: what it said is gone, or holds no longer
    pass


@dataclass(frozen=True)
class Content:
    """`letter` gives a letter in a few words: its heading, and what it says; None where it holds no longer."""

    words: Words
    links: Links
    codes: HandoverCodes
    accounts: Accounts
    public_url: str
    letter: Callable[[Session, Letter], tuple[str, str] | None]

    def parts(self, session: Session, dispatch: Dispatch, shape: Shape, at: datetime) -> list[Part]:
        """The messages that say it; `at` is machine time. Raises NothingToSay, or Refused where it is too late."""
        match dispatch.holds:
            case {"messages": [*ids], "first": int(first)}:
                if shape.window is not None and at - dispatch.correspondent.heard_at > shape.window:
                    raise Refused("too long after the customer's last message")
                in_full = bool(dispatch.holds.get("in_full"))
                return self._messages(messages_of(session, ids), dispatch.correspondent, first, shape, in_full)
            case {"words": str(name), "values": dict(values)}:
                return parts(shape, [Said(self._words(name, values, dispatch.correspondent))])
            case {"letter": int(letter_id)}:
                return self._letter(session, letter_id, dispatch.correspondent, shape, at)
        raise NothingToSay

    def _messages(
        self, messages: list[Message], to: Correspondent, first: int, shape: Shape, in_full: bool
    ) -> list[Part]:
        said: list[Said] = []
        for message in messages:
            links = self._links_of(message, to)
            # What the parcel needs stands on the slip, which a text message leads to, and in the letter of the RMA.
            brief = to.channel == "sms" and bool(links)
            lines = [line for line in message.text.split("\n") if not (brief and line.startswith(_LISTED))]
            text = "\n".join(filter(None, ["\n".join(lines), *links]))
            said.append(Said(text, choices_of(message), first))
            first += len(message.choices)
        if not any(each.text or each.choices for each in said):
            raise NothingToSay  # emptied, because its customer asked for that
        payloads = [message.custom for message in messages]
        return parts(shape, said if in_full else in_few_words(said, payloads, shape, self.words))

    def _links_of(self, message: Message, to: Correspondent) -> list[str]:
        """The slip and the calendar file as links; a text message has room for the slip alone."""
        if not self.public_url or not message.custom:
            return []
        shown = self.links.shown(message, to.shop_key) or {}
        found = [self.words("channel_slip", url=shown["slip_url"])] if shown.get("slip_url") else []
        if shown.get("calendar_url") and to.channel != "sms":
            found.append(self.words("channel_calendar", url=shown["calendar_url"]))
        return found

    def _words(self, name: str, values: dict[str, object], to: Correspondent) -> str:
        if "handover" not in values:
            return self.words(name, **values)
        code = self.codes.code(int(str(values["handover"])))
        links = links_to(self.accounts, self.public_url, to.shop_key, code)
        lines = [
            self.words(f"channel_on_{each}", url=links[each])
            for each in _CONTINUE_ON
            if each in links and each != to.channel
        ]
        return "\n".join([self.words(name, code=code), *lines])

    def _letter(self, session: Session, letter_id: int, to: Correspondent, shape: Shape, at: datetime) -> list[Part]:
        letter = session.get_one(Letter, letter_id)
        told = self.letter(session, letter)
        if told is None:
            raise NothingToSay
        heading, text = told
        account = self.accounts[to.channel, to.shop_key]
        template = account.get("template")
        if shape.window is not None and at - to.heard_at > shape.window and template:
            return [Part(heading, template=(template, heading))]
        return parts(shape, [Said(f"{heading}\n\n{text}")])


def may_write(to: Correspondent, shape: Shape, accounts: Accounts, at: datetime) -> bool:
    """Whether the channel lets us write to them of our own accord at `at` (machine time)."""
    account = accounts.get((to.channel, to.shop_key))
    if account is None or to.channel == "email":
        return False  # an e-mail of our own accord is a letter
    return shape.window is None or at - to.heard_at <= shape.window or account.get("template") is not None
