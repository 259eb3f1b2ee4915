"""Signed links to what is printed or saved: an RMA's slip, and calendar files.

A link is worked out anew each time its message is shown, from what is stored of the message and nothing else, so a
message sent twice shows the same link twice, and no link that opens anything lies in the store. It says which
shop's paper it opens, and until when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from jwt.types import Options

from gateway.problems import ApiError, ProblemKind
from gateway.secret import key_for
from order_store import Message, normalise_number

SLIPS = "/api/v1/slips"
CALENDARS = "/api/v1/calendars"

PRINTABLE = timedelta(days=30)
"""How long a link holds where no day ends it sooner or later."""

LONGEST = timedelta(days=90)
"""A warranty may run for years; whoever needs the slip by then asks the chat again and gets a new link."""

_ALGORITHM = "HS256"
_TIMES_UNCHECKED = Options(verify_exp=False, verify_iat=False, verify_nbf=False, verify_aud=False)


@dataclass(frozen=True)
class SlipLink:
    """The slip of the RMA `number` of `shop` (its key)."""

    shop: str
    number: str


@dataclass(frozen=True)
class CalendarLink:
    """The days of a message: of the RMA `number`, or of the verdict in the message `message_id`."""

    shop: str
    number: str | None = None
    message_id: int | None = None


class Links:
    """Makes and reads links; `public_url` is what they start with ("": a page puts its own origin before them)."""

    def __init__(self, secret: bytes, public_url: str) -> None:
        self._slip_key = key_for("slip link", secret)
        self._calendar_key = key_for("calendar link", secret)
        self._public_url = public_url

    def shown(self, message: Message, shop: str) -> dict[str, Any] | None:
        """The payload of a message of `shop` (its key) as it is shown: with `slip_url` and `calendar_url`."""
        custom = message.custom
        if custom is None:
            return None
        match custom:
            case {"kind": "rma", "number": str(number)} if normalise_number(number, "rma") == number:
                return {**custom, **self._of_rma(number, _instant(custom.get("return_by")), shop, message.at)}
            case {"kind": "rma"}:
                return {**custom, "slip_url": None, "calendar_url": None}
            case {"kind": "verdict"}:
                claims = {"shop": shop, "message": message.id}
                url = self._calendar(claims, message.at + PRINTABLE) if _days_to_come(custom, message.at) else None
                return {**custom, "calendar_url": url}
        return custom

    def _of_rma(self, number: str, return_by: datetime | None, shop: str, at: datetime) -> dict[str, str | None]:
        """A link holds to the day the parcel has to be sent, where that is still to come."""
        sent_already = return_by is None or return_by <= at
        until = at + PRINTABLE if sent_already or return_by is None else min(return_by, at + LONGEST)
        claims = {"shop": shop, "rma": number}
        return {
            "slip_url": f"{self._public_url}{SLIPS}/{_signed(claims, until, self._slip_key)}",
            "calendar_url": None if sent_already else self._calendar(claims, until),
        }

    def _calendar(self, claims: Mapping[str, Any], until: datetime) -> str:
        return f"{self._public_url}{CALENDARS}/{_signed(claims, until, self._calendar_key)}"

    def slip(self, token: str, now: datetime) -> SlipLink:
        """What a slip's link opens. Raises ApiError 404 for one that is not ours or holds no longer at `now`."""
        match _claims(token, self._slip_key, now):
            case {"shop": str(shop), "rma": str(number)}:
                return SlipLink(shop, number)
        raise nothing_here()

    def calendar(self, token: str, now: datetime) -> CalendarLink:
        """What a calendar's link opens. Raises ApiError 404 for one that is not ours or holds no longer at `now`."""
        match _claims(token, self._calendar_key, now):
            case {"shop": str(shop), "rma": str(number)}:
                return CalendarLink(shop, number=number)
            case {"shop": str(shop), "message": int(message_id)}:
                return CalendarLink(shop, message_id=message_id)
        raise nothing_here()


def nothing_here() -> ApiError:
    """The one answer to a link that is wrong, that has expired, or whose paper is gone."""
    return ApiError(ProblemKind.NOT_FOUND, "this link opens nothing, or no longer: ask in the chat for a new one")


def _signed(claims: Mapping[str, Any], until: datetime, key: bytes) -> str:
    return jwt.encode({**claims, "exp": int(until.timestamp())}, key, algorithm=_ALGORITHM)


def _claims(token: str, key: bytes, now: datetime) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(token, key, algorithms=[_ALGORITHM], options=_TIMES_UNCHECKED)
        expires_at = datetime.fromtimestamp(claims["exp"], UTC)
    except (jwt.InvalidTokenError, ValueError, KeyError):
        raise nothing_here() from None
    return claims if now < expires_at else {}


def _instant(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _days_to_come(custom: Mapping[str, Any], at: datetime) -> bool:
    """Whether a verdict names a day that is not over, wherever its shop is."""
    yesterday = (at - timedelta(days=1)).date().isoformat()
    return any(str(each.get("last_day") or "") >= yesterday for each in custom.get("dates") or ())
